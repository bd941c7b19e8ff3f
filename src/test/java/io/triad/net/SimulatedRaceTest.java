package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.Action;
import io.triad.CancelScope;
import io.triad.ExceptionGroup;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.testing.Simulation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Happy eyeballs with real sockets, on a network where hosts are silent or out of reach. */
@Timeout(60)
final class SimulatedRaceTest {
  private static final InetAddress SILENT = InetAddress.ofLiteral("2001:db8:1::1");
  private static final InetAddress NO_ROUTE = InetAddress.ofLiteral("2001:db8:2::1");
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  private final Simulation simulation =
      Simulation.withSeed(1)
          .withHost("silent.example", SILENT, HERE)
          .withHost("lost.example", NO_ROUTE, HERE)
          .withHost("dead.example", SILENT, InetAddress.ofLiteral("198.51.100.1"));

  /** Runs in the simulation, and asserts that no socket stays open. */
  private void run(Action<Exception> body) throws Exception {
    simulation.<Exception>run(
        () -> {
          int before = openDescriptors();
          body.run();
          assertThat(openDescriptors()).as("descriptors left open").isEqualTo(before);
        });
  }

  private static int openDescriptors() {
    Loop loop = Loop.current();
    assertThat(loop).isNotNull();
    return loop.platform().openDescriptors();
  }

  private static long millis() {
    return Triad.currentTime().toMillis();
  }

  private static void connectTo(String host) throws IOException {
    try (SocketListener listener = Net.openTcpListeners(7777, "127.0.0.1", 1).getFirst();
        SocketStream client = Net.openTcpStream(host, 7777);
        SocketStream server = listener.accept()) {
      assertThat(client.peerAddress()).isEqualTo(new InetSocketAddress(HERE, 7777));
      server.sendAll(new byte[] {42});
      assertThat(client.receiveSome()).containsExactly(42);
    }
  }

  @Test
  void net_26_net_28_a_silent_address_costs_a_quarter_of_a_second_and_its_socket_is_closed()
      throws Exception {
    run(
        () -> {
          connectTo("silent.example");
          assertThat(millis()).isBetween(250L, 260L);
        });
  }

  @Test
  void net_26_an_address_out_of_reach_costs_nothing() throws Exception {
    run(
        () -> {
          connectTo("lost.example");
          assertThat(millis()).isLessThan(250);
        });
  }

  @Test
  void net_32_the_last_failure_ends_it() throws Exception {
    run(
        () -> {
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpStream("dead.example", 80))
              .satisfies(
                  e -> {
                    assertThat(e.symbol()).isEqualTo("ETIMEDOUT");
                    assertThat(((ExceptionGroup) e.getCause()).exceptions())
                        .extracting(each -> ((OsException) each).symbol())
                        .containsExactly("EHOSTUNREACH", "ETIMEDOUT");
                  });
          assertThat(millis() / 1000).as("seconds that TCP tries").isEqualTo(127);
        });
  }

  @Test
  void net_33_cancelled_between_two_attempts_it_closes_both() throws Exception {
    run(
        () -> {
          CancelScope scope =
              Triad.moveOnAfter(
                  Duration.ofSeconds(1), _ -> Net.openTcpStream("dead.example", 80));
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(millis()).isEqualTo(1000);
        });
  }

  @Test
  void a_host_that_has_no_name_is_unknown_and_nobody_outside_is_asked() throws Exception {
    run(
        () -> assertThatExceptionOfType(UnknownHostException.class)
            .isThrownBy(() -> Net.openTcpStream("elsewhere.example", 80)));
  }
}
