package io.triad.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes server sockets of the JDK's type for libraries that know no other; see {@link
 * TriadSocketFactory}. The sockets that they accept are like those of that factory, and belong to the
 * same run. {@link ServerSocket#accept} is a checkpoint and loses no connection when it is cancelled
 * or its time is over.
 *
 * <p>A server socket without an address takes IPv4 and IPv6. SO_REUSEADDR is on from the start.
 */
public final class TriadServerSocketFactory extends ServerSocketFactory {
  private static final TriadServerSocketFactory INSTANCE = new TriadServerSocketFactory();
  private static final int DEFAULT_BACKLOG = 50;

  /** Makes a factory; all are alike. For libraries that are given the name of a class. */
  public TriadServerSocketFactory() {}

  /**
   * Returns a factory.
   *
   * @return the same one each time
   */
  public static ServerSocketFactory getDefault() {
    return INSTANCE;
  }

  /**
   * Makes a server socket that is not bound.
   *
   * @return the server socket
   */
  @Override
  public ServerSocket createServerSocket() throws IOException {
    return new TaskServerSocket();
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return bound(port, DEFAULT_BACKLOG, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return bound(port, backlog, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress ifAddress)
      throws IOException {
    return bound(port, backlog, ifAddress);
  }

  private static ServerSocket bound(int port, int backlog, @Nullable InetAddress address)
      throws IOException {
    ServerSocket socket = new TaskServerSocket();
    try {
      socket.bind(new InetSocketAddress(address, port), backlog);
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
