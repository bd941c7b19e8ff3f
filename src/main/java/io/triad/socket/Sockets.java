package io.triad.socket;

import io.triad.OsException;
import io.triad.descriptor.Errors;
import io.triad.engine.SocketOption;
import io.triad.loop.Fiber;
import io.triad.loop.JdkDescriptors;
import io.triad.loop.Loop;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Socket sockets}: new ones, pairs, and those of descriptors and channels that are open
 * already.
 *
 * <pre>{@code
 * try (Socket socket = Sockets.socket(StandardProtocolFamily.INET, SocketType.DATAGRAM)) {
 *   socket.bind(new InetSocketAddress("127.0.0.1", 5353));
 *   ReceivedFrom received = socket.recvFrom(1500);
 *   socket.sendTo(received.data(), received.address());
 * }
 * }</pre>
 *
 * <p>Children of this process do not inherit new descriptors. All methods are for tasks of a run.
 */
public final class Sockets {
  private static final int NOT_SENT_LOW_WATER_BYTES = 16 * 1024;

  private Sockets() {}

  /** Opens the sockets of a run in place of the system; see {@link Sockets#setSocketFactory}. */
  @FunctionalInterface
  public interface SocketFactory {
    /**
     * Opens a socket; {@link Sockets#systemSocket} does it as it would be done without a factory.
     *
     * @param family AF_INET and so on, as the system numbers them
     * @param type SOCK_STREAM and so on
     * @param protocol its number; 0 for the usual one
     * @return a socket of this run
     * @throws IOException passed on to who asked for the socket
     */
    Socket socket(int family, int type, int protocol) throws IOException;
  }

  // ---- numbers ----

  /**
   * Returns a number that the system's headers give a name (SOCK-01).
   *
   * @param name AF_INET, SOL_SOCKET, SO_ERROR, MSG_PEEK and so on
   * @return the number
   * @throws UnsupportedOperationException if this system has no such constant
   */
  public static int constant(String name) {
    return run().constant(name);
  }

  /**
   * Returns a number that the system's headers give a name, if they do.
   *
   * @param name AF_INET and so on
   * @return the number
   */
  public static OptionalInt findConstant(String name) {
    return run().find(name);
  }

  // ---- new sockets ----

  /**
   * Opens a TCP socket for IPv4.
   *
   * @return the socket, with the options that the system gives it
   * @throws IOException if the system refuses, or what the factory of the run throws
   */
  public static Socket socket() throws IOException {
    return socket(StandardProtocolFamily.INET, SocketType.STREAM);
  }

  /**
   * Opens a socket with the usual protocol.
   *
   * @param family INET, INET6 or UNIX
   * @param type what it carries
   * @return the socket, with the options that the system gives it
   * @throws IOException if the system refuses, or what the factory of the run throws
   */
  public static Socket socket(ProtocolFamily family, SocketType type) throws IOException {
    return socket(Defaults.RAW, family, type);
  }

  /**
   * Opens a socket with the usual protocol.
   *
   * @param defaults the options it is opened with
   * @param family INET, INET6 or UNIX
   * @param type what it carries
   * @return the socket
   * @throws IOException if the system refuses, or what the factory of the run throws
   */
  public static Socket socket(Defaults defaults, ProtocolFamily family, SocketType type)
      throws IOException {
    return socket(defaults, number(family), constant(type.constant()), 0);
  }

  /**
   * Opens a socket; socket(2).
   *
   * @param family AF_INET and so on, by {@link #constant}
   * @param type SOCK_STREAM and so on
   * @param protocol its number; 0 for the usual one
   * @return the socket, with the options that the system gives it
   * @throws IOException if the system refuses, or what the factory of the run throws
   */
  public static Socket socket(int family, int type, int protocol) throws IOException {
    return socket(Defaults.RAW, family, type, protocol);
  }

  /**
   * Opens a socket; socket(2).
   *
   * @param defaults the options it is opened with; they are set on what a factory makes as well
   * @param family AF_INET and so on, by {@link #constant}
   * @param type SOCK_STREAM and so on
   * @param protocol its number; 0 for the usual one
   * @return the socket
   * @throws IOException if the system refuses, or what the factory of the run throws
   */
  public static Socket socket(Defaults defaults, int family, int type, int protocol)
      throws IOException {
    SocketRun run = run();
    SocketFactory factory = run.factory;
    if (factory == null) {
      return open(run, defaults, family, type, protocol);
    }
    Socket socket = factory.socket(family, type, protocol);
    if (socket.run != run) {
      throw new IllegalStateException("the factory made a socket of another run");
    }
    applyDefaults(socket, defaults);
    return socket;
  }

  /**
   * Opens a socket without asking the factory of the run, which may use this itself.
   *
   * @param family AF_INET and so on
   * @param type SOCK_STREAM and so on
   * @param protocol its number; 0 for the usual one
   * @return the socket, with the options that the system gives it
   * @throws OsException if the system refuses
   */
  public static Socket systemSocket(int family, int type, int protocol) throws OsException {
    return open(run(), Defaults.RAW, family, type, protocol);
  }

  private static Socket open(
      SocketRun run, Defaults defaults, int family, int type, int protocol) throws OsException {
    int kind = withoutFlags(run, type);
    int descriptor =
        run.calls.socket(family, kind, protocol, run.loop.engine().wantsNonBlocking());
    if (descriptor < 0) {
      throw Errors.of(run.platform, descriptor, "socket");
    }
    Socket socket = new Socket(run, descriptor, family, kind, protocol, defaults);
    applyDefaults(socket);
    return socket;
  }

  /**
   * Has a factory open the sockets of this run: those of {@link #socket} and of {@code
   * Net.openTcpStream}, which uses it; not pairs, duplicates, accepted connections, and sockets of
   * descriptors (SOCK-12).
   *
   * @param factory who opens sockets; null for the system
   * @return who did so before; null for the system
   */
  public static @Nullable SocketFactory setSocketFactory(@Nullable SocketFactory factory) {
    SocketRun run = run();
    SocketFactory previous = run.factory;
    run.factory = factory;
    return previous;
  }

  /**
   * Makes two Unix sockets that are connected to each other; socketpair(2).
   *
   * @return the two
   * @throws OsException if the system refuses
   */
  public static List<Socket> socketpair() throws OsException {
    return socketpair(StandardProtocolFamily.UNIX, SocketType.STREAM);
  }

  /**
   * Makes two sockets that are connected to each other; socketpair(2).
   *
   * @param family UNIX, on most systems
   * @param type what they carry
   * @return the two
   * @throws OsException if the system refuses
   */
  public static List<Socket> socketpair(ProtocolFamily family, SocketType type)
      throws OsException {
    return socketpair(number(family), constant(type.constant()), 0);
  }

  /**
   * Makes two sockets that are connected to each other; socketpair(2).
   *
   * @param family AF_UNIX, on most systems
   * @param type SOCK_STREAM and so on
   * @param protocol its number; 0 for the usual one
   * @return the two
   * @throws OsException if the system refuses
   */
  public static List<Socket> socketpair(int family, int type, int protocol) throws OsException {
    SocketRun run = run();
    int kind = withoutFlags(run, type);
    int[] pair = new int[2];
    int result =
        run.calls.socketPair(
            family, kind, protocol, run.loop.engine().wantsNonBlocking(), pair);
    if (result < 0) {
      throw Errors.of(run.platform, result, "socketpair");
    }
    return List.of(
        new Socket(run, pair[0], family, kind, protocol, Defaults.RAW),
        new Socket(run, pair[1], family, kind, protocol, Defaults.RAW));
  }

  // ---- sockets of what is open already ----

  /**
   * Makes a socket of a duplicate of a descriptor, which stays the caller's. Family, kind and protocol
   * are asked of the system (SOCK-08).
   *
   * @param descriptor its number
   * @return the socket, with a descriptor of its own
   * @throws OsException with EBADF if there is no such descriptor, ENOTSOCK if it is no socket
   */
  public static Socket fromFd(int descriptor) throws OsException {
    SocketRun run = run();
    int duplicate = run.calls.duplicate(descriptor);
    if (duplicate < 0) {
      throw Errors.of(run.platform, duplicate, "dup");
    }
    try {
      return adoptFd(duplicate);
    } catch (Throwable e) {
      run.platform.close(duplicate);
      throw e;
    }
  }

  /**
   * Makes a socket of a descriptor, which belongs to the socket from now on. Family, kind and protocol
   * are asked of the system (SOCK-07); its options and its mode stay as they are.
   *
   * @param descriptor its number
   * @return the socket, with this very descriptor
   * @throws OsException with EBADF if there is no such descriptor, ENOTSOCK if it is no socket; then it
   *     stays the caller's
   */
  public static Socket adoptFd(int descriptor) throws OsException {
    SocketRun run = run();
    int family = ask(run, descriptor, SocketOption.FAMILY);
    int type = ask(run, descriptor, SocketOption.TYPE);
    int protocol = ask(run, descriptor, SocketOption.PROTOCOL);
    return new Socket(run, descriptor, family, type, protocol, Defaults.RAW).markShared();
  }

  private static int ask(SocketRun run, int descriptor, SocketOption option) throws OsException {
    int value = run.platform.getOption(descriptor, option);
    if (value < 0) {
      throw Errors.of(run.platform, value, "getsockopt " + option);
    }
    return value;
  }

  /**
   * Makes a socket of a duplicate of a channel's descriptor. The channel stays open and the caller's;
   * the two should not both be used, because the mode of the connection, blocking or not, is one for
   * both.
   *
   * @param channel a {@link java.nio.channels.SocketChannel}, {@link
   *     java.nio.channels.ServerSocketChannel} or {@link java.nio.channels.DatagramChannel}
   * @return the socket
   * @throws OsException what the system says; EBADF if the channel is closed
   * @throws IllegalArgumentException if it is another kind of channel
   * @throws UnsupportedOperationException if this Java runtime does not let its descriptors be known
   */
  public static Socket fromChannel(SelectableChannel channel) throws OsException {
    Fiber _ = Loop.requireFiber();
    return fromFd(JdkDescriptors.of(channel));
  }

  /**
   * Makes a socket of a duplicate of the descriptor of a socket of the JDK; see {@link
   * #fromChannel(SelectableChannel)}.
   *
   * @param socket the socket; nothing that runs a protocol over one, TLS for example
   * @return the socket
   * @throws OsException what the system says; EBADF if it is closed or was never opened
   * @throws IllegalArgumentException if it is another class than the JDK's own (SOCK-09)
   * @throws UnsupportedOperationException if this Java runtime does not let its descriptors be known
   */
  public static Socket fromChannel(java.net.Socket socket) throws OsException {
    Fiber _ = Loop.requireFiber();
    return fromFd(JdkDescriptors.of(socket));
  }

  /**
   * Makes a socket of a duplicate of the descriptor of a listening socket of the JDK; see {@link
   * #fromChannel(SelectableChannel)}.
   *
   * @param socket the socket
   * @return the socket
   * @throws OsException what the system says; EBADF if it is closed
   * @throws IllegalArgumentException if it is another class than the JDK's own
   * @throws UnsupportedOperationException if this Java runtime does not let its descriptors be known
   */
  public static Socket fromChannel(ServerSocket socket) throws OsException {
    Fiber _ = Loop.requireFiber();
    return fromFd(JdkDescriptors.of(socket));
  }

  /**
   * Makes a socket of a duplicate of the descriptor of a datagram socket of the JDK; see {@link
   * #fromChannel(SelectableChannel)}.
   *
   * @param socket the socket
   * @return the socket
   * @throws OsException what the system says; EBADF if it is closed
   * @throws IllegalArgumentException if it is another class than the JDK's own
   * @throws UnsupportedOperationException if this Java runtime does not let its descriptors be known
   */
  public static Socket fromChannel(DatagramSocket socket) throws OsException {
    Fiber _ = Loop.requireFiber();
    return fromFd(JdkDescriptors.of(socket));
  }

  /**
   * Makes a socket of what {@link Socket#share} made in another process; on Windows.
   *
   * @param info what it made
   * @return the socket
   * @throws UnsupportedOperationException on other systems, where descriptors are passed by {@link
   *     ControlMessage#rights}
   */
  @SuppressWarnings("DoNotCallSuggester") // on another system it does something
  public static Socket fromShare(byte[] info) {
    throw sharingUnsupported();
  }

  static UnsupportedOperationException sharingUnsupported() {
    return new UnsupportedOperationException(
        "sharing a socket with a process is for Windows; on this system a descriptor is passed over"
            + " a Unix socket, by ControlMessage.rights");
  }

  // ---- options of new sockets ----

  static void applyDefaults(Socket socket) {
    applyDefaults(socket, socket.defaults());
  }

  /** What a kind of socket has not, or not any more, is none of our business here (SOCK-32). */
  private static void applyDefaults(Socket socket, Defaults defaults) {
    if (defaults == Defaults.RAW) {
      return;
    }
    SocketRun run = socket.run;
    int descriptor = socket.fileno();
    int _ = run.platform.setOption(descriptor, SocketOption.REUSE_ADDRESS, 1);
    if (socket.family() == run.inet6) {
      int _ = run.platform.setOption(descriptor, SocketOption.IPV6_ONLY, 0);
    }
    if (socket.type() == run.streamType && socket.family() != run.unix) {
      int _ = run.platform.setOption(descriptor, SocketOption.NO_DELAY, 1);
      int _ =
          run.platform.setOption(
              descriptor, SocketOption.NOT_SENT_LOW_WATER, NOT_SENT_LOW_WATER_BYTES);
    }
  }

  private static int withoutFlags(SocketRun run, int type) {
    return type & ~(run.find("SOCK_NONBLOCK").orElse(0) | run.find("SOCK_CLOEXEC").orElse(0));
  }

  private static int number(ProtocolFamily family) {
    return constant("AF_" + family.name());
  }

  private static SocketRun run() {
    return SocketRun.of(Loop.requireFiber().loop());
  }
}
