package io.triad.net;

import io.triad.Nursery;
import io.triad.TaskStatus;
import io.triad.loop.Loop;
import io.triad.stream.AsyncResource;
import io.triad.stream.ConnectionHandler;
import io.triad.stream.Server;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens TCP connections, listeners and servers.
 *
 * <pre>{@code
 * Triad.run(() -> Net.serveTcp(7777, stream -> {
 *   while (stream.receive(stream::sendAll)) { }
 * }));
 * }</pre>
 *
 * <p>All methods are for tasks of a run.
 */
public final class Net {
  /** What {@link #openTcpListeners} asks for when no backlog is given, and the most it asks for. */
  public static final int MAX_BACKLOG = 0xFFFF;

  private Net() {}

  /**
   * Connects to a host. A name is looked up on another thread; its addresses are tried one after the
   * other.
   *
   * @param host a name, or an address in numbers
   * @param port 1 to 65535
   * @return the connection
   * @throws io.triad.OsException if the only attempt failed
   * @throws IOException if the name is unknown, or if all attempts failed: what each of them met is a
   *     suppressed exception
   * @throws IllegalArgumentException if the port is out of range
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing stays open
   */
  public static SocketStream openTcpStream(String host, int port) throws IOException {
    Objects.requireNonNull(host, "host");
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port must be 1 to 65535, not " + port);
    }
    return Connecting.connect(Loop.requireFiber(), host, port);
  }

  /**
   * Opens listeners on a port of all interfaces: one for IPv4, one for IPv6.
   *
   * @param port 0 to 65535; 0 lets the system choose, for each listener on its own
   * @return the listeners, at least one
   * @throws IOException if the port is taken, or not permitted; nothing stays open
   */
  public static List<SocketListener> openTcpListeners(int port) throws IOException {
    return openTcpListeners(port, null, MAX_BACKLOG);
  }

  /**
   * Opens listeners on a port.
   *
   * @param port 0 to 65535; 0 lets the system choose, for each listener on its own
   * @param host a name, or an address in numbers, of this machine; null for all interfaces
   * @param backlog how many connections may wait to be accepted, 1 or more; clamped to {@link
   *     #MAX_BACKLOG} and by the system (NET-42)
   * @return one listener per address of the host
   * @throws IOException if the port is taken, or not permitted, or the host unknown; nothing stays
   *     open
   * @throws IllegalArgumentException if a number is out of range
   */
  public static List<SocketListener> openTcpListeners(
      int port, @Nullable String host, int backlog) throws IOException {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
    }
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog must be >= 1, not " + backlog);
    }
    return Listening.open(Loop.requireFiber(), port, host, Math.min(backlog, MAX_BACKLOG));
  }

  /**
   * Serves TCP on a port of all interfaces: a task for each connection. Does not return.
   *
   * @param port 1 to 65535, or 0 if nobody needs to know which
   * @param handler what to do with a connection
   * @throws IOException if the port cannot be opened
   * @throws io.triad.ExceptionGroup if a handler or the accepting of connections fails
   * @throws io.triad.Cancelled when a scope around the caller is cancelled
   */
  public static void serveTcp(int port, ConnectionHandler<? super SocketStream> handler)
      throws IOException {
    serveTcp(TaskStatus.ignored(), port, null, handler);
  }

  /**
   * Serves TCP on a port, and says when it does; for {@link Nursery#start}. Does not return.
   *
   * @param status is given the listeners once they take connections
   * @param port 0 to 65535
   * @param host a name or an address of this machine; null for all interfaces
   * @param handler what to do with a connection
   * @throws IOException if the port cannot be opened
   * @throws io.triad.ExceptionGroup if a handler or the accepting of connections fails
   * @throws io.triad.Cancelled when a scope around the caller is cancelled
   */
  public static void serveTcp(
      TaskStatus<List<SocketListener>> status,
      int port,
      @Nullable String host,
      ConnectionHandler<? super SocketStream> handler)
      throws IOException {
    Objects.requireNonNull(handler, "handler");
    serveListeners(status, openTcpListeners(port, host, MAX_BACKLOG), handler);
  }

  /**
   * Serves connections from listeners, and closes them in the end, whatever the end is. Does not
   * return. A {@link Server} does the same and can be stopped and limited.
   *
   * @param status is given the listeners once they take connections
   * @param listeners where connections come from
   * @param handler what to do with a connection; its stream is closed afterwards, without grace
   * @throws io.triad.ExceptionGroup if a handler or the accepting of connections fails
   * @throws io.triad.Cancelled when a scope around the caller is cancelled
   */
  public static void serveListeners(
      TaskStatus<List<SocketListener>> status,
      List<SocketListener> listeners,
      ConnectionHandler<? super SocketStream> handler) {
    new Server<>(listeners, handler).serve(_ -> status.started(listeners));
  }

  /**
   * Serves connections from listeners; see {@link #serveListeners(TaskStatus, List,
   * ConnectionHandler)}.
   *
   * @param listeners where connections come from
   * @param handler what to do with a connection; its stream is closed afterwards, without grace
   */
  public static void serveListeners(
      List<SocketListener> listeners, ConnectionHandler<? super SocketStream> handler) {
    serveListeners(TaskStatus.ignored(), listeners, handler);
  }

  /** Closes what was opened before something failed; all of it, whatever happens. */
  static void closeAll(List<? extends AsyncResource> resources, Throwable because) {
    for (AsyncResource resource : resources) {
      try {
        AsyncResource.closeForcefully(resource);
      } catch (Throwable e) {
        because.addSuppressed(e);
      }
    }
  }
}
