package io.triad.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The echo server on plain JDK virtual threads: what the demo compares with. */
@Command(name = "jdk-echo-server", description = "The same on plain JDK virtual threads.")
final class JdkEchoServer implements Callable<Integer> {
  private static final int BUFFER_BYTES = 16 * 1024;

  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  @Override
  public Integer call() throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(port), 1024);
      System.out.println("listening on " + listener.getLocalAddress());
      while (true) {
        SocketChannel connection = listener.accept();
        Thread.startVirtualThread(() -> echo(connection));
      }
    }
  }

  private static void echo(SocketChannel connection) {
    try (connection) {
      connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      while (connection.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          connection.write(buffer);
        }
      }
    } catch (IOException e) {
      System.err.println("a connection broke: " + e.getMessage());
    }
  }
}
