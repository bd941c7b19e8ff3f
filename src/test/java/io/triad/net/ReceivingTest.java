package io.triad.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.stream.Chunk;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ReceivingTest {
  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  @Test
  void str_14_an_array_has_one_byte_up_to_the_limit_and_the_rest_comes_next() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("abcdef"));
          assertThat(text(server.receiveSome(2))).isEqualTo("ab");
          assertThat(text(server.receiveSome(1))).isEqualTo("c");
          assertThat(text(server.receiveSome())).isEqualTo("def");
          client.sendEof();
          assertThat(server.receiveSome(1)).isEmpty();
          assertThat(server.receiveSome()).as("again").isEmpty();
        });
  }

  @Test
  void buffers_are_filled_from_position_to_limit() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          for (ByteBuffer buffer : List.of(ByteBuffer.allocate(6), ByteBuffer.allocateDirect(6))) {
            client.sendAll(bytes("abcd"));
            buffer.put((byte) '-').limit(4);

            assertThat(server.receiveSome(buffer)).isEqualTo(3);
            assertThat(buffer.position()).isEqualTo(4);
            assertThat(server.receiveSome(buffer.limit(6))).isEqualTo(1);
            byte[] content = new byte[5];
            buffer.get(0, content);
            assertThat(text(content)).isEqualTo("-abcd");
          }
          client.sendEof();
          ByteBuffer buffer = ByteBuffer.allocate(1);
          assertThat(server.receiveSome(buffer)).isEqualTo(-1);
          assertThat(buffer.position()).isZero();
        });
  }

  @Test
  void segments_are_filled_from_the_front() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          MemorySegment heap = MemorySegment.ofArray(new byte[3]);
          MemorySegment offHeap = Arena.ofAuto().allocate(3);
          for (MemorySegment segment : List.of(heap, offHeap)) {
            client.sendAll(bytes("abcd"));
            assertThat(server.receiveSome(segment)).isEqualTo(3);
            assertThat(text(segment.toArray(ValueLayout.JAVA_BYTE))).isEqualTo("abc");
            assertThat(server.receiveSome(segment)).isEqualTo(1);
            assertThat(text(segment.toArray(ValueLayout.JAVA_BYTE))).isEqualTo("dbc");
          }
          client.sendEof();
          assertThat(server.receiveSome(heap)).isEqualTo(-1);
        });
  }

  @Test
  void a_loan_gives_every_byte_without_a_copy_until_the_end() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("abc"));
          assertThat(text(server.receiveSome(1))).isEqualTo("a");
          boolean more =
              server.receive(
                  chunk -> {
                    assertThat(chunk.length()).isEqualTo(2);
                    assertThat(chunk.segment().isNative()).isTrue();
                    assertThat(chunk.nativeAddress()).isEqualTo(chunk.segment().address());
                    assertThat(text(chunk.toArray())).isEqualTo("bc");
                    assertThat(chunk.get(1)).isEqualTo((byte) 'c');
                    assertThat(chunk.buffer().isReadOnly()).isTrue();
                  });
          assertThat(more).isTrue();
          client.sendEof();
          assertThat(server.receive(_ -> {})).isFalse();
        });
  }

  @Test
  void a_chunk_is_dead_after_its_loan() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("abc"));
          List<Chunk> kept = new ArrayList<>();
          server.receive(kept::add);

          assertThatIllegalStateException().isThrownBy(() -> kept.getFirst().get(0));
          assertThatIllegalStateException().isThrownBy(() -> kept.getFirst().length());
          assertThatIllegalStateException().isThrownBy(() -> kept.getFirst().segment());
          assertThatIllegalStateException().isThrownBy(() -> server.sendAll(kept.getFirst()));
        });
  }

  @Test
  void a_loan_whose_action_throws_has_consumed_its_bytes() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("abc"));
          assertThatExceptionOfType(InterruptedException.class)
              .isThrownBy(
                  () -> server.receive(
                      _ -> {
                        throw new InterruptedException();
                      }));
          client.sendAll(bytes("d"));
          assertThat(text(server.receiveSome())).isEqualTo("d");
        });
  }

  @Test
  void receiving_during_a_loan_is_busy() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("abc"));
          server.receive(
              chunk -> {
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(() -> server.receiveSome());
                assertThat(chunk.length()).isEqualTo(3);
              });
          client.sendAll(bytes("d"));
          assertThat(text(server.receiveSome())).isEqualTo("d");
        });
  }

  @Test
  void a_stream_closed_during_a_loan_leaves_the_chunk_alone() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("abc"));
          server.receive(
              chunk -> {
                server.close();
                assertThat(text(chunk.toArray())).isEqualTo("abc");
              });
        });
  }

  @Test
  void net_10_limits_below_one_and_places_without_room_are_refused() throws Exception {
    TcpPairs.run(
        (_, server) -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> server.receiveSome(0))
              .withMessageContaining(">= 1");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> server.receiveSome(ByteBuffer.allocate(1).asReadOnlyBuffer()));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> server.receiveSome(ByteBuffer.allocate(0)));
          assertThatIllegalArgumentException()
              .isThrownBy(
                  () -> server.receiveSome(MemorySegment.ofArray(new byte[1]).asReadOnly()));
        });
  }

  @Test
  void str_09_a_second_receiver_is_busy_and_the_first_goes_on() throws Exception {
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              List<String> received = new ArrayList<>();
              nursery.startSoon(() -> received.add(text(server.receiveSome())));
              Settling.waitAllTasksBlocked();
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(() -> server.receiveSome())
                  .withMessageContaining("receiving data from this SocketStream");
              server.sendAll(bytes("sending does not conflict"));
              client.sendAll(bytes("x"));
              Settling.waitAllTasksBlocked();
              assertThat(received).containsExactly("x");
            }));
  }

  @Test
  void net_14_what_arrived_before_the_peer_closed_comes_first() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("last words"));
          client.close();
          Settling.waitAllTasksBlocked();
          assertThat(text(server.receiveSome())).isEqualTo("last words");
          assertThat(server.receiveSome()).isEmpty();
        });
  }

  @Test
  void net_16_str_08_a_reset_is_broken_with_its_cause_and_not_an_end() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("never read"));
          Settling.waitAllTasksBlocked();
          server.close(); // with unread data, which TCP answers with a reset: RFC 2525, 2.17

          for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(BrokenResourceException.class)
                .isThrownBy(() -> client.receiveSome())
                .withMessageContaining("socket connection broken")
                .satisfies(
                    e -> assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                            OsException.class,
                            cause -> assertThat(cause.symbol()).isEqualTo("ECONNRESET")));
          }
        });
  }

  @Test
  void a_cancelled_receive_loses_nothing_that_comes_later() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> server.receiveSome());
                Settling.waitAllTasksBlocked();
                nursery.cancelScope().cancel();
              });
          client.sendAll(bytes("x"));
          assertThat(text(server.receiveSome())).isEqualTo("x");
        });
  }

  @Test
  void a_receive_cancelled_while_data_arrives_loses_none_of_it() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          ByteArrayOutputStream received = new ByteArrayOutputStream();
          for (int i = 0; i < 200; i++) {
            byte[] message = bytes("message " + i + ";");
            CancelScope scope = new CancelScope();
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> scope.enter(_ -> received.writeBytes(server.receiveSome())));
                  nursery.startSoon(
                      () -> {
                        client.sendAll(message);
                        scope.cancel();
                      });
                });
          }
          client.sendEof();
          while (server.receive(chunk -> received.writeBytes(chunk.toArray()))) {
            // until the end
          }
          StringBuilder expected = new StringBuilder();
          for (int i = 0; i < 200; i++) {
            expected.append("message ").append(i).append(';');
          }
          assertThat(received.toString(US_ASCII)).isEqualTo(expected.toString());
        });
  }

  @Test
  void receiving_is_a_checkpoint_whether_data_is_there_or_not() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("ab"));
          Checkpoints.assertCheckpoints(() -> server.receiveSome(1));
          Checkpoints.assertCheckpoints(() -> server.receiveSome(ByteBuffer.allocate(1)));
          client.sendEof();
          Checkpoints.assertCheckpoints(() -> server.receive(_ -> {}));
          Checkpoints.assertCheckpoints(() -> server.receiveSome());
        });
  }
}
