package io.triad.examples;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleConsumer;

/**
 * The load of the demo, on the JDK alone: each connection sends a message, waits for its echo, checks
 * every byte, and sends the next one.
 */
final class DemoLoad implements AutoCloseable {
  private static final long STALLED_MILLIS = 5_000;

  private final Selector selector = Selector.open();
  private final List<Connection> connections = new ArrayList<>();
  private final LatencyHistogram latencies = new LatencyHistogram();
  private final int bytes;
  private long elapsedNanos;

  DemoLoad(int port, int count, int bytes) throws IOException {
    this.bytes = bytes;
    for (int i = 0; i < count; i++) {
      connections.add(new Connection(port, i));
    }
  }

  LatencyHistogram latencies() {
    return latencies;
  }

  double seconds() {
    return elapsedNanos / 1e9;
  }

  /** Runs for some time, and tells about ten times a second how many messages a second went. */
  void run(double time, DoubleConsumer progress) throws IOException {
    long begin = System.nanoTime();
    long end = begin + (long) (time * 1e9);
    long nextReport = begin;
    for (Connection connection : connections) {
      connection.sendNext();
    }
    for (long now = begin; now < end; now = System.nanoTime()) {
      if (selector.select(DemoLoad::echoed, STALLED_MILLIS) == 0) {
        throw new IOException("no answer for " + STALLED_MILLIS + " ms");
      }
      elapsedNanos = System.nanoTime() - begin;
      if (now >= nextReport) {
        progress.accept(latencies.count() / seconds());
        nextReport = now + 100_000_000;
      }
    }
  }

  private static void echoed(SelectionKey key) {
    try {
      ((Connection) key.attachment()).receive();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (Connection connection : connections) {
      connection.channel.close();
    }
    selector.close();
  }

  /** One connection, whose bytes no other one sends. */
  private final class Connection {
    private final SocketChannel channel = SocketChannel.open();
    private final ByteBuffer message = ByteBuffer.allocateDirect(bytes);
    private final ByteBuffer echo = ByteBuffer.allocateDirect(bytes);
    private long sentAt;
    private long sequence;

    Connection(int port, int number) throws IOException {
      byte[] content = new byte[bytes];
      new Random(number).nextBytes(content);
      message.put(content);
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void sendNext() throws IOException {
      message.put(0, (byte) sequence++); // the messages of a connection differ, too
      message.clear();
      echo.clear();
      sentAt = System.nanoTime();
      while (message.hasRemaining()) {
        channel.write(message);
      }
    }

    void receive() throws IOException {
      if (channel.read(echo) < 0) {
        throw new EOFException("the server closed a connection");
      }
      if (!echo.hasRemaining()) {
        if (!echo.flip().equals(message.flip())) {
          throw new IOException("wrong bytes came back");
        }
        latencies.record(System.nanoTime() - sentAt);
        sendNext();
      }
    }
  }
}
