package io.triad.net;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.descriptor.Closing;
import io.triad.descriptor.DescriptorCalls;
import io.triad.descriptor.DetachedClose;
import io.triad.descriptor.Errors;
import io.triad.descriptor.SocketAccess;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.lowlevel.Lowlevel;
import io.triad.socket.Socket;
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

  private static final SocketAccess ACCESS = SocketAccess.get();

  private final Socket socket;
  private final Loop loop;
  private final int descriptor;
  private final Acceptor acceptor;
  private boolean accepting;
  private boolean closed;

  /** Whether connections may have the {@link StreamDefaults} from this socket, and if that is known. */
  private boolean handsDefaultsOn;

  private boolean knownWhether;

  /**
   * Makes a listener of a socket that listens, and owns it from now on (NET-21).
   *
   * @param socket a socket of streams, of this run
   * @throws IllegalArgumentException if it is not of streams, or does not listen (NET-17)
   * @throws IOException if it is closed
   */
  public SocketListener(Socket socket) throws IOException {
    this.socket = socket;
    loop = ACCESS.loop(socket);
    loop.requireOwnFiber();
    descriptor = socket.fileno();
    Platform platform = loop.platform();
    if (socket.type() != platform.streamType()) {
      throw new IllegalArgumentException("SocketListener requires a SOCK_STREAM socket");
    }
    int listens = platform.getOption(descriptor, SocketOption.ACCEPTING);
    if (listens == 0) {
      throw new IllegalArgumentException("SocketListener requires a listening socket");
    }
    if (descriptor < 0) {
      throw alreadyClosed();
    }
    ACCESS.setOwner(socket, this::closing);
    ACCESS.settleMode(socket);
    acceptor = new Acceptor(platform, loop.engine(), descriptor);
  }

  /**
   * Makes a listener of a socket that had the {@link StreamDefaults} before it began to listen. Linux
   * and others hand them on to every connection, which saves two calls for each of them.
   */
  static SocketListener handingDefaultsOn(Socket socket) throws IOException {
    var listener = new SocketListener(socket);
    listener.handsDefaultsOn = true;
    return listener;
  }

  /**
   * Returns the socket under this listener.
   *
   * @return the one that the listener was made of
   */
  public Socket socket() {
    return socket;
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
          return streamOf(result);
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

  private SocketStream streamOf(int accepted) {
    if (handsDefaultsOn && !knownWhether) {
      // The first connection shows what this system does.
      handsDefaultsOn = StreamDefaults.areSet(loop.platform(), accepted);
      knownWhether = true;
    }
    Socket connected =
        ACCESS.adopt(loop, accepted, socket.family(), socket.type(), socket.proto());
    return handsDefaultsOn
        ? SocketStream.withDefaultsInherited(connected, loop)
        : new SocketStream(connected, loop);
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
    return DescriptorCalls.address(loop, descriptor, false);
  }

  @Override
  public void close() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (closed) {
      fiber.checkpoint();
      return;
    }
    ACCESS.release(socket);
    closing();
    Lowlevel.notifyClosing(descriptor);
    int result = Closing.close(fiber, descriptor, acceptor);
    Errors.checkClose(loop.platform(), result);
    fiber.raiseIfCancelled();
  }

  /** Closes at once, on the loop but in no task, and wakes who waits. */
  void closeDetached() {
    if (!closed) {
      ACCESS.release(socket);
      closing();
      Lowlevel.notifyClosing(descriptor);
      DetachedClose.closeQuietly(loop, descriptor);
    }
  }

  private void closing() {
    closed = true;
    acceptor.discard();
  }

  @Override
  public String toString() {
    return "SocketListener, " + (closed ? "closed" : "descriptor " + descriptor);
  }
}
