package io.triad.testing;

import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Connections to listeners of the same program. */
public final class LocalConnections {
  private LocalConnections() {}

  /**
   * Connects to a listening socket of this machine. Where it listens on all interfaces, which is no
   * address that one could connect to, takes the loopback interface: 127.0.0.1 for 0.0.0.0, and ::1
   * for :: (TEST-44).
   *
   * @param listener an open listener, which need not be accepting yet
   * @return the client's end, which the caller owns
   * @throws IOException if the listener is closed or the connection fails
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing stays open
   */
  public static SocketStream openStreamToSocketListener(SocketListener listener)
      throws IOException {
    InetSocketAddress local = listener.localAddress();
    return Net.openTcpStream(reachable(local.getAddress()).getHostAddress(), local.getPort());
  }

  private static InetAddress reachable(InetAddress address) {
    if (!address.isAnyLocalAddress()) {
      return address;
    }
    return InetAddress.ofLiteral(address instanceof Inet6Address ? "::1" : "127.0.0.1");
  }
}
