package io.triad.net;

import static io.triad.socket.Sockets.constant;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.Triad;
import io.triad.socket.Socket;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** The options that sockets have when nobody asks for any, read back from the system. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class DefaultsTest {
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
              assertThat(stream.getsockopt(constant("IPPROTO_TCP"), constant("TCP_NODELAY")))
                  .isNotZero();
              assertHoardsLittle(stream.socket());
            }
          });
    }
  }

  private static void assertHoardsLittle(Socket socket) throws IOException {
    if (!Kernel.isWindows()) { // which has no such option
      assertThat(socket.getsockopt(constant("IPPROTO_TCP"), constant("TCP_NOTSENT_LOWAT")))
          .isEqualTo(16384);
    }
  }

  @Test
  void net_03_connections_have_their_options_from_the_listener() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int port = listener.localAddress().getPort();
            assertThat(
                listener.socket().getsockopt(constant("IPPROTO_TCP"), constant("TCP_NODELAY")))
                .isNotZero();
            assertHoardsLittle(listener.socket());
            for (int i = 0; i < 3; i++) { // the first is asked whether it has them, the others not
              try (SocketStream client = Net.openTcpStream("127.0.0.1", port);
                  SocketStream server = listener.accept()) {
                assertThat(client.getsockopt(constant("IPPROTO_TCP"), constant("TCP_NODELAY")))
                    .isNotZero();
                assertThat(server.getsockopt(constant("IPPROTO_TCP"), constant("TCP_NODELAY")))
                    .isNotZero();
                assertHoardsLittle(server.socket());
              }
            }
          }
        });
  }

  @Test
  @DisabledOnOs(
      value = OS.WINDOWS,
      disabledReason = "AcceptEx hands the options of the listener on, and is not asked whether")
  void no_call_is_spent_on_what_the_system_hands_on() throws Exception {
    connected(
        "127.0.0.1",
        (listener, client, server) -> {
          listener.socket().setsockopt(constant("IPPROTO_TCP"), constant("TCP_NODELAY"), 0);
          try (SocketStream other =
              Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
              SocketStream accepted = listener.accept()) {
            assertThat(other.getsockopt(constant("IPPROTO_TCP"), constant("TCP_NODELAY")))
                .isNotZero();
            assertThat(accepted.getsockopt(constant("IPPROTO_TCP"), constant("TCP_NODELAY")))
                .as("not set again").isZero();
          }
        });
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has SO_EXCLUSIVEADDRUSE for that")
  void net_44_listeners_can_be_opened_again_at_once_and_have_their_port_alone() throws Exception {
    connected(
        "127.0.0.1",
        (listener, client, server) -> {
          assertThat(listener.socket().getsockopt(constant("SOL_SOCKET"), constant("SO_REUSEADDR")))
              .isNotZero();
          assertThat(listener.socket().getsockopt(constant("SOL_SOCKET"), constant("SO_REUSEPORT")))
              .isZero();
        });
    connected(
        "::1",
        (listener, client, server) -> assertThat(
            listener.socket().getsockopt(constant("IPPROTO_IPV6"), constant("IPV6_V6ONLY")))
            .isNotZero());
  }

  @Test
  void nothing_else_is_changed() throws Exception {
    connected(
        "127.0.0.1",
        (listener, client, server) -> {
          for (SocketStream stream : List.of(client, server)) {
            assertThat(stream.getsockopt(constant("SOL_SOCKET"), constant("SO_KEEPALIVE")))
                .isZero();
          }
          assertThat(client.getsockopt(constant("SOL_SOCKET"), constant("SO_REUSEADDR"))).isZero();
        });
  }

  @Test
  @Tag("kernel") // looks at the process
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no /proc")
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
