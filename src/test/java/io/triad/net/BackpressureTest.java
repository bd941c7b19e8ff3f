package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.Nursery;
import io.triad.engine.Engine;
import io.triad.loop.Loop;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who does not read holds the peer back, and costs little memory. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class BackpressureTest {
  private static final int PIECE_BYTES = 64 * 1024;

  private static void sendNumbered(SocketStream stream, int pieces, int[] sent) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
    for (int piece = 0; piece < pieces; piece++) {
      buffer.clear();
      while (buffer.hasRemaining()) {
        buffer.putInt(piece);
      }
      stream.sendAll(buffer.flip());
      sent[0]++;
    }
    stream.sendEof();
  }

  private static void receiveNumbered(SocketStream stream, int pieces, int byteLimit)
      throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(byteLimit);
    Random random = new Random(pieces);
    long received = 0;
    for (;;) {
      int count = stream.receiveSome(buffer.clear().limit(1 + random.nextInt(byteLimit)));
      if (count < 0) {
        break;
      }
      for (int i = 0; i < count; i++) {
        long at = received + i;
        byte expected = (byte) (at / PIECE_BYTES >>> 8 * (3 - at % 4));
        if (buffer.get(i) != expected) {
          throw new AssertionError("a wrong byte at " + at);
        }
      }
      received += count;
    }
    assertThat(received).isEqualTo((long) pieces * PIECE_BYTES);
  }

  @Test
  void fifty_megabytes_for_a_receiver_that_pauses_wait_with_the_sender() throws Exception {
    int pieces = 800;
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              int[] sent = {0};
              nursery.startSoon(() -> sendNumbered(client, pieces, sent));
              // One byte is asked for, so that receiving is armed.
              assertThat(server.receiveSome(1)).containsExactly(0);
              Settling.waitAllTasksBlocked(Duration.ofMillis(100));
              Engine engine = Loop.requireFiber().loop().engine();
              assertThat(engine.buffersLent()).isBetween(1, 32);
              assertThat(sent[0]).isLessThan(pieces);

              receiveRest(server, pieces);
              assertThat(engine.buffersLent()).isZero();
            }));
  }

  private static void receiveRest(SocketStream server, int pieces) throws Exception {
    // Pieces are numbered by position; the first byte is gone, and was the first of number 0.
    byte[] three = new byte[3];
    for (int i = 0; i < 3; i += server.receiveSome(ByteBuffer.wrap(three, i, 3 - i))) {
      assertThat(three).containsOnly(0);
    }
    long[] received = {4};
    while (server.receive(
        chunk -> {
          for (int i = 0; i < chunk.length(); i++) {
            long at = received[0] + i;
            if (chunk.get(i) != (byte) (at / PIECE_BYTES >>> 8 * (3 - at % 4))) {
              throw new AssertionError("a wrong byte at " + at);
            }
          }
          received[0] += chunk.length();
        })) {
      // until the end
    }
    assertThat(received[0]).isEqualTo((long) pieces * PIECE_BYTES);
  }

  @Test
  void a_slow_reader_gets_everything_in_order() throws Exception {
    int pieces = 20;
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> sendNumbered(client, pieces, new int[1]));
              receiveNumbered(server, pieces, 700);
            }));
  }

  @Test
  void many_connections_that_pause_do_not_starve_one_that_reads() throws Exception {
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              for (int i = 0; i < 50; i++) {
                nursery.startSoon(
                    () -> {
                      var pair = TcpPairs.open();
                      try (SocketStream sender = pair.sender();
                          SocketStream receiver = pair.receiver()) {
                        sender.sendAll(new byte[500_000]);
                        receiver.receiveSome(1);
                        io.triad.Triad.sleepForever();
                      }
                    });
              }
              Settling.waitAllTasksBlocked(Duration.ofMillis(50));
              nursery.startSoon(() -> sendNumbered(client, 50, new int[1]));
              receiveNumbered(server, 50, 16 * 1024);
              nursery.cancelScope().cancel();
            }));
  }
}
