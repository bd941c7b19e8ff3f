package io.triad.examples;

import io.triad.OsException;
import io.triad.Triad;
import io.triad.net.DatagramAction;
import io.triad.net.UdpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Sends datagrams back to where they came from. Under load the system hands over many at a time, and
 * takes the answers as many at a time: two system calls, however many datagrams there are.
 */
@Command(name = "udp-echo-server", description = "Sends datagrams back.")
final class UdpEchoServer implements Callable<Integer> {
  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  @Override
  public Integer call() throws IOException {
    Triad.run(
        () -> {
          InetAddress loopback = InetAddress.getLoopbackAddress();
          try (UdpSocket udp = UdpSocket.bind(new InetSocketAddress(loopback, port))) {
            System.out.println("listening on " + udp.localAddress());
            serve(udp);
          }
        });
    return 0;
  }

  private static void serve(UdpSocket udp) throws IOException {
    DatagramAction<IOException> back =
        datagram -> udp.collect(datagram.data(), datagram.source());
    while (true) {
      try {
        udp.receiveAll(back);
        udp.flush();
      } catch (OsException e) {
        System.err.println("a datagram was lost: " + e.getMessage()); // others may do better
      }
    }
  }
}
