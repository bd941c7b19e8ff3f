package io.triad.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Echo of datagrams on the JDK alone: a blocking channel on a virtual thread. */
public final class JdkUdpServer {
  private static final int LARGEST_DATAGRAM = 2048;

  private JdkUdpServer() {}

  /** Serves until the process ends. Arguments: a port. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    try (var channel = DatagramChannel.open()) {
      channel.bind(address);
      // One, because the server has one core.
      Thread.startVirtualThread(() -> echo(channel)).join();
    }
  }

  private static void echo(DatagramChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
    while (true) {
      try {
        SocketAddress peer = channel.receive(buffer.clear());
        channel.send(buffer.flip(), peer);
      } catch (PortUnreachableException gone) {
        // A load generator of earlier has ended.
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
