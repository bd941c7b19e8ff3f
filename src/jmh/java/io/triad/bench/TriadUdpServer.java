package io.triad.bench;

import io.triad.Triad;
import io.triad.net.DatagramAction;
import io.triad.net.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Echo of datagrams on Triad: all that have come by one call, and back by another. */
public final class TriadUdpServer {
  private TriadUdpServer() {}

  /** Serves until the process ends. Arguments: a port. */
  public static void main(String[] args) throws IOException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    Triad.run(
        () -> {
          try (UdpSocket socket = UdpSocket.bind(address)) {
            DatagramAction<IOException> echo =
                datagram -> socket.collect(datagram.data(), datagram.source());
            while (true) {
              socket.receiveAll(echo);
              socket.flush();
            }
          }
        });
  }
}
