package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class LingeringCloseTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void the_last_answer_survives_what_the_peer_still_sends() throws Exception {
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              client.sendAll(new byte[1000]); // which the server will not read
              nursery.startSoon(
                  () -> {
                    server.sendAll(new byte[] {1, 2, 3});
                    server.lingeringClose(LONG);
                  });
              Settling.waitAllTasksBlocked();
              client.sendAll(new byte[1000]);
              assertThat(client.receiveSome()).containsExactly(1, 2, 3);
              assertThat(client.receiveSome()).isEmpty();
              client.sendEof();
            }));
  }

  @Test
  void a_silent_peer_is_given_up() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          server.lingeringClose(Duration.ofMillis(10));
          assertThat(server).hasToString("SocketStream, closed");
          assertThat(client.receiveSome()).isEmpty();
        });
  }

  @Test
  void a_peer_that_never_stops_is_given_up() throws Exception {
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> assertThatExceptionOfType(BrokenResourceException.class)
                      .isThrownBy(() -> sendForEver(client)));
              server.lingeringClose(LONG, 100_000);
            }));
  }

  private static void sendForEver(SocketStream stream) throws IOException {
    for (;;) {
      stream.sendAll(new byte[1000]);
    }
  }

  @Test
  void a_broken_connection_is_simply_closed() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          server.sendAll(new byte[10]);
          client.close(); // unread data: a reset
          Triad.checkpoint();
          server.lingeringClose(LONG);
          Checkpoints.assertCheckpoints(() -> server.lingeringClose(LONG));
        });
  }

  @Test
  void cancelled_it_closes_at_once() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          CancelScope scope = new CancelScope();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> scope.enter(_ -> server.lingeringClose(LONG)));
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(server).hasToString("SocketStream, closed");
        });
  }

  @Test
  void with_another_receiver_it_closes_and_says_so() throws Exception {
    TcpPairs.run(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> assertThatExceptionOfType(ClosedResourceException.class)
                      .isThrownBy(() -> server.receiveSome()));
              Settling.waitAllTasksBlocked();
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(() -> server.lingeringClose(LONG));
              assertThat(server).hasToString("SocketStream, closed");
            }));
  }

  @Test
  void negative_numbers_are_refused() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> server.lingeringClose(Duration.ofMillis(-1)));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> server.lingeringClose(LONG, -1));
        });
  }
}
