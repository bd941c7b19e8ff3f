package io.triad.testing;

import io.triad.Action;
import io.triad.BrokenResourceException;
import io.triad.ClosedResourceException;
import io.triad.Triad;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.stream.AsyncResource;
import io.triad.stream.ByteStream;
import io.triad.stream.Listener;
import io.triad.stream.StapledStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A listener for tests: its connections are made in memory, by {@link #connect}. With it a server is
 * tested without a network:
 *
 * <pre>{@code
 * var listener = MemoryListener.open();
 * Nursery.open(
 *     nursery -> {
 *       nursery.startSoon(() -> new Server<>(List.of(listener), handler).serve());
 *       try (var client = listener.connect()) {
 *         client.sendAll(request);
 *         assert Arrays.equals(client.receiveSome(), answer);
 *       }
 *       nursery.cancelScope().cancel();
 *     });
 * }</pre>
 *
 * <p>For tasks of one run.
 *
 * @param <S> the type of stream at both ends
 */
public final class MemoryListener<S extends ByteStream> implements Listener<S> {
  private final Supplier<StreamPair<S, S>> maker;
  private final ConflictDetector accepting =
      new ConflictDetector("another task is accepting on this listener");
  private final Deque<S> backlog = new ArrayDeque<>();
  private @Nullable Action<IOException> acceptHook;
  private @Nullable Fiber waiting;
  private boolean closed;

  /**
   * Makes a listener that takes any number of connections of any kind.
   *
   * @param maker makes the two ends of a connection, of which the client gets the first: {@code
   *     LockstepStreams::pair}, for example
   */
  public MemoryListener(Supplier<StreamPair<S, S>> maker) {
    this.maker = maker;
  }

  /**
   * Makes a listener whose connections are {@linkplain MemoryStreams#pair memory streams}.
   *
   * @return the listener
   */
  public static MemoryListener<StapledStream<MemorySendStream, MemoryReceiveStream>> open() {
    return new MemoryListener<>(MemoryStreams::pair);
  }

  /**
   * Returns what {@link #accept} calls first.
   *
   * @return the hook, or null
   */
  public @Nullable Action<IOException> acceptHook() {
    return acceptHook;
  }

  /**
   * Sets what {@code accept} calls before it looks for a connection. By throwing, it makes {@code
   * accept} fail; no connection is lost.
   *
   * @param hook what to call, or null
   */
  public void setAcceptHook(@Nullable Action<IOException> hook) {
    acceptHook = hook;
  }

  /**
   * Makes a connection, which waits until it is accepted; not a checkpoint. The client may send at
   * once.
   *
   * @return the client's end, which the caller owns
   * @throws BrokenResourceException if the listener is closed
   */
  public S connect() throws BrokenResourceException {
    if (closed) {
      throw new BrokenResourceException("the MemoryListener is closed", null);
    }
    StreamPair<S, S> pair = maker.get();
    backlog.add(pair.receiver());
    wake();
    return pair.sender();
  }

  private void wake() {
    Fiber fiber = waiting;
    if (fiber != null) {
      waiting = null;
      fiber.resume();
    }
  }

  @Override
  public S accept() throws IOException {
    try (var _ = accepting.enter()) {
      Fiber fiber = Loop.requireFiber();
      fiber.checkpoint();
      checkClosed();
      MemorySendStream.call(acceptHook);
      checkClosed();
      if (backlog.isEmpty()) {
        waiting = fiber;
        fiber.suspend(
            this,
            () -> {
              waiting = null;
              return true;
            });
        checkClosed();
      }
      return backlog.remove();
    }
  }

  private void checkClosed() throws ClosedResourceException {
    if (closed) {
      throw new ClosedResourceException("this listener has been closed");
    }
  }

  /**
   * Closes the listener, and forcefully what was not accepted: those clients see a connection whose
   * other end is gone. A checkpoint.
   *
   * @throws IOException if closing a connection fails; all are closed nevertheless
   */
  @Override
  public void close() throws IOException {
    closed = true;
    wake();
    List<Throwable> failures = new ArrayList<>();
    while (!backlog.isEmpty()) {
      try {
        AsyncResource.closeForcefully(backlog.remove());
      } catch (Throwable e) { // a Cancelled, too: the others must be closed nevertheless
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      Throwable first = failures.removeFirst();
      failures.stream().filter(more -> more != first).forEach(first::addSuppressed);
      throw Thrown.<IOException>asIs(first);
    }
    Triad.checkpoint();
  }

  @Override
  public String toString() {
    return "MemoryListener, " + (closed ? "closed" : backlog.size() + " not accepted");
  }
}
