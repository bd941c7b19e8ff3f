package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.ClosedResourceException;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@ExtendWith(LeakCheck.class)
final class LocalConnectionsTest {
  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "0.0.0.0, 127.0.0.1", "::1, ::1", "::, ::1"})
  void test_44_a_listener_is_reached_at_its_address_or_by_loopback(String host, String reached)
      throws IOException {
    Triad.<IOException>run(
        () -> {
          SocketListener listener = Net.openTcpListeners(0, host, 1).getFirst();
          try (listener;
              SocketStream client = LocalConnections.openStreamToSocketListener(listener);
              SocketStream server = listener.accept()) {
            assertThat(server.localAddress().getAddress())
                .isEqualTo(InetAddress.ofLiteral(reached));
            client.sendAll(new byte[] {1});
            assertThat(server.receiveSome()).containsExactly(1);
          }
        });
  }

  @Test
  void test_44_a_closed_listener_is_not_reached() throws IOException {
    Triad.<IOException>run(
        () -> {
          SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
          listener.close();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> LocalConnections.openStreamToSocketListener(listener));
        });
  }
}
