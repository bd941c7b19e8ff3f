package io.triad.net;

import io.triad.Nursery;
import io.triad.TaskStatus;
import io.triad.loop.Loop;
import io.triad.socket.AbstractUnixAddress;
import io.triad.stream.AsyncResource;
import io.triad.stream.ConnectionHandler;
import io.triad.stream.Server;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections, listeners and servers, of TCP and of Unix sockets.
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
   * Connects to a host; see {@link #openTcpStream(String, int, ConnectOptions)}.
   *
   * @param host a name, or an address in numbers
   * @param port 1 to 65535
   * @return the connection
   * @throws io.triad.OsException if all attempts failed
   * @throws IOException if the name is unknown
   * @throws IllegalArgumentException if the port is out of range
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing stays open
   */
  public static SocketStream openTcpStream(String host, int port) throws IOException {
    return openTcpStream(host, port, ConnectOptions.DEFAULT);
  }

  /**
   * Connects to a host. If it has several addresses they compete (happy eyeballs, RFC 8305): the next
   * one is tried when the one before has failed or has not answered for a while, and the first
   * connection wins. The resolver's order counts, but the first address of the other family comes
   * second.
   *
   * @param host a name, or an address in numbers; see {@link io.triad.socket.Names}
   * @param port 1 to 65535
   * @param options how to connect
   * @return the connection
   * @throws io.triad.OsException if all attempts failed. Number and symbol are those of the last
   *     failure; the cause is an {@link io.triad.ExceptionGroup} of all, in the order in which they
   *     happened, even if it is only one (NET-31)
   * @throws io.triad.socket.GaiException if the name is unknown or has no address
   * @throws IOException what a socket factory or resolver of the run throws
   * @throws IllegalArgumentException if the port is out of range
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing stays open
   */
  public static SocketStream openTcpStream(String host, int port, ConnectOptions options)
      throws IOException {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(options, "options");
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port must be 1 to 65535, not " + port);
    }
    return Connecting.connect(host, port, options);
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
   * @param host a name, or an address in numbers, of this machine; null for all interfaces; see {@link
   *     io.triad.socket.Names}
   * @param backlog how many connections may wait to be accepted, 1 or more; clamped to {@link
   *     #MAX_BACKLOG} and by the system (NET-42)
   * @return one listener per address of the host
   * @throws IOException if the port is taken, or not permitted, or the host unknown; nothing stays
   *     open
   * @throws IllegalArgumentException if a number is out of range
   */
  public static List<SocketListener> openTcpListeners(
      int port, @Nullable String host, int backlog) throws IOException {
    return openTcpListeners(port, host, ListenOptions.DEFAULT.withBacklog(backlog));
  }

  /**
   * Opens listeners on a port, for several runs that share it for example:
   *
   * <pre>{@code
   * Triad.runOnEachCore(cores, core -> {
   *   var options = ListenOptions.DEFAULT.withReusePort(true);
   *   Net.serveListeners(Net.openTcpListeners(7777, null, options), handler);
   * });
   * }</pre>
   *
   * @param port 0 to 65535; 0 lets the system choose, for each listener on its own: of runs that are
   *     to share a port, one opens its listeners with 0 and tells the others what came of it
   * @param host a name, or an address in numbers, of this machine; null for all interfaces; see {@link
   *     io.triad.socket.Names}
   * @param options how to set them up
   * @return one listener per address of the host
   * @throws IOException if the port is taken, or not permitted, or the host unknown; nothing stays
   *     open
   * @throws IllegalArgumentException if the port is out of range
   */
  public static List<SocketListener> openTcpListeners(
      int port, @Nullable String host, ListenOptions options) throws IOException {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
    }
    return Listening.open(Loop.requireFiber(), port, host, options);
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

  // ---- Unix sockets ----

  /**
   * Connects to a Unix socket under a path (NET-50).
   *
   * @param path the path, as the system is to have it; relative to the directory of this process
   * @return the connection
   * @throws io.triad.OsException with ENOENT if there is no such file, ECONNREFUSED if nobody listens
   *     there any more, EACCES if it is not permitted, ENAMETOOLONG if the path has more bytes than an
   *     address of this system holds (107 on Linux), or another error of the system (NET-51)
   * @throws IOException what a socket factory of the run throws
   * @throws UnsupportedOperationException if this system has no Unix sockets (NET-52)
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing stays open
   */
  public static SocketStream openUnixSocket(Path path) throws IOException {
    return openUnixSocket(UnixDomainSocketAddress.of(path));
  }

  /**
   * Connects to a Unix socket; see {@link #openUnixSocket(Path)}.
   *
   * @param address its path
   * @return the connection
   * @throws IOException if it fails
   */
  public static SocketStream openUnixSocket(UnixDomainSocketAddress address) throws IOException {
    return UnixSockets.connect(Objects.requireNonNull(address, "address"));
  }

  /**
   * Connects to a Unix socket with an abstract name; see {@link #openUnixSocket(Path)}.
   *
   * @param address its name
   * @return the connection
   * @throws io.triad.OsException with ECONNREFUSED if nobody listens there, or another error
   * @throws IOException what a socket factory of the run throws
   */
  public static SocketStream openUnixSocket(AbstractUnixAddress address) throws IOException {
    return UnixSockets.connect(Objects.requireNonNull(address, "address"));
  }

  /**
   * Listens on a Unix socket under a path, for this user alone; see {@link #openUnixListener(Path,
   * UnixListenOptions)}.
   *
   * @param path the path, relative to the directory of this process
   * @return the listener
   * @throws IOException if it fails; nothing stays open
   */
  public static UnixListener openUnixListener(Path path) throws IOException {
    return openUnixListener(path, UnixListenOptions.DEFAULT);
  }

  /**
   * Listens on a Unix socket under a path. The file has the permissions that were asked for before
   * anybody can connect, whatever the umask. A socket under the path on which nobody listens any more
   * is replaced; to learn that, it is connected to. Of two programs that begin at the same moment where
   * such a socket is left, both may believe so, and the later one has the path: that takes a lock of
   * their own.
   *
   * <p>To replace another listener, alive or not, the path needs room for a name of 7 bytes in the same
   * directory.
   *
   * @param path the path, relative to the directory of this process
   * @param options how to listen
   * @return the listener
   * @throws io.triad.OsException with EADDRINUSE if somebody listens there and is not to be replaced,
   *     ENOENT if there is no such directory, ENAMETOOLONG if the path has more bytes than an address
   *     of this system holds (107 on Linux), or another error of the system
   * @throws java.nio.file.FileAlreadyExistsException if something is there that is not a socket; it is
   *     never replaced
   * @throws IOException if it fails otherwise; nothing stays open, no file stays behind
   * @throws UnsupportedOperationException if this system has no Unix sockets
   * @throws io.triad.Cancelled if a scope around the caller was cancelled before; nothing was done
   */
  public static UnixListener openUnixListener(Path path, UnixListenOptions options)
      throws IOException {
    Objects.requireNonNull(options, "options");
    return UnixSockets.listen(Objects.requireNonNull(path, "path"), options);
  }

  /**
   * Listens on a Unix socket with an abstract name, to which every user may connect.
   *
   * @param address the name
   * @param backlog how many connections may wait to be accepted, 1 or more; clamped by the system
   * @return the listener
   * @throws io.triad.OsException with EADDRINUSE if somebody has the name, or another error
   * @throws IOException what a socket factory of the run throws
   * @throws IllegalArgumentException if the backlog is less than 1
   */
  public static UnixListener openUnixListener(AbstractUnixAddress address, int backlog)
      throws IOException {
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog must be >= 1, not " + backlog);
    }
    return UnixSockets.listen(Objects.requireNonNull(address, "address"), backlog);
  }

  /**
   * Serves connections to a Unix socket under a path: a task for each. Does not return.
   *
   * @param path the path, relative to the directory of this process
   * @param handler what to do with a connection
   * @throws IOException if the listener cannot be opened
   * @throws io.triad.ExceptionGroup if a handler or the accepting of connections fails
   * @throws io.triad.Cancelled when a scope around the caller is cancelled
   */
  public static void serveUnix(Path path, ConnectionHandler<? super SocketStream> handler)
      throws IOException {
    serveUnix(TaskStatus.ignored(), path, UnixListenOptions.DEFAULT, handler);
  }

  /**
   * Serves connections to a Unix socket under a path, and says when it does; for {@link
   * Nursery#start}. Does not return.
   *
   * @param status is given the listener once it takes connections
   * @param path the path, relative to the directory of this process
   * @param options how to listen
   * @param handler what to do with a connection
   * @throws IOException if the listener cannot be opened; see {@link #openUnixListener(Path,
   *     UnixListenOptions)}
   * @throws io.triad.ExceptionGroup if a handler or the accepting of connections fails
   * @throws io.triad.Cancelled when a scope around the caller is cancelled
   */
  public static void serveUnix(
      TaskStatus<UnixListener> status,
      Path path,
      UnixListenOptions options,
      ConnectionHandler<? super SocketStream> handler)
      throws IOException {
    Objects.requireNonNull(handler, "handler");
    UnixListener listener = openUnixListener(path, options);
    new Server<>(List.of(listener), handler).serve(_ -> status.started(listener));
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
