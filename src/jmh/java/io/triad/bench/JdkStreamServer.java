package io.triad.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Streaming on the JDK alone: one virtual thread per connection, blocking channels, direct buffers.
 * What a connection is for, its first byte says; see {@link StreamPurpose}.
 */
public final class JdkStreamServer {
  private static final int BACKLOG = 1024;

  private JdkStreamServer() {}

  /** Serves until the process ends. Arguments: a port and a file. */
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    var file = Path.of(args[1]);
    ByteBuffer pattern = StreamPurpose.pattern();
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      while (true) {
        SocketChannel channel = listener.accept();
        Thread.startVirtualThread(() -> serve(channel, file, pattern));
      }
    }
  }

  private static void serve(SocketChannel accepted, Path file, ByteBuffer pattern) {
    try (SocketChannel channel = accepted) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteBuffer purpose = ByteBuffer.allocateDirect(1);
      if (channel.read(purpose) < 1) {
        return;
      }
      switch (purpose.get(0)) {
        case StreamPurpose.IN -> readAll(channel);
        case StreamPurpose.OUT -> writeForEver(channel, pattern.duplicate());
        case StreamPurpose.FILE -> sendFile(channel, file, purpose);
        default -> throw new IllegalStateException("unknown purpose " + purpose.get(0));
      }
    } catch (SocketException gone) {
      // The load generator has what it wanted.
    } catch (IOException e) {
      if (!StreamPurpose.meansGone(e)) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void readAll(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(StreamPurpose.CHUNK_BYTES);
    long total = 0;
    for (int count; (count = channel.read(buffer)) >= 0;) {
      total += count;
      buffer.clear();
    }
    channel.write(buffer.putLong(total).flip());
  }

  private static void writeForEver(SocketChannel channel, ByteBuffer pattern) throws IOException {
    while (true) {
      pattern.clear();
      while (pattern.hasRemaining()) {
        channel.write(pattern);
      }
    }
  }

  private static void sendFile(SocketChannel channel, Path name, ByteBuffer request)
      throws IOException {
    try (FileChannel file = FileChannel.open(name)) {
      do {
        long size = file.size();
        for (long sent = 0; sent < size;) {
          sent += file.transferTo(sent, size - sent, channel);
        }
        request.clear();
      } while (channel.read(request) > 0);
    }
  }
}
