package io.triad.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.BrokenResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.PartialResult;
import io.triad.TooSlowException;
import io.triad.Triad;
import io.triad.socket.Sockets;
import io.triad.stream.BufferedReceiver;
import io.triad.testing.Faults;
import io.triad.testing.Simulation;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Peers and systems that misbehave: what is thrown, how many bytes were sent, and that nothing but the
 * one connection suffers.
 */
@ExtendWith(LeakCheck.class)
@Timeout(60)
@SuppressWarnings("try") // connections are closed when their time has come
final class FaultsTest {
  /** More than any connection holds that nobody reads from. */
  private static final int TOO_MUCH = 64 << 20;

  private static final byte[] LINGER_0 = {1, 0, 0, 0, 0, 0, 0, 0};

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static SocketListener listener() throws IOException {
    return Net.openTcpListeners(0, "127.0.0.1", 16).getFirst();
  }

  private static SocketStream connect(SocketListener listener) throws IOException {
    return Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
  }

  private static void assertAlive(SocketListener listener) throws IOException {
    try (SocketStream client = connect(listener);
        SocketStream server = listener.accept()) {
      client.sendAll(bytes("x"));
      assertThat(server.receiveSome()).containsExactly('x');
    }
  }

  private static int readToEnd(SocketStream stream) throws IOException {
    int count = 0;
    for (byte[] some = stream.receiveSome(); some.length > 0; some = stream.receiveSome()) {
      count += some.length;
    }
    return count;
  }

  @Test
  void a_peer_that_never_reads_is_left_at_a_deadline_and_gets_what_was_sent() throws Exception {
    Triad.run(
        () -> {
          try (SocketListener listener = listener();
              SocketStream client = connect(listener);
              SocketStream server = listener.accept()) {
            long[] sent = {-1};
            CancelScope scope =
                Triad.<IOException>moveOnAfter(
                    Duration.ofMillis(50),
                    _ -> {
                      try {
                        client.sendAll(new byte[TOO_MUCH]);
                      } catch (Cancelled e) {
                        sent[0] = PartialResult.of(e).orElseThrow();
                        throw e;
                      }
                    });
            assertThat(scope.cancelledCaught()).isTrue();
            assertThat(sent[0]).isBetween(1L, (long) TOO_MUCH - 1);
            client.close();
            assertThat(readToEnd(server)).isEqualTo((int) sent[0]);
            assertAlive(listener);
          }
        });
  }

  @Test
  void a_slow_loris_meets_a_deadline_and_holds_up_nobody_else() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<String> outcomes = new ArrayList<>();
              SocketListener listener = listener();
              nursery.startSoon(
                  () -> Net.serveListeners(
                      List.of(listener),
                      stream -> {
                        try {
                          String line =
                              Triad.failAfter(
                                  Duration.ofMillis(100),
                                  () -> new BufferedReceiver(stream).receiveLine(US_ASCII, 100));
                          outcomes.add("served " + line);
                          stream.sendAll(bytes("ok"));
                        } catch (TooSlowException e) {
                          outcomes.add("too slow");
                        }
                      }));
              try (SocketStream loris = connect(listener)) {
                loris.sendAll(bytes("GE"));
                try (SocketStream quick = connect(listener)) {
                  quick.sendAll(bytes("GET\n"));
                  assertThat(readToEnd(quick)).isEqualTo(2);
                }
                assertThat(outcomes).as("while the other dawdles").containsExactly("served GET");
                assertThat(readToEnd(loris)).as("it is let go").isZero();
                assertThat(outcomes).containsExactly("served GET", "too slow");
              }
              nursery.cancelScope().cancel();
            }));
  }

  @Test
  void connecting_to_nothing_is_refused() throws Exception {
    Triad.run(
        () -> {
          SocketListener gone = listener();
          int port = gone.localAddress().getPort();
          gone.close();
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpStream("127.0.0.1", port))
              .returns("ECONNREFUSED", OsException::symbol);
        });
  }

  @Test
  void a_reset_in_the_middle_of_a_send_says_how_much_was_sent() throws Exception {
    Triad.run(
        () -> {
          try (SocketListener listener = listener();
              SocketStream client = connect(listener);
              SocketStream server = listener.accept()) {
            int[] read = {0};
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> assertThatExceptionOfType(BrokenResourceException.class)
                          .isThrownBy(() -> client.sendAll(new byte[TOO_MUCH]))
                          .satisfies(FaultsTest::assertReset)
                          .satisfies(
                              e -> assertThat(PartialResult.of(e).orElseThrow())
                                  .isBetween((long) read[0], (long) TOO_MUCH - 1)));
                  while (read[0] < 1_000_000) {
                    read[0] += server.receiveSome().length;
                  }
                  server.socket().setsockopt(
                      Sockets.constant("SOL_SOCKET"), Sockets.constant("SO_LINGER"), LINGER_0);
                  server.close();
                });
            assertThatExceptionOfType(BrokenResourceException.class)
                .as("and it stays broken")
                .isThrownBy(() -> client.sendAll(bytes("x")))
                .satisfies(e -> assertThat(PartialResult.of(e).orElseThrow()).isZero());
            assertAlive(listener);
          }
        });
  }

  private static void assertReset(Throwable broken) {
    assertThat(broken.getCause())
        .isInstanceOfSatisfying(
            OsException.class, cause -> assertThat(cause.symbol()).isIn("ECONNRESET", "EPIPE"));
  }

  @Test
  void each_direction_is_closed_by_itself() throws Exception {
    TcpPairs.run(
        (client, server) -> {
          client.sendAll(bytes("question"));
          client.sendEof();
          assertThat(readToEnd(server)).isEqualTo(8);
          assertThat(server.receiveSome()).as("again").isEmpty();
          for (int i = 0; i < 3; i++) {
            server.sendAll(bytes("answer"));
          }
          server.sendEof();
          assertThat(readToEnd(client)).isEqualTo(18);
          assertThat(client.receiveSome()).isEmpty();
        });
  }

  /** On the real system a process of its own is brought to its limit: ProcessLimitsTest. */
  @Test
  void net_19_without_descriptors_accepting_fails_and_the_listener_lives() throws Exception {
    Simulation.withSeed(1)
        .withFaults(Faults.NONE.withDescriptors(5))
        .run(
            () -> {
              try (SocketListener listener = listener()) {
                List<SocketStream> open = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                  open.add(connect(listener));
                  open.add(listener.accept());
                }
                assertThatExceptionOfType(OsException.class)
                    .isThrownBy(() -> connect(listener))
                    .satisfies(e -> assertThat(e.symbol()).isEqualTo("EMFILE"));
                open.removeLast().close();
                open.add(connect(listener));
                assertThatExceptionOfType(OsException.class)
                    .isThrownBy(listener::accept)
                    .satisfies(e -> assertThat(e.symbol()).isEqualTo("EMFILE"));
                open.removeFirst().close();
                open.add(listener.accept());
                for (SocketStream stream : open) {
                  stream.close();
                }
                assertAlive(listener);
              }
            });
  }
}
