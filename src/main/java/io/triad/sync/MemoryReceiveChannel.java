package io.triad.sync;

import io.triad.ClosedResourceException;
import io.triad.EndOfChannelException;
import io.triad.WouldBlockException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.stream.ReceiveChannel;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of a {@link MemoryChannel}. Any number of tasks may use it at the same time, and
 * each object goes to one of them; for several that end independently, give each a {@link #duplicate}.
 *
 * @param <T> the type of the objects
 */
public final class MemoryReceiveChannel<T> extends MemoryChannelEnd<T>
    implements ReceiveChannel<T> {
  MemoryReceiveChannel(MemoryPipe<T> pipe) {
    super(pipe);
  }

  /**
   * Receives an object; waits while the channel is empty. A checkpoint, also where it finds the end.
   *
   * @return the object
   * @throws EndOfChannelException if all sending ends are closed and nothing is left, be it while the
   *     caller waits
   * @throws ClosedResourceException if this end is closed, be it while the caller waits
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was taken then
   * @throws IllegalStateException outside of a task
   */
  @Override
  public T receive() throws EndOfChannelException, ClosedResourceException {
    Fiber fiber = Loop.requireFiber();
    fiber.checkpointIfCancelled();
    T item = poll();
    if (item != null) {
      fiber.yieldNow(); // what has happened must not be reported as cancelled (CORE-16)
      return item;
    }
    if (!pipe.hasSenders()) {
      fiber.yieldNow(); // the step that ends a loop is a checkpoint as well (CORE-12)
      throw new EndOfChannelException();
    }
    Transfer<T> transfer = new Transfer<>(fiber, this, null);
    await(pipe.receivers(), transfer);
    return switch (transfer.outcome()) {
      case DONE -> transfer.item();
      case CLOSED -> throw closedException();
      case OTHER_SIDE_GONE -> throw new EndOfChannelException();
    };
  }

  /**
   * Receives an object if one is there; not a checkpoint.
   *
   * @return the object
   * @throws WouldBlockException if the channel is empty, and nobody waits to send
   * @throws EndOfChannelException if all sending ends are closed and nothing is left
   * @throws ClosedResourceException if this end is closed
   */
  public T receiveNowait() throws EndOfChannelException, ClosedResourceException {
    T item = poll();
    if (item != null) {
      return item;
    }
    if (!pipe.hasSenders()) {
      throw new EndOfChannelException();
    }
    throw new WouldBlockException();
  }

  private @Nullable T poll() throws ClosedResourceException {
    checkOpen();
    return pipe.poll();
  }

  /**
   * Makes another receiving end of the same channel, which is open until it is closed by itself. Each
   * object goes to one of them, not to all. For the name see {@link MemorySendChannel#duplicate}.
   *
   * @return the new end
   * @throws ClosedResourceException if this end is closed
   */
  public MemoryReceiveChannel<T> duplicate() throws ClosedResourceException {
    checkOpen();
    pipe.receiverOpened();
    return new MemoryReceiveChannel<>(pipe);
  }

  @Override
  void leave(int waitingHere) {
    pipe.receiverClosed(this, waitingHere);
  }

  @Override
  ClosedResourceException closedException() {
    return new ClosedResourceException("this receiving end of the channel is closed");
  }
}
