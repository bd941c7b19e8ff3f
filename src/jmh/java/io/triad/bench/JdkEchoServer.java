package io.triad.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The echo server on the JDK alone: one virtual thread per connection, blocking calls.
 *
 * <p>Two ways: {@code stream} reads a {@link Socket}'s
 * streams into a heap array, which the JDK copies through a direct buffer of the carrier thread;
 * {@code channel} reads a blocking {@link SocketChannel} into a direct buffer of the connection,
 * without that copy. The second took as much CPU per message or less, up to a fifth, and is what
 * the comparison uses.
 */
public final class JdkEchoServer {
  private static final int BUFFER_SIZE = 16 * 1024;
  private static final int BACKLOG = 65_535;

  private JdkEchoServer() {}

  /** Serves until the process ends. Arguments: {@code stream} or {@code channel}, and a port. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: JdkEchoServer stream|channel PORT");
      System.exit(2);
    }
    int port = Integer.parseInt(args[1]);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    switch (args[0]) {
      case "stream" -> serveStreams(address);
      case "channel" -> serveChannels(address);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void serveStreams(InetSocketAddress address) throws IOException {
    try (var listener = new ServerSocket()) {
      listener.bind(address, BACKLOG);
      while (true) {
        Socket socket = listener.accept();
        Thread.startVirtualThread(() -> echo(socket));
      }
    }
  }

  private static void echo(Socket accepted) {
    try (Socket socket = accepted) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      var buffer = new byte[BUFFER_SIZE];
      for (int length; (length = in.read(buffer)) >= 0;) {
        out.write(buffer, 0, length);
      }
    } catch (SocketException reset) {
      // The load generator went away in the middle of a message.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void serveChannels(InetSocketAddress address) throws IOException {
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(address, BACKLOG);
      while (true) {
        SocketChannel channel = listener.accept();
        Thread.startVirtualThread(() -> echo(channel));
      }
    }
  }

  private static void echo(SocketChannel accepted) {
    try (SocketChannel channel = accepted) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
      while (channel.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        buffer.clear();
      }
    } catch (SocketException reset) {
      // The load generator went away in the middle of a message.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
