package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.Triad;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The options that sockets have when nobody asks for any, read back from the system. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class DefaultsTest {
  private static final int SOL_SOCKET = 1; // socket(7), on Linux and in the simulated world
  private static final int SO_REUSEADDR = 2;
  private static final int SO_KEEPALIVE = 9;
  private static final int SO_REUSEPORT = 15;
  private static final int IPPROTO_TCP = 6; // tcp(7)
  private static final int TCP_NODELAY = 1;
  private static final int TCP_NOTSENT_LOWAT = 25;
  private static final int IPPROTO_IPV6 = 41; // ipv6(7)
  private static final int IPV6_V6ONLY = 26;

  private interface Action {
    void run(SocketListener listener, SocketStream client, SocketStream server) throws Exception;
  }

  private static void connected(String host, Action action) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, host, 1).getFirst();
              SocketStream client =
                  Net.openTcpStream(host, listener.localAddress().getPort());
              SocketStream server = listener.accept()) {
            action.run(listener, client, server);
          }
        });
  }

  @Test
  void net_03_streams_send_small_messages_at_once_and_hoard_little() throws Exception {
    for (String host : List.of("127.0.0.1", "::1")) {
      connected(
          host,
          (listener, client, server) -> {
            for (SocketStream stream : List.of(client, server)) {
              assertThat(stream.getsockopt(IPPROTO_TCP, TCP_NODELAY)).isEqualTo(1);
              assertThat(stream.getsockopt(IPPROTO_TCP, TCP_NOTSENT_LOWAT)).isEqualTo(16384);
            }
          });
    }
  }

  @Test
  void net_03_connections_have_their_options_from_the_listener() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int port = listener.localAddress().getPort();
            assertThat(listener.socket().getsockopt(IPPROTO_TCP, TCP_NODELAY)).isEqualTo(1);
            assertThat(listener.socket().getsockopt(IPPROTO_TCP, TCP_NOTSENT_LOWAT))
                .isEqualTo(16384);
            for (int i = 0; i < 3; i++) { // the first is asked whether it has them, the others not
              try (SocketStream client = Net.openTcpStream("127.0.0.1", port);
                  SocketStream server = listener.accept()) {
                assertThat(client.getsockopt(IPPROTO_TCP, TCP_NODELAY)).isEqualTo(1);
                assertThat(server.getsockopt(IPPROTO_TCP, TCP_NODELAY)).isEqualTo(1);
                assertThat(server.getsockopt(IPPROTO_TCP, TCP_NOTSENT_LOWAT)).isEqualTo(16384);
              }
            }
          }
        });
  }

  @Test
  void no_call_is_spent_on_what_the_system_hands_on() throws Exception {
    connected(
        "127.0.0.1",
        (listener, client, server) -> {
          listener.socket().setsockopt(IPPROTO_TCP, TCP_NODELAY, 0);
          try (SocketStream other =
              Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
              SocketStream accepted = listener.accept()) {
            assertThat(other.getsockopt(IPPROTO_TCP, TCP_NODELAY)).isEqualTo(1);
            assertThat(accepted.getsockopt(IPPROTO_TCP, TCP_NODELAY)).as("not set again").isZero();
          }
        });
  }

  @Test
  void net_44_listeners_can_be_opened_again_at_once_and_have_their_port_alone() throws Exception {
    connected(
        "127.0.0.1",
        (listener, client, server) -> {
          assertThat(listener.socket().getsockopt(SOL_SOCKET, SO_REUSEADDR)).isEqualTo(1);
          assertThat(listener.socket().getsockopt(SOL_SOCKET, SO_REUSEPORT)).isZero();
        });
    connected(
        "::1",
        (listener, client, server) -> assertThat(
            listener.socket().getsockopt(IPPROTO_IPV6, IPV6_V6ONLY))
            .isEqualTo(1));
  }

  @Test
  void nothing_else_is_changed() throws Exception {
    connected(
        "127.0.0.1",
        (listener, client, server) -> {
          for (SocketStream stream : List.of(client, server)) {
            assertThat(stream.getsockopt(SOL_SOCKET, SO_KEEPALIVE)).isZero();
          }
          assertThat(client.getsockopt(SOL_SOCKET, SO_REUSEADDR)).isZero();
        });
  }

  @Test
  @Tag("kernel") // looks at the process
  void children_inherit_no_socket() throws Exception {
    connected(
        "127.0.0.1",
        (listener, client, server) -> {
          for (int descriptor : new int[] {
            listener.socket().fileno(), client.socket().fileno(), server.socket().fileno()
          }) {
            assertThat(flags(descriptor) & 02000000).as("O_CLOEXEC").isNotZero();
          }
        });
  }

  /** proc_pid_fdinfo(5): octal. */
  private static int flags(int descriptor) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(descriptor))).stream()
        .filter(line -> line.startsWith("flags:"))
        .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
        .findFirst()
        .orElseThrow();
  }
}
