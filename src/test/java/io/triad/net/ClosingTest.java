package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.BrokenResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.socket.Sockets;
import io.triad.stream.AsyncResource;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testing.StreamPair;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ClosingTest {
  private static final byte[] X = {'x'};

  @Test
  void net_13_str_03_close_may_be_repeated_and_is_a_checkpoint() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          for (int i = 0; i < 3; i++) {
            Checkpoints.assertCheckpoints(client::close);
            assertThat(client).hasToString("SocketStream, closed");
          }
          assertThat(server.receiveSome()).isEmpty();
        });
  }

  @Test
  void net_13_a_descriptor_closed_behind_its_back_is_no_error() throws Exception {
    Triad.run(
        () -> {
          StreamPair<SocketStream, SocketStream> pair = TcpPairs.open();
          String text = pair.sender().toString();
          int descriptor = Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
          Loop.requireFiber().loop().platform().close(descriptor);

          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> pair.sender().sendAll(X))
              .withNoCause();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> pair.sender().receiveSome())
              .withNoCause();
          pair.sender().close();
          pair.receiver().close();
        });
  }

  @Test
  void str_01_str_02_a_cancelled_close_closes_and_then_throws() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(
              _ -> assertThatExceptionOfType(Cancelled.class).isThrownBy(client::close));
          expectClosed(client::receiveSome);
          assertThat(server.receiveSome()).isEmpty();
        });
  }

  @Test
  void str_04_pending_operations_are_woken_and_later_ones_refused() throws Exception {
    TcpPairs.run(
        TcpPairs::clogged,
        (client, _) -> {
          List<String> woken = new ArrayList<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      expectClosed(() -> client.sendAll(new byte[1_000_000]));
                      woken.add("sender");
                    });
                nursery.startSoon(
                    () -> {
                      // The other direction is clogged: there is data, so it is taken out first.
                      expectClosed(
                          () -> {
                            while (client.receive(_ -> {})) {
                              // until it is closed
                            }
                          });
                      woken.add("receiver");
                    });
                Settling.waitAllTasksBlocked(Duration.ofMillis(150));
                client.close();
              });
          assertThat(woken).containsExactlyInAnyOrder("sender", "receiver");
          expectClosed(client::receiveSome);
          expectClosed(() -> client.receive(_ -> {}));
          expectClosed(() -> client.sendAll(X));
          expectClosed(client::sendEof);
          expectClosed(client::localAddress);
          expectClosed(client::peerAddress);
          expectClosed(() -> client.getsockopt(1, 7));
          expectClosed(() -> client.setsockopt(1, 7, 1));
        });
  }

  private static void expectClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
    assertThatExceptionOfType(ClosedResourceException.class)
        .isThrownBy(action)
        .withMessage("this socket was already closed")
        .withNoCause();
  }

  @Test
  void str_05_try_with_resources_enters_without_a_checkpoint_and_closes() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          IOException body = new IOException("the body failed");
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(
                  () -> {
                    try (SocketStream entered = client) {
                      assertThat(entered).isSameAs(client);
                      throw body;
                    }
                  })
              .isSameAs(body);
          assertThat(server.receiveSome()).isEmpty();
        });
  }

  @Test
  void str_06_str_07_a_forceful_close_absorbs_only_its_own_cancellation() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          Checkpoints.assertCheckpoints(() -> AsyncResource.closeForcefully(client));
          assertThat(server.receiveSome()).isEmpty();

          CancelScope scope = new CancelScope();
          scope.cancel();
          boolean[] passed = {false};
          scope.enter(
              _ -> {
                AsyncResource.closeForcefully(server);
                passed[0] = true;
              });
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(passed[0]).as("went on although a scope around it is cancelled").isFalse();
          expectClosed(server::receiveSome);
        });
  }

  @Test
  void str_08_the_peers_close_is_never_closed() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          server.close();
          assertThat(client.receiveSome()).isEmpty();
          assertThatExceptionOfType(BrokenResourceException.class)
              .isThrownBy(
                  () -> {
                    while (client.socket().fileno() >= 0) {
                      client.sendAll(X);
                    }
                  });
        });
  }

  @Test
  void unread_data_is_given_back_by_close() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(new byte[40_000]);
          server.receiveSome(1);
          Settling.waitAllTasksBlocked();
          assertThat(Loop.requireFiber().loop().engine().buffersLent()).isPositive();
          server.close();
          assertThat(Loop.requireFiber().loop().engine().buffersLent()).isZero();
        });
  }

  @Test
  void a_stream_is_for_the_tasks_of_its_run() throws Exception {
    TcpPairs.run(
        (client, _) -> {
          List<Throwable> thrown = new ArrayList<>();
          Thread other =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        collect(thrown, () -> client.sendAll(X));
                        collect(thrown, client::receiveSome);
                        collect(thrown, () -> Triad.run(() -> client.sendAll(X)));
                        collect(thrown, () -> Triad.run(() -> client.receiveSome(1)));
                        collect(thrown, () -> Triad.run(client::close));
                      });
          other.join();
          assertThat(thrown).hasSize(5).allMatch(IllegalStateException.class::isInstance);
        });
  }

  private static void collect(
      List<Throwable> thrown, io.triad.Action<? extends Exception> action) {
    try {
      action.run();
    } catch (Throwable e) {
      thrown.add(e);
    }
  }

  @Test
  void addresses_and_options_are_those_of_the_socket() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          assertThat(client.localAddress()).isEqualTo(server.peerAddress());
          assertThat(client.peerAddress()).isEqualTo(server.localAddress());
          int level = Sockets.constant("SOL_SOCKET");
          int name = Sockets.constant("SO_KEEPALIVE");
          client.setsockopt(level, name, 1);
          assertThat(client.getsockopt(level, name)).isNotZero();
          assertThatExceptionOfType(io.triad.OsException.class)
              .isThrownBy(() -> client.setsockopt(level, 0x7fff_0000, 1))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("ENOPROTOOPT"));
        });
  }

  @Test
  void net_03_new_streams_send_at_once_and_hoard_little() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          for (SocketStream stream : List.of(client, server)) {
            int level = Sockets.constant("IPPROTO_TCP");
            assertThat(stream.getsockopt(level, Sockets.constant("TCP_NODELAY"))).isNotZero();
            if (!Kernel.isWindows()) { // which has no such option
              assertThat(stream.getsockopt(level, Sockets.constant("TCP_NOTSENT_LOWAT")))
                  .isEqualTo(16 * 1024);
            }
          }
        });
  }

  @Test
  void outside_of_a_run_nothing_opens() {
    assertThatIllegalStateException().isThrownBy(() -> Net.openTcpStream("127.0.0.1", 1));
    assertThatIllegalStateException().isThrownBy(() -> Net.openTcpListeners(0));
    assertThatCode(() -> Triad.run(() -> {})).doesNotThrowAnyException();
  }
}
