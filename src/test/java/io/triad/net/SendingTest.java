package io.triad.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.Cancelled;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.PartialResult;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SendingTest {
  /** Longer than a loopback connection takes to move what its buffers hold. */
  private static final Duration STANDSTILL = Duration.ofMillis(60);

  private static final byte[] X = {'x'};

  /** The ways to send, of which each keeps no more than it says of what it is given. */
  enum Way {
    ARRAY {
      @Override
      void send(SocketStream stream, byte[] data) throws IOException {
        stream.sendAll(data);
      }
    },
    HEAP_BUFFER {
      @Override
      void send(SocketStream stream, byte[] data) throws IOException {
        sendBuffer(stream, ByteBuffer.wrap(data));
      }
    },
    DIRECT_BUFFER {
      @Override
      void send(SocketStream stream, byte[] data) throws IOException {
        sendBuffer(stream, ByteBuffer.allocateDirect(data.length).put(data).flip());
      }
    },
    HEAP_SEGMENT {
      @Override
      void send(SocketStream stream, byte[] data) throws IOException {
        stream.sendAll(MemorySegment.ofArray(data));
      }
    },
    NATIVE_SEGMENT {
      @Override
      void send(SocketStream stream, byte[] data) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
          stream.sendAll(
              arena.allocate(data.length).copyFrom(MemorySegment.ofArray(data)));
        }
      }
    },
    GATHER {
      @Override
      void send(SocketStream stream, byte[] data) throws IOException {
        List<ByteBuffer> buffers = split(data);
        try {
          stream.sendAll(buffers);
        } catch (Throwable e) {
          int left = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
          assertThat(PartialResult.of(e)).hasValue(data.length - left);
          throw e;
        }
        assertThat(buffers).noneMatch(ByteBuffer::hasRemaining);
      }
    };

    abstract void send(SocketStream stream, byte[] data) throws IOException;

    private static void sendBuffer(SocketStream stream, ByteBuffer buffer) throws IOException {
      try {
        stream.sendAll(buffer);
      } catch (Throwable e) {
        assertThat(PartialResult.of(e)).hasValue(buffer.position());
        throw e;
      }
      assertThat(buffer.hasRemaining()).isFalse();
    }

    /** Many pieces of all kinds: empty ones, long ones, off the heap and on it. */
    private static List<ByteBuffer> split(byte[] data) {
      Random random = new Random(1);
      List<ByteBuffer> buffers = new ArrayList<>();
      for (int at = 0; at < data.length;) {
        int max = random.nextInt(20) == 0 ? 200_000 : 3_000;
        int count = Math.min(random.nextInt(max), data.length - at);
        buffers.add(
            random.nextBoolean()
                ? ByteBuffer.wrap(data, at, count)
                : ByteBuffer.allocateDirect(count).put(data, at, count).flip());
        at += count;
      }
      return buffers;
    }
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  private static byte[] receiveAll(SocketStream stream) throws IOException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    while (stream.receive(chunk -> received.writeBytes(chunk.toArray()))) {
      // until the end
    }
    return received.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void net_05_everything_arrives_whatever_it_lay_in(Way way) throws Exception {
    byte[] data = random(3_000_000);
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    way.send(client, data);
                    client.sendEof();
                  });
              assertThat(receiveAll(server)).isEqualTo(data);
            }));
  }

  @Test
  void net_05_nothing_is_kept_of_what_was_sent() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          ByteBuffer direct = ByteBuffer.allocateDirect(1);
          byte[] array = new byte[1];
          for (byte each = 'a'; each < 'f'; each++) {
            client.sendAll(direct.clear().put(each).flip());
            array[0] = each;
            client.sendAll(array);
          }
          direct.put(0, (byte) '!');
          array[0] = '!';
          client.sendEof();
          assertThat(new String(receiveAll(server), US_ASCII)).isEqualTo("aabbccddee");
        });
  }

  @Test
  void a_chunk_is_sent_on() throws Exception {
    byte[] data = random(500_000);
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    while (server.receive(server::sendAll)) {
                      // echoes
                    }
                    server.sendEof();
                  });
              nursery.startSoon(
                  () -> {
                    client.sendAll(data);
                    client.sendEof();
                  });
              assertThat(receiveAll(client)).isEqualTo(data);
            }));
  }

  @ParameterizedTest
  @EnumSource
  void str_12_a_cancelled_send_says_what_the_peer_gets(Way way) throws Exception {
    byte[] data = random(20_000_000);
    TcpPairs.run(
        (client, server) -> {
          long[] accepted = {-1};
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      try {
                        way.send(client, data);
                      } catch (Cancelled e) {
                        accepted[0] = PartialResult.of(e).orElseThrow();
                        throw e;
                      }
                    });
                Settling.waitAllTasksBlocked(STANDSTILL);
                nursery.cancelScope().cancel();
              });
          assertThat(accepted[0]).isPositive().isLessThan(data.length);
          client.sendEof();
          assertThat(receiveAll(server))
              .isEqualTo(Arrays.copyOf(data, Math.toIntExact(accepted[0])));
        });
  }

  @ParameterizedTest
  @EnumSource
  void str_04_a_send_closed_underneath_says_what_the_peer_gets(Way way) throws Exception {
    byte[] data = random(20_000_000);
    TcpPairs.run(
        (client, server) -> {
          long[] accepted = {-1};
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(() -> way.send(client, data))
                        .satisfies(e -> accepted[0] = PartialResult.of(e).orElseThrow()));
                Settling.waitAllTasksBlocked(STANDSTILL);
                client.close();
              });
          assertThat(accepted[0]).isPositive().isLessThan(data.length);
          assertThat(receiveAll(server))
              .isEqualTo(Arrays.copyOf(data, Math.toIntExact(accepted[0])));
        });
  }

  @Test
  void a_send_that_was_refused_or_cancelled_before_it_began_accepted_nothing() throws Exception {
    TcpPairs.run(
        (client, _) -> {
          Nursery.open(
              nursery -> {
                nursery.cancelScope().cancel();
                assertThatExceptionOfType(Cancelled.class)
                    .isThrownBy(() -> client.sendAll(X))
                    .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(0));
              });
          client.close();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> client.sendAll(X))
              .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(0));
        });
  }

  @Test
  void net_06_after_send_eof_sending_says_so_even_while_another_task_is_busy() throws Exception {
    TcpPairs.run(
        (client, _) -> {
          client.sendEof();
          Nursery.open(
              nursery -> {
                nursery.startSoon(client::sendEof);
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(() -> client.sendAll(X))
                        .withMessage("can't send data after sending EOF"));
              });
        });
  }

  @Test
  void net_07_str_11_sending_nothing_is_a_checkpoint_until_the_stream_is_closed() throws Exception {
    TcpPairs.run(
        (client, _) -> {
          Checkpoints.assertCheckpoints(() -> client.sendAll(new byte[0]));
          Checkpoints.assertCheckpoints(() -> client.sendAll(ByteBuffer.allocateDirect(0)));
          Checkpoints.assertCheckpoints(() -> client.sendAll(List.<ByteBuffer>of()));
          client.close();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> client.sendAll(new byte[0]))
              .withMessage("this socket was already closed");
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> client.sendAll(List.<ByteBuffer>of()));
        });
  }

  @Test
  void net_08_str_13_waiting_ends_when_there_is_room_and_says_closed() throws Exception {
    TcpPairs.run(
        TcpPairs::clogged,
        (client, server) -> {
          List<String> events = new ArrayList<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      client.waitSendAllMightNotBlock();
                      events.add("room");
                      nursery.cancelScope().cancel();
                    });
                Settling.waitAllTasksBlocked(STANDSTILL);
                events.add("receiving");
                while (server.receive(_ -> {})) {
                  // until it is cancelled
                }
              });
          assertThat(events).containsExactly("receiving", "room");
          client.close();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(client::waitSendAllMightNotBlock);
        });
  }

  @Test
  void net_09_str_16_send_eof_ends_one_direction_and_may_be_repeated() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(X);
          Checkpoints.assertCheckpoints(client::sendEof);
          Checkpoints.assertCheckpoints(client::sendEof);
          assertThat(receiveAll(server)).isEqualTo(X);
          server.sendAll(X);
          server.sendEof();
          assertThat(receiveAll(client)).isEqualTo(X);
          // Both directions are shut: a second shutdown of the socket would now be an error.
          client.sendEof();
          client.close();
          assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(client::sendEof);
        });
  }

  @Test
  void net_12_str_09_a_second_sender_is_busy_and_the_first_goes_on() throws Exception {
    byte[] data = random(20_000_000);
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    client.sendAll(data);
                    client.sendEof();
                  });
              Settling.waitAllTasksBlocked(STANDSTILL);
              String message =
                  "another task is currently sending data on this SocketStream";
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(() -> client.sendAll(X))
                  .withMessage(message)
                  .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(0));
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(client::waitSendAllMightNotBlock);
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(client::sendEof);
              assertThat(receiveAll(server)).isEqualTo(data);
            }));
  }

  @Test
  void net_11_a_broken_connection_tells_the_systems_error() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          server.close();
          assertThatExceptionOfType(BrokenResourceException.class)
              .isThrownBy(
                  () -> {
                    for (;;) {
                      client.sendAll(X);
                    }
                  })
              .withMessageStartingWith("socket connection broken: send: ")
              .withCauseInstanceOf(io.triad.OsException.class);
        });
  }

  @Test
  void memory_that_was_freed_is_not_sent() throws Exception {
    TcpPairs.run(
        (client, _) -> {
          MemorySegment segment;
          ByteBuffer buffer;
          try (Arena arena = Arena.ofShared()) {
            segment = arena.allocate(8);
            buffer = segment.asByteBuffer();
            client.sendAll(buffer.duplicate());
            client.sendAll(buffer.clear());
          }
          assertThatIllegalStateException().isThrownBy(() -> client.sendAll(segment));
          assertThatIllegalStateException().isThrownBy(() -> client.sendAll(buffer.clear()));
        });
  }
}
