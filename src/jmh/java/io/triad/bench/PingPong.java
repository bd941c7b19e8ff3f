package io.triad.bench;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.Chunk;
import io.triad.stream.ChunkAction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message there and back over a loopback connection, by each way of sending and receiving. An
 * operation is a round trip: two sends and two receives. With {@code -prof gc}, what is left of
 * {@code gc.alloc.rate.norm} after the opening of a run is spread over the round trips of an
 * invocation is what the way itself allocates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "-Djdk.virtualThreadScheduler.parallelism=1"
    })
public class PingPong {
  private static final int ROUND_TRIPS = 50_000;

  /** The size of a message. */
  @Param({"64", "4096", "16384"})
  public int bytes;

  /** One end of a connection: brings a message to the other end, or takes one. */
  private interface Exchange {
    void run(SocketStream stream, boolean first) throws IOException;
  }

  /** Direct buffers both ways. */
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void triadDirectBuffer() throws IOException {
    onTriad((stream, first) -> withBuffer(stream, ByteBuffer.allocateDirect(bytes), first));
  }

  /** Heap buffers both ways. */
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void triadHeapBuffer() throws IOException {
    onTriad((stream, first) -> withBuffer(stream, ByteBuffer.allocate(bytes), first));
  }

  /** Loaned chunks, sent from where they were received. */
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void triadLoan() throws IOException {
    onTriad(this::withLoan);
  }

  private void withBuffer(SocketStream stream, ByteBuffer buffer, boolean first)
      throws IOException {
    for (int i = 0; i < ROUND_TRIPS; i++) {
      if (first) {
        stream.sendAll(buffer.clear());
      }
      buffer.clear();
      while (buffer.hasRemaining()) {
        stream.receiveSome(buffer);
      }
      if (!first) {
        stream.sendAll(buffer.flip());
      }
    }
  }

  private void withLoan(SocketStream stream, boolean first) throws IOException {
    if (first) {
      stream.sendAll(new byte[bytes]);
    }
    Relay relay = new Relay(stream, (long) bytes * (first ? ROUND_TRIPS - 1 : ROUND_TRIPS));
    for (long left = (long) bytes * ROUND_TRIPS; left > 0; left -= relay.last) {
      stream.receive(relay);
    }
  }

  /** Sends chunks back, up to a number of bytes. */
  private static final class Relay implements ChunkAction<IOException> {
    private final SocketStream stream;
    private long left;
    private int last;

    Relay(SocketStream stream, long left) {
      this.stream = stream;
      this.left = left;
    }

    @Override
    public void accept(Chunk chunk) throws IOException {
      last = chunk.length();
      if (left > 0) {
        left -= last;
        stream.sendAll(chunk);
      }
    }
  }

  private static void onTriad(Exchange exchange) throws IOException {
    Triad.run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int port = listener.localAddress().getPort();
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> {
                        try (SocketStream stream = listener.accept()) {
                          exchange.run(stream, false);
                        }
                      });
                  try (SocketStream stream = Net.openTcpStream("127.0.0.1", port)) {
                    exchange.run(stream, true);
                  }
                });
          }
        });
  }

  /** The same on virtual threads of the JDK, on one carrier thread, with direct buffers. */
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void jdkVirtualThreads() throws IOException, InterruptedException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread server = Thread.startVirtualThread(() -> onJdk(listener, null));
      InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
      Thread client = Thread.startVirtualThread(() -> onJdk(listener, address));
      client.join();
      server.join();
    }
  }

  private void onJdk(ServerSocketChannel listener, InetSocketAddress address) {
    try (SocketChannel channel =
        address == null ? listener.accept() : SocketChannel.open(address)) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
      for (int i = 0; i < ROUND_TRIPS; i++) {
        if (address != null) {
          write(channel, buffer.clear());
        }
        buffer.clear();
        while (buffer.hasRemaining()) {
          channel.read(buffer);
        }
        if (address == null) {
          write(channel, buffer.flip());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
