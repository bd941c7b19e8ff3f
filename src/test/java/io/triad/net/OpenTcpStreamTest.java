package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class OpenTcpStreamTest {
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65536})
  void net_22_an_unusable_port_is_an_argument_error(int port) {
    Triad.run(
        () -> assertThatIllegalArgumentException()
            .isThrownBy(() -> Net.openTcpStream("127.0.0.1", port))
            .withMessageContaining(String.valueOf(port)));
  }

  @Test
  @SuppressWarnings("NullAway") // that is the test
  void net_22_no_host_is_an_argument_error_of_its_own_kind() {
    Triad.run(() -> assertThatNullPointerException().isThrownBy(() -> Net.openTcpStream(null, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void net_38_the_result_is_a_working_stream(String host) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, host, 1).getFirst();
              SocketStream client =
                  Net.openTcpStream(host, listener.localAddress().getPort());
              SocketStream server = listener.accept()) {
            server.sendAll(new byte[] {1, 2});
            assertThat(client.receiveSome()).containsExactly(1, 2);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void net_24_a_refused_connection_names_host_and_port(String host) throws Exception {
    Triad.<Exception>run(
        () -> {
          SocketListener listener = Net.openTcpListeners(0, host, 1).getFirst();
          int port = listener.localAddress().getPort();
          listener.close();
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpStream(host, port))
              .withMessageContaining(host.contains(":") ? "]:" + port : host + ":" + port)
              .withMessageContaining("ECONNREFUSED (Connection refused)")
              .satisfies(
                  e -> {
                    assertThat(e.symbol()).isEqualTo("ECONNREFUSED");
                    assertThat(e.call()).startsWith("connect to ");
                  });
        });
  }

  @Test
  void a_name_is_looked_up_elsewhere() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
              SocketStream client =
                  Net.openTcpStream("localhost", listener.localAddress().getPort());
              SocketStream server = listener.accept()) {
            assertThat(server.peerAddress()).isEqualTo(client.localAddress());
          }
          assertThatExceptionOfType(UnknownHostException.class)
              .isThrownBy(() -> Net.openTcpStream("no-such-host.invalid", 1))
              .withMessageContaining("no-such-host.invalid");
        });
  }

  @Test
  void net_33_cancelled_it_closes_the_socket_and_only_cancelled_leaves() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int port = listener.localAddress().getPort();
            List<SocketStream> connected = new ArrayList<>();
            CancelScope scope = new CancelScope();
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> scope.enter(
                          _ -> {
                            // With its backlog full the system ignores further attempts.
                            while (connected.size() < 100) {
                              connected.add(Net.openTcpStream("127.0.0.1", port));
                            }
                          }));
                  Settling.waitAllTasksBlocked(Duration.ofMillis(100));
                  scope.cancel();
                });
            assertThat(scope.cancelledCaught()).isTrue();
            assertThat(connected).hasSizeBetween(1, 10);
            for (SocketStream stream : connected) {
              stream.close();
            }
          }
        });
  }
}
