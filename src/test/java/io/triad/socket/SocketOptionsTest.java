package io.triad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.OsException;
import io.triad.Triad;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketOptionsTest {
  @Test
  void sock_31_a_bare_socket_changes_no_option() throws Exception {
    SocketPairs.fresh(
        socket -> {
          assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
          assertThat(socket.getOption(StandardSocketOptions.SO_REUSEADDR)).isFalse();
          assertThat(socket.getOption(SocketOptions.TCP_NOTSENT_LOWAT)).isNotEqualTo(16 * 1024);
        });
  }

  @Test
  void sock_32_the_older_defaults_can_be_had_and_changed_afterwards() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket socket =
              Sockets.socket(Defaults.MODERN, StandardProtocolFamily.INET6, SocketType.STREAM)) {
            assertModern(socket);
            assertThat(socket.getOption(SocketOptions.IPV6_V6ONLY)).isFalse();
            socket.setOption(StandardSocketOptions.TCP_NODELAY, false);
            socket.setOption(SocketOptions.IPV6_V6ONLY, true);
            assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
            assertThat(socket.getOption(SocketOptions.IPV6_V6ONLY)).isTrue();
          }
        });
  }

  @Test
  void sock_32_what_a_kind_of_socket_lacks_is_left_out() throws Exception {
    Triad.<Exception>run(
        () -> {
          for (StandardProtocolFamily family : List.of(StandardProtocolFamily.INET,
              StandardProtocolFamily.UNIX)) {
            try (Socket socket = Sockets.socket(Defaults.MODERN, family, SocketType.DATAGRAM)) {
              assertThat(socket.fileno()).isNotNegative();
            }
          }
        });
  }

  @Test
  void sock_32_sock_33_sock_60_connections_and_duplicates_get_what_the_socket_was_opened_with()
      throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket listener =
              Sockets.socket(Defaults.MODERN, StandardProtocolFamily.INET, SocketType.STREAM);
              Socket client = Sockets.socket()) {
            listener.bind(SocketPairs.loopback(0));
            listener.listen();
            client.connect(listener.getsockname());
            try (Socket server = listener.accept().socket();
                Socket duplicate = client.dup()) {
              assertModern(server);
              assertThat(duplicate.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
            }
          }
        });
  }

  private static void assertModern(Socket socket) throws OsException {
    assertThat(socket.getOption(StandardSocketOptions.SO_REUSEADDR)).isTrue();
    assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
    assertThat(socket.getOption(SocketOptions.TCP_NOTSENT_LOWAT)).isEqualTo(16 * 1024);
  }

  @Test
  void sock_34_sock_35_an_option_is_a_number_or_bytes() throws Exception {
    SocketPairs.fresh(
        socket -> {
          int level = Sockets.constant("IPPROTO_TCP");
          int name = Sockets.constant("TCP_NODELAY");
          socket.setsockopt(level, name, 1);
          assertThat(socket.getsockopt(level, name)).isNotZero();
          socket.setsockopt(level, name, new byte[Integer.BYTES]);
          assertThat(socket.getsockopt(level, name)).isZero();
          socket.setsockopt(level, name, 1);
          byte[] bytes = socket.getsockopt(level, name, Integer.BYTES);
          assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt())
              .isNotZero();
        });
  }

  @Test
  void sock_35_no_more_bytes_than_the_system_has_and_no_more_than_asked_for() throws Exception {
    SocketPairs.fresh(
        socket -> {
          int level = Sockets.constant("SOL_SOCKET");
          int name = Sockets.constant("SO_TYPE");
          assertThat(socket.getsockopt(level, name, 1000)).hasSize(Integer.BYTES);
          assertThatIllegalArgumentException()
              .isThrownBy(() -> socket.getsockopt(level, name, -1));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> socket.setsockopt(level, name, new byte[70_000]));
        });
  }

  @Test
  @Tag("kernel")
  void sock_34_a_null_pointer_goes_with_a_length() throws Exception {
    SocketPairs.fresh(
        socket ->
        // No option of TCP takes it, so what tells that the pointer is null is the kernel's word.
        assertThatExceptionOfType(OsException.class)
            .isThrownBy(
                () -> socket.setsockoptNull(
                    Sockets.constant("SOL_SOCKET"), Sockets.constant("SO_KEEPALIVE"), 4))
            .satisfies(e -> assertThat(e.symbol()).isEqualTo("EFAULT")));
  }

  @Test
  void sock_34_sock_35_an_option_that_there_is_not_is_the_systems_error() throws Exception {
    SocketPairs.fresh(
        socket -> {
          int level = Sockets.constant("SOL_SOCKET");
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> socket.getsockopt(level, 9999))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("ENOPROTOOPT"));
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> socket.setsockopt(level, 9999, 1))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("ENOPROTOOPT"));
        });
  }

  @Test
  void typed_options_of_the_jdk_are_those_of_the_system() throws Exception {
    SocketPairs.fresh(
        socket -> {
          for (SocketOption<Boolean> option : List.of(
              StandardSocketOptions.SO_KEEPALIVE,
              StandardSocketOptions.SO_REUSEADDR,
              StandardSocketOptions.SO_REUSEPORT,
              StandardSocketOptions.TCP_NODELAY)) {
            socket.setOption(option, true);
            assertThat(socket.getOption(option)).as(option.name()).isTrue();
            socket.setOption(option, false);
            assertThat(socket.getOption(option)).as(option.name()).isFalse();
          }
          socket.setOption(StandardSocketOptions.SO_LINGER, 7);
          assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(7);
          socket.setOption(StandardSocketOptions.SO_LINGER, -1);
          assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
          socket.setOption(SocketOptions.TCP_KEEPIDLE, 60);
          socket.setOption(SocketOptions.TCP_KEEPINTVL, 5);
          socket.setOption(SocketOptions.TCP_KEEPCNT, 3);
          assertThat(socket.getOption(SocketOptions.TCP_KEEPIDLE)).isEqualTo(60);
          assertThat(socket.getOption(named("TCP_KEEPINTERVAL", Integer.class))).isEqualTo(5);
          assertThat(socket.getOption(named("TCP_KEEPCOUNT", Integer.class))).isEqualTo(3);
          assertThat(socket.getOption(SocketOptions.SO_ACCEPTCONN)).isFalse();
          assertThat(socket.getOption(SocketOptions.SO_ERROR)).isZero();
        });
  }

  @Test
  @Tag("kernel")
  void typed_options_that_only_a_kernel_has() throws Exception {
    Triad.<Exception>run(
        () -> {
          NetworkInterface loopback = NetworkInterface.getByName("lo");
          for (StandardProtocolFamily family : List.of(StandardProtocolFamily.INET,
              StandardProtocolFamily.INET6)) {
            try (Socket socket = Sockets.socket(family, SocketType.DATAGRAM)) {
              assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP)).isTrue();
              socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 4);
              assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(4);
              socket.setOption(StandardSocketOptions.IP_TOS, 16);
              assertThat(socket.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(16);
              assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_IF)).isNull();
              socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
              if (family == StandardProtocolFamily.INET6) {
                assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_IF))
                    .isEqualTo(loopback);
              }
            }
          }
          if (!Kernel.isLinux()) {
            return; // TCP_CONGESTION and TCP_USER_TIMEOUT are options of Linux
          }
          try (Socket socket = Sockets.socket()) {
            String algorithm = socket.getOption(SocketOptions.TCP_CONGESTION);
            assertThat(algorithm).isNotEmpty().doesNotContain("\0");
            socket.setOption(SocketOptions.TCP_CONGESTION, "reno");
            assertThat(socket.getOption(SocketOptions.TCP_CONGESTION)).isEqualTo("reno");
            socket.setOption(SocketOptions.TCP_USER_TIMEOUT, 30_000);
            assertThat(socket.getOption(SocketOptions.TCP_USER_TIMEOUT)).isEqualTo(30_000);
          }
        });
  }

  @Test
  void an_option_that_the_system_has_not_is_unsupported() throws Exception {
    SocketPairs.fresh(
        socket -> {
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(() -> socket.getOption(named("SO_NOTHING", Integer.class)))
              .withMessageContaining("SO_NOTHING");
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(() -> socket.getOption(named("SO_KEEPALIVE", List.class)))
              .withMessageContaining("List");
        });
  }

  private static <T> SocketOption<T> named(String name, Class<T> type) {
    return new SocketOption<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Class<T> type() {
        return type;
      }
    };
  }
}
