package io.triad.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets of the JDK's type for libraries that know no other: a driver or client that was
 * written for blocking sockets runs in a task of Triad, unchanged. Where such a socket blocks, the
 * task waits and others go on; there is no thread behind it.
 *
 * <pre>{@code
 * Properties properties = new Properties();
 * properties.setProperty("socketFactory", TriadSocketFactory.class.getName()); // PostgreSQL's driver
 * Triad.run(() -> {
 *   try (Connection connection = DriverManager.getConnection(url, properties)) { … }
 * });
 * }</pre>
 *
 * <p>The sockets do what {@link Socket} says, time-outs, half close and the types of exceptions
 * included, with these differences:
 *
 * <ul>
 *   <li>A socket belongs to the run in whose task it was first used, and only tasks of that run read,
 *       write, connect and set options. Everybody else gets a {@link java.net.SocketException}, except
 *       for {@link Socket#close}, which every thread may call: timers and pools do.
 *   <li>Connecting, reading, writing and closing are checkpoints. When a scope around them is
 *       cancelled they throw {@link io.triad.Cancelled}, as itself, and a read has lost nothing.
 *   <li>TCP_NODELAY is on from the start, as for every stream of Triad; {@link Socket#setTcpNoDelay}
 *       turns it off.
 *   <li>{@link Socket#connect} takes unresolved addresses: the name is looked up without holding up the
 *       run, which the constructors of {@link InetSocketAddress} do, and all its addresses are tried.
 *   <li>There is no urgent data, and no proxy.
 *   <li>What is still open when the run ends is closed then.
 * </ul>
 *
 * <p>Encryption can be laid over such a socket by {@link
 * javax.net.ssl.SSLSocketFactory#createSocket(Socket, String, int, boolean)}.
 *
 * <p>The factory itself may be used by all threads, and keeps nothing.
 */
public final class TriadSocketFactory extends SocketFactory {
  private static final TriadSocketFactory INSTANCE = new TriadSocketFactory();

  /** Makes a factory; all are alike. For libraries that are given the name of a class. */
  public TriadSocketFactory() {}

  /**
   * Returns a factory.
   *
   * @return the same one each time
   */
  public static SocketFactory getDefault() {
    return INSTANCE;
  }

  /**
   * Makes a socket that is not connected.
   *
   * @return the socket
   */
  @Override
  public Socket createSocket() throws IOException {
    return new TaskSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(InetSocketAddress.createUnresolved(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(
        InetSocketAddress.createUnresolved(host, port),
        new InetSocketAddress(localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return connected(
        new InetSocketAddress(address, port), new InetSocketAddress(localAddress, localPort));
  }

  private static Socket connected(
      InetSocketAddress remote, @Nullable InetSocketAddress local)
      throws IOException {
    Socket socket = new TaskSocket();
    try {
      if (local != null) {
        socket.bind(local);
      }
      socket.connect(remote);
      return socket;
    } catch (Throwable e) {
      try {
        socket.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }
}
