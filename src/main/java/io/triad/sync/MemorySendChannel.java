package io.triad.sync;

import io.triad.BrokenResourceException;
import io.triad.ClosedResourceException;
import io.triad.WouldBlockException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.stream.SendChannel;
import java.util.Objects;

/**
 * The sending end of a {@link MemoryChannel}. Any number of tasks may use it at the same time; for
 * several that end independently, give each a {@link #duplicate}.
 *
 * @param <T> the type of the objects
 */
public final class MemorySendChannel<T> extends MemoryChannelEnd<T>
    implements SendChannel<T> {
  MemorySendChannel(MemoryPipe<T> pipe) {
    super(pipe);
  }

  /**
   * Sends an object; waits while the channel is full. A checkpoint.
   *
   * @param value what to send, not null
   * @throws ClosedResourceException if this end is closed, be it while the caller waits
   * @throws BrokenResourceException if all receiving ends are closed, be it while the caller waits
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was sent then
   * @throws IllegalStateException outside of a task
   */
  @Override
  public void send(T value) throws ClosedResourceException, BrokenResourceException {
    Objects.requireNonNull(value, "value");
    Fiber fiber = Loop.requireFiber();
    fiber.checkpointIfCancelled();
    if (offer(value)) {
      fiber.yieldNow(); // what has happened must not be reported as cancelled (CORE-16)
      return;
    }
    Transfer<T> transfer = new Transfer<>(fiber, this, value);
    await(pipe.senders(), transfer);
    switch (transfer.outcome()) {
      case DONE -> {}
      case CLOSED -> throw closedException();
      case OTHER_SIDE_GONE -> throw brokenException();
    }
  }

  /**
   * Sends an object if that can be done at once; not a checkpoint.
   *
   * @param value what to send, not null
   * @throws WouldBlockException if the channel is full, and nobody waits to receive
   * @throws ClosedResourceException if this end is closed
   * @throws BrokenResourceException if all receiving ends are closed
   */
  public void sendNowait(T value) throws ClosedResourceException, BrokenResourceException {
    if (!offer(Objects.requireNonNull(value, "value"))) {
      throw new WouldBlockException();
    }
  }

  private boolean offer(T value) throws ClosedResourceException, BrokenResourceException {
    checkOpen();
    if (!pipe.hasReceivers()) {
      throw brokenException();
    }
    return pipe.offer(value);
  }

  /**
   * Makes another sending end of the same channel, which is open until it is closed by itself. The
   * name is that of {@link java.nio.ByteBuffer#duplicate} and dup(2), which do the same; {@code
   * clone} belongs to {@link Object}.
   *
   * @return the new end
   * @throws ClosedResourceException if this end is closed
   */
  public MemorySendChannel<T> duplicate() throws ClosedResourceException {
    checkOpen();
    pipe.senderOpened();
    return new MemorySendChannel<>(pipe);
  }

  @Override
  void leave(int waitingHere) {
    pipe.senderClosed(this, waitingHere);
  }

  @Override
  ClosedResourceException closedException() {
    return new ClosedResourceException("this sending end of the channel is closed");
  }

  private static BrokenResourceException brokenException() {
    return new BrokenResourceException("all receiving ends of the channel are closed", null);
  }
}
