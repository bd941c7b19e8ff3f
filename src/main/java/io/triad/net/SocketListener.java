package io.triad.net;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.stream.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * A listening socket. Made by {@link Net#openTcpListeners}.
 *
 * <p>It belongs to the run in which it was opened and is used by its tasks only.
 */
public final class SocketListener implements Listener<SocketStream> {
  /** What accept(2) reports about a connection that came to nothing; not the listener's problem. */
  private static final Set<String> IGNORED =
      Set.of(
          "EPERM", "ECONNABORTED", "EPROTO", "ENETDOWN", "ENOPROTOOPT", "EHOSTDOWN", "ENONET",
          "EHOSTUNREACH", "EOPNOTSUPP", "ENETUNREACH", "ENOSR", "ESOCKTNOSUPPORT",
          "EPROTONOSUPPORT", "ETIMEDOUT", "ECONNRESET");

  private final Loop loop;
  private final int descriptor;
  private final Acceptor acceptor;
  private boolean accepting;
  private boolean closed;

  SocketListener(Loop loop, int descriptor) {
    this.loop = loop;
    this.descriptor = descriptor;
    acceptor = new Acceptor(loop.platform(), loop.engine(), descriptor);
  }

  /**
   * Waits for a connection. Errors of single connections that came to nothing are passed over
   * (NET-18).
   *
   * @return a stream, with the defaults of {@link SocketStream}
   * @throws ClosedResourceException if the listener is closed
   * @throws OsException if the system cannot take connections now, as when this process has no
   *     descriptor left (EMFILE); the listener stays usable (NET-19)
   * @throws BusyResourceException if another task is accepting
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; no connection was lost
   */
  @Override
  public SocketStream accept() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (accepting) {
      throw new BusyResourceException("another task is currently accepting on this SocketListener");
    }
    accepting = true;
    try {
      for (;;) {
        if (closed) {
          fiber.checkpoint();
          throw alreadyClosed();
        }
        int result = acceptor.await(fiber);
        if (result >= 0) {
          return new SocketStream(loop, result);
        }
        if (closed) {
          throw alreadyClosed();
        }
        OsException error = Errors.of(loop.platform(), result, "accept");
        if (Errors.isGone(error)) {
          throw alreadyClosed();
        }
        if (!IGNORED.contains(error.symbol())) {
          throw error;
        }
      }
    } finally {
      accepting = false;
    }
  }

  @Override
  public void pause() {
    loop.requireOwnFiber();
    acceptor.pause();
  }

  private static ClosedResourceException alreadyClosed() {
    return new ClosedResourceException("this listening socket was already closed");
  }

  /**
   * Returns the address it listens on.
   *
   * @return the address and port
   * @throws IOException if the listener is closed
   */
  public InetSocketAddress localAddress() throws IOException {
    loop.requireOwnFiber();
    if (closed) {
      throw alreadyClosed();
    }
    return SocketCalls.address(loop, descriptor, false);
  }

  @Override
  public void close() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (closed) {
      fiber.checkpoint();
      return;
    }
    closed = true;
    acceptor.discard();
    int result = Closing.close(fiber, descriptor, acceptor);
    Errors.checkClose(loop.platform(), result);
    fiber.raiseIfCancelled();
  }

  @Override
  public String toString() {
    return "SocketListener, " + (closed ? "closed" : "descriptor " + descriptor);
  }
}
