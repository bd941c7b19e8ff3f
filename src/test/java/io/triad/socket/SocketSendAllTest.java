package io.triad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketSendAllTest {
  private static final int TEN_MEGABYTES = 10 * 1024 * 1024;

  @Test
  void sock_69_sock_71_ten_megabytes_reach_a_slow_reader() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          byte[] data = new byte[TEN_MEGABYTES];
          new Random(1).nextBytes(data);
          byte[] received = new byte[TEN_MEGABYTES];
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      client.sendAll(data);
                      client.shutdown(Direction.WRITE);
                    });
                Settling.waitAllTasksBlocked();
                ByteBuffer into = ByteBuffer.wrap(received);
                while (into.hasRemaining()) {
                  assertThat(server.recvInto(into)).isPositive();
                }
                assertThat(server.recv(1)).isEmpty();
              });
          assertThat(received).isEqualTo(data);
        });
  }

  @Test
  void sock_69_every_form_of_data_is_sent_whole() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          ByteBuffer heap = ByteBuffer.wrap(new byte[] {0, 1, 2}).position(1);
          ByteBuffer direct = ByteBuffer.allocateDirect(2).put(new byte[] {3, 4}).flip();
          one.sendAll(heap);
          one.sendAll(direct);
          one.sendAll(SocketPairs.nativeBytes((byte) 5));
          one.sendAll(new byte[] {6});
          assertThat(heap.hasRemaining()).isFalse();
          assertThat(direct.hasRemaining()).isFalse();
          assertThat(other.recv(10)).containsExactly(1, 2, 3, 4, 5, 6);
        });
  }

  @Test
  void sock_70_a_cancelled_one_says_how_much_was_accepted() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          byte[] complete = new byte[1000];
          one.sendAll(complete);
          List<Cancelled> left = new ArrayList<>();
          CancelScope scope = new CancelScope();
          ByteBuffer data = ByteBuffer.allocate(TEN_MEGABYTES);
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> scope.enter(
                        _ -> {
                          try {
                            one.sendAll(data);
                          } catch (Cancelled e) {
                            left.add(e);
                            throw e;
                          }
                        }));
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          assertThat(scope.cancelledCaught()).isTrue();
          long accepted = PartialResult.of(left.getFirst()).orElseThrow();
          assertThat(data.position()).isEqualTo(accepted);
          one.shutdown(Direction.WRITE);
          assertThat(count(other)).isEqualTo(complete.length + accepted);
        });
  }

  private static long count(Socket socket) throws IOException {
    long count = 0;
    for (int more = socket.recv(100_000).length; more > 0; more = socket.recv(100_000).length) {
      count += more;
    }
    return count;
  }

  @Test
  void sock_70_a_reset_in_the_middle_says_how_much_was_accepted() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          long[] received = {0};
          Throwable[] thrown = new Throwable[1];
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> thrown[0] =
                        catchThrowable(() -> client.sendAll(new byte[TEN_MEGABYTES * 5])));
                Settling.waitAllTasksBlocked();
                while (received[0] < 100_000) {
                  received[0] += server.recv(50_000).length;
                }
                server.setOption(StandardSocketOptions.SO_LINGER, 0);
                server.close(); // a reset
              });
          assertThat(thrown[0])
              .isInstanceOfSatisfying(
                  OsException.class,
                  e -> assertThat(e.symbol()).isIn("ECONNRESET", "EPIPE"));
          assertThat(PartialResult.of(thrown[0]).orElseThrow())
              .isGreaterThanOrEqualTo(received[0])
              .isLessThan(TEN_MEGABYTES * 5);
        });
  }

  @Test
  void sock_70_nothing_was_accepted_by_a_closed_socket() throws Exception {
    SocketPairs.fresh(
        socket -> {
          socket.close();
          Throwable thrown = catchThrowable(() -> socket.sendAll(new byte[1]));
          assertThat(thrown).isInstanceOf(OsException.class);
          assertThat(PartialResult.of(thrown)).hasValue(0);
        });
  }

  @Test
  void sock_72_sending_nothing_is_a_checkpoint_and_no_call() throws Exception {
    SocketPairs.fresh(
        socket -> {
          Checkpoints.assertCheckpoints(() -> socket.sendAll(new byte[0]));
          socket.close(); // which a call would notice
          Checkpoints.assertCheckpoints(() -> socket.sendAll(ByteBuffer.allocate(0)));
        });
  }

  @Test
  void a_reset_is_told_to_who_receives() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          server.setOption(StandardSocketOptions.SO_LINGER, 0);
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(OsException.class)
                        .isThrownBy(() -> client.recv(1))
                        .satisfies(e -> assertThat(e.symbol()).isEqualTo("ECONNRESET")));
                Settling.waitAllTasksBlocked();
                server.close();
              });
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> client.send(new byte[1]))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EPIPE"));
        });
  }

  @Test
  void sock_67_a_thousand_sockets_are_waited_for_at_once() throws Exception {
    int many = 1000;
    Triad.<Exception>run(
        () -> {
          List<Socket> sockets = new ArrayList<>();
          for (int i = 0; i < many / 2; i++) {
            sockets.addAll(Sockets.socketpair());
          }
          int[] woken = {0};
          Nursery.open(
              nursery -> {
                for (Socket socket : sockets) {
                  nursery.startSoon(
                      () -> {
                        assertThat(socket.recv(10)).hasSize(1);
                        woken[0]++;
                      });
                }
                Settling.waitAllTasksBlocked();
                assertThat(woken[0]).isZero();
                for (Socket socket : sockets) {
                  socket.send(new byte[1]);
                }
              });
          assertThat(woken[0]).isEqualTo(many);
          CancelScope scope = new CancelScope();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> scope.enter(
                        _ -> Nursery.open(
                            inner -> {
                              for (Socket socket : sockets) {
                                inner.startSoon(() -> socket.recv(10));
                              }
                            })));
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          assertThat(scope.cancelledCaught()).isTrue();
          for (Socket socket : sockets) {
            socket.close();
          }
        });
  }
}
