package io.triad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.Tasks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketConnectTest {
  /** Made before descriptors are counted, because it takes random numbers to make one. */
  @TempDir
  static Path folder;

  @Test
  void sock_60_accept_returns_a_bare_socket_and_who_it_is_with() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket listener = SocketPairs.listener();
              Socket client = Sockets.socket()) {
            client.connect(listener.getsockname());
            Accepted accepted = listener.accept();
            try (Socket server = accepted.socket()) {
              assertThat(accepted.address()).isEqualTo(client.getsockname());
              assertThat(server.family()).isEqualTo(listener.family());
              assertThat(server.type()).isEqualTo(listener.type());
              assertThat(server.getInheritable()).isFalse();
              assertThat(server.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
            }
          }
        });
  }

  @Test
  void sock_60_over_ipv6() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket listener = Sockets.socket(StandardProtocolFamily.INET6, SocketType.STREAM);
              Socket client = Sockets.socket(StandardProtocolFamily.INET6, SocketType.STREAM)) {
            listener.bind(new InetSocketAddress("::1", 0));
            listener.listen();
            client.connect(listener.getsockname());
            Accepted accepted = listener.accept();
            accepted.socket().close();
            assertThat(accepted.address()).isEqualTo(client.getsockname());
          }
        });
  }

  @Test
  void sock_61_listen_does_not_wait() throws Exception {
    SocketPairs.fresh(
        socket -> {
          socket.bind(SocketPairs.loopback(0));
          Checkpoints.assertNoCheckpoints(socket::listen);
          assertThat(socket.getOption(SocketOptions.SO_ACCEPTCONN)).isTrue();
          socket.listen(5);
        });
  }

  @Test
  void sock_62_bind_is_a_checkpoint() throws Exception {
    SocketPairs.fresh(
        socket -> {
          Checkpoints.assertCheckpoints(() -> socket.bind(SocketPairs.loopback(0)));
          assertThat(((InetSocketAddress) socket.getsockname()).getPort()).isPositive();
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> socket.bind(SocketPairs.loopback(0)))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EINVAL"));
        });
    SocketPairs.fresh(
        socket -> {
          Tasks.assertCancelPoint(() -> socket.bind(SocketPairs.loopback(0)));
          assertThat(((InetSocketAddress) socket.getsockname()).getPort()).isZero();
          Checkpoints.assertNoCheckpoints(() -> socket.bindNow(SocketPairs.loopback(0)));
          assertThat(((InetSocketAddress) socket.getsockname()).getPort()).isPositive();
        });
  }

  @Test
  void sock_62_an_address_that_is_taken_is_the_systems_error() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket listener = SocketPairs.listener();
              Socket other = Sockets.socket()) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> other.bind(listener.getsockname()))
                .satisfies(
                    e -> {
                      assertThat(e.symbol()).isEqualTo("EADDRINUSE");
                      assertThat(e.call()).contains("127.0.0.1");
                    });
          }
        });
  }

  @Test
  void sock_62_a_path_is_bound_and_connected_to() throws Exception {
    Triad.<Exception>run(
        () -> {
          UnixDomainSocketAddress path = UnixDomainSocketAddress.of(folder.resolve("a socket"));
          try (Socket listener = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.STREAM);
              Socket client = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.STREAM)) {
            Checkpoints.assertCheckpoints(() -> listener.bind(path));
            assertThat(listener.getsockname()).isEqualTo(path);
            listener.listen();
            client.connect(path);
            assertThat(client.getpeername()).isEqualTo(path);
            Accepted accepted = listener.accept();
            try (Socket server = accepted.socket()) {
              assertThat(accepted.address()).isEqualTo(UnixDomainSocketAddress.of(""));
              client.sendAll(new byte[] {1});
              assertThat(server.recv(10)).containsExactly(1);
            }
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> listener.bind(path))
                .satisfies(e -> assertThat(e.symbol()).isIn("EINVAL", "EADDRINUSE"));
          }
        });
  }

  @Test
  @Tag("kernel")
  void sock_62_a_path_is_a_file_and_may_be_refused() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket socket = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.STREAM)) {
            Path missing = folder.resolve("missing").resolve("socket");
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> socket.bind(UnixDomainSocketAddress.of(missing)))
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("ENOENT"));
            Path umlaut = folder.resolve("söcket");
            socket.bind(UnixDomainSocketAddress.of(umlaut));
            assertThat(Files.exists(umlaut)).isTrue();
            assertThat(socket.getsockname()).isEqualTo(UnixDomainSocketAddress.of(umlaut));
          }
          try (Socket socket = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.STREAM)) {
            Path long200 = folder.resolve("x".repeat(200));
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> socket.bind(UnixDomainSocketAddress.of(long200)))
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("ENAMETOOLONG"));
          }
        });
  }

  @Test
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "abstract names are Linux's own")
  void abstract_names_are_in_no_file_system() throws Exception {
    Triad.<Exception>run(
        () -> {
          AbstractUnixAddress name =
              AbstractUnixAddress.of("triad test " + ProcessHandle.current().pid());
          try (Socket one = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.DATAGRAM);
              Socket other = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.DATAGRAM)) {
            one.bind(name);
            assertThat(one.getsockname()).isEqualTo(name).hasToString("@" + text(name));
            other.sendTo(new byte[] {4}, name);
            ReceivedFrom received = one.recvFrom(10);
            assertThat(received.data()).containsExactly(4);
            other.connect(name);
            other.send(new byte[] {5});
            assertThat(one.recv(10)).containsExactly(5);
          }
        });
  }

  private static String text(AbstractUnixAddress address) {
    return new String(address.name(), StandardCharsets.UTF_8);
  }

  @Test
  void raw_addresses_are_passed_as_they_are() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket socket = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.DATAGRAM)) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> socket.connect(RawSocketAddress.of(new byte[] {99, 99, 1, 2})))
                .satisfies(
                    e -> assertThat(e.symbol()).isIn("EINVAL", "EAFNOSUPPORT", "ECONNREFUSED"));
          }
        });
    assertThat(RawSocketAddress.of(new byte[] {1, 2}))
        .isEqualTo(RawSocketAddress.of(new byte[] {1, 2}))
        .hasToString("socket address 0102");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RawSocketAddress.of(new byte[200]));
  }

  @Test
  void sock_63_a_refusal_names_the_address() throws Exception {
    Triad.<Exception>run(
        () -> {
          int port = freePort();
          try (Socket socket = Sockets.socket()) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> socket.connect(SocketPairs.loopback(port)))
                .withMessageStartingWith("Error connecting to ('127.0.0.1', " + port + "): ")
                .withMessageContaining("Connection refused")
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("ECONNREFUSED"));
            assertThat(socket.fileno()).as("still open").isNotNegative();
          }
          try (Socket socket = Sockets.socket(StandardProtocolFamily.INET6, SocketType.STREAM)) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> socket.connect(new InetSocketAddress("::1", port)))
                .withMessageStartingWith("Error connecting to ('::1', " + port + "): ");
          }
        });
  }

  private static int freePort() throws IOException {
    try (Socket taken = SocketPairs.listener()) {
      return ((InetSocketAddress) taken.getsockname()).getPort();
    }
  }

  @Test
  void sock_63_connect_is_a_checkpoint() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket listener = SocketPairs.listener();
              Socket client = Sockets.socket()) {
            Checkpoints.assertCheckpoints(() -> client.connect(listener.getsockname()));
            listener.accept().socket().close();
          }
        });
  }

  @Test
  void sock_64_cancelled_before_it_begins_it_closes_the_socket() throws Exception {
    SocketPairs.fresh(
        socket -> {
          Tasks.assertCancelPoint(() -> socket.connect(SocketPairs.loopback(9)));
          assertThat(socket.fileno()).isEqualTo(-1);
        });
  }

  @Test
  @Tag("kernel")
  void sock_64_cancelled_while_it_waits_for_the_peer_it_closes_the_socket() throws Exception {
    Triad.<Exception>run(
        () -> {
          List<Socket> clients = new ArrayList<>();
          try (Socket listener = SocketPairs.listener()) {
            listener.listen(1);
            CancelScope scope = new CancelScope();
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> scope.enter(
                          _ -> {
                            while (clients.size() < 100) {
                              Socket client = Sockets.socket();
                              clients.add(client);
                              client.connect(listener.getsockname());
                            }
                          }));
                  Settling.waitAllTasksBlocked();
                  scope.cancel();
                });
            assertThat(scope.cancelledCaught()).isTrue();
            assertThat(clients.getLast().fileno()).isEqualTo(-1);
          }
          for (Socket client : clients) {
            client.close();
          }
        });
  }

  @Test
  @Tag("kernel")
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "elsewhere nobody waits for a full backlog: it is ECONNREFUSED")
  void a_unix_socket_with_a_full_backlog_is_tried_again() throws Exception {
    Triad.<Exception>run(
        () -> {
          AbstractUnixAddress name =
              AbstractUnixAddress.of("triad backlog " + ProcessHandle.current().pid());
          List<Socket> clients = new ArrayList<>();
          try (Socket listener = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.STREAM)) {
            listener.bind(name);
            listener.listen(0);
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> {
                        for (int i = 0; i < 5; i++) {
                          Socket client =
                              Sockets.socket(StandardProtocolFamily.UNIX, SocketType.STREAM);
                          clients.add(client);
                          client.connect(name);
                        }
                      });
                  for (int i = 0; i < 5; i++) {
                    try (Socket server = listener.accept().socket()) {
                      assertThat(server.family()).isEqualTo(Sockets.constant("AF_UNIX"));
                    }
                  }
                });
            assertThat(clients).hasSize(5);
          }
          for (Socket client : clients) {
            client.close();
          }
        });
  }

  @Test
  void sock_65_what_fails_at_once_is_the_plain_error() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket socket = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.STREAM)) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(
                    () -> socket.connect(UnixDomainSocketAddress.of(folder.resolve("nothing"))))
                .withMessageStartingWith("connect: ENOENT")
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("ENOENT"));
            assertThat(socket.fileno()).isNotNegative();
          }
        });
  }

  @Test
  void sock_29_names_are_refused_on_request() throws Exception {
    SocketPairs.fresh(
        socket -> {
          socket.refuseNames(true);
          InetSocketAddress name = InetSocketAddress.createUnresolved("localhost", 80);
          assertThatIllegalArgumentException().isThrownBy(() -> socket.connect(name));
          assertThatIllegalArgumentException().isThrownBy(() -> socket.bind(name));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> socket.sendTo(new byte[1], name));
          assertThatIllegalArgumentException().isThrownBy(() -> socket.bindNow(name));
          socket.bind(InetSocketAddress.createUnresolved("127.0.0.1", 0));
          assertThat(((InetSocketAddress) socket.getsockname()).getPort()).isPositive();
        });
  }

  @Test
  void a_port_out_of_range_is_no_address() {
    assertThatIllegalArgumentException().isThrownBy(() -> new InetSocketAddress("::1", 65536));
    assertThatIllegalArgumentException().isThrownBy(() -> SocketPairs.loopback(-1));
  }

  @Test
  void a_connection_made_by_hand_becomes_a_stream() throws Exception {
    Triad.<Exception>run(
        () -> {
          Socket listening = SocketPairs.listener();
          Socket client = Sockets.socket();
          client.connect(listening.getsockname());
          Socket server = listening.accept().socket();
          try (SocketStream one = new SocketStream(client);
              SocketStream other = new SocketStream(server);
              SocketListener listener = new SocketListener(listening)) {
            one.sendAll(new byte[] {1, 2});
            assertThat(other.receiveSome()).containsExactly(1, 2);
            Nursery.open(
                nursery -> {
                  nursery.startSoon(() -> listener.accept().close());
                  Settling.waitAllTasksBlocked();
                  try (Socket second = Sockets.socket()) {
                    second.connect(listener.socket().getsockname());
                  }
                });
          }
          assertThat(client.fileno()).isEqualTo(-1);
        });
  }
}
