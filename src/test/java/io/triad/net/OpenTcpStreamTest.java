package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.CancelScope;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.socket.AddressHints;
import io.triad.socket.AddressInfo;
import io.triad.socket.HostnameResolver;
import io.triad.socket.NameFlag;
import io.triad.socket.NameInfo;
import io.triad.socket.Names;
import io.triad.socket.Sockets;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
              .withMessageContaining("ECONNREFUSED (") // and the words of the system
              .satisfies(
                  e -> {
                    assertThat(e.symbol()).isEqualTo("ECONNREFUSED");
                    assertThat(e.call()).isEqualTo(
                        "all attempts to connect to "
                            + (host.contains(":") ? "[" + host + "]" : host)
                            + ":" + port + " failed");
                    assertThat(onlyFailure(e).call()).startsWith("connect to ")
                        .endsWith(":" + port);
                  });
        });
  }

  /** What the only attempt met (NET-31). */
  private static OsException onlyFailure(OsException allFailed) {
    ExceptionGroup group = (ExceptionGroup) allFailed.getCause();
    assertThat(group).isNotNull();
    assertThat(group.exceptions()).hasSize(1);
    return (OsException) group.exceptions().getFirst();
  }

  /** Answers each name with the same addresses. */
  private static HostnameResolver answering(String... addresses) {
    return new HostnameResolver() {
      @Override
      public List<AddressInfo> getaddrinfo(
          @Nullable String host, @Nullable String service, AddressHints hints)
          throws IOException {
        List<AddressInfo> answer = new ArrayList<>();
        for (String address : addresses) {
          answer.addAll(Names.getaddrinfo(address, service, hints)); // numbers: not asked again
        }
        return answer;
      }

      @Override
      public NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) {
        throw new AssertionError("nobody asks for names");
      }
    };
  }

  @Test
  void net_30_a_family_that_the_system_lacks_is_a_failed_attempt() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int inet6 = Sockets.constant("AF_INET6");
            Sockets.setSocketFactory(
                (family, type, protocol) -> {
                  if (family == inet6) {
                    throw new OsException(97, "EAFNOSUPPORT", "socket", "no IPv6 here");
                  }
                  return Sockets.systemSocket(family, type, protocol);
                });
            Names.setHostnameResolver(answering("::1", "127.0.0.1"));
            int port = listener.localAddress().getPort();
            try (SocketStream client = Net.openTcpStream("host.example", port);
                SocketStream server = listener.accept()) {
              assertThat(client.peerAddress()).isEqualTo(listener.localAddress());
              assertThat(server.peerAddress()).isEqualTo(client.localAddress());
            }
          }
        });
  }

  @Test
  void net_31_the_failures_of_a_real_race_are_all_told() throws Exception {
    Triad.<Exception>run(
        () -> {
          SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
          int port = listener.localAddress().getPort();
          listener.close();
          Names.setHostnameResolver(answering("127.0.0.1", "::1"));
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpStream("host.example", port))
              .withMessageStartingWith("all attempts to connect to host.example:" + port)
              .satisfies(
                  e -> assertThat(((ExceptionGroup) e.getCause()).exceptions())
                      .extracting(each -> ((OsException) each).call())
                      .containsExactly(
                          "connect to 127.0.0.1:" + port,
                          "connect to [0:0:0:0:0:0:0:1]:" + port));
        });
  }

  @Test
  void net_34_a_factory_that_fails_otherwise_is_not_swallowed() throws Exception {
    Triad.<Exception>run(
        () -> {
          IllegalStateException mistake = new IllegalStateException("a mistake");
          Sockets.setSocketFactory(
              (_, _, _) -> {
                throw mistake;
              });
          assertThatThrownBy(() -> Net.openTcpStream("127.0.0.1", 1)).isSameAs(mistake);
          Names.setHostnameResolver(answering("127.0.0.1", "::1"));
          assertThatExceptionOfType(ExceptionGroup.class)
              .isThrownBy(() -> Net.openTcpStream("host.example", 1))
              .satisfies(group -> assertThat(group.leaves()).containsExactly(mistake));
        });
  }

  // ---- from where ----

  private static ConnectOptions from(String address) {
    return ConnectOptions.DEFAULT.withLocalAddress(InetAddress.ofLiteral(address));
  }

  @Test
  void net_36_a_connection_comes_from_the_address_that_was_asked_for() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int port = listener.localAddress().getPort();
            try (SocketStream client = Net.openTcpStream("127.0.0.1", port, from("127.0.0.2"));
                SocketStream server = listener.accept()) {
              InetSocketAddress peer = server.peerAddress();
              assertThat(peer.getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.2"));
              assertThat(peer).isEqualTo(client.localAddress());
            }
          }
        });
  }

  @Test
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "IP_BIND_ADDRESS_NO_PORT is an option of Linux")
  void net_36_no_port_is_reserved_before_the_connection_is_made() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int port = listener.localAddress().getPort();
            try (SocketStream client = Net.openTcpStream("127.0.0.1", port, from("127.0.0.2"));
                SocketStream _ = listener.accept()) {
              assertThat(
                  client.socket().getsockopt(
                      Sockets.constant("IPPROTO_IP"),
                      Sockets.constant("IP_BIND_ADDRESS_NO_PORT")))
                  .isEqualTo(1);
            }
          }
        });
  }

  @Test
  void net_36_an_address_that_does_not_fit_is_a_failed_attempt() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int port = listener.localAddress().getPort();
            // 192.0.2.0/24 is for documents (RFC 5737): no machine has such an address.
            for (String local : List.of("192.0.2.77", "::1", "::")) {
              assertThatExceptionOfType(OsException.class)
                  .as(local)
                  .isThrownBy(() -> Net.openTcpStream("127.0.0.1", port, from(local)))
                  .withMessageStartingWith("all attempts to connect to 127.0.0.1:" + port)
                  .satisfies(
                      e -> assertThat(onlyFailure(e))
                          .hasMessageContaining(
                              "local address "
                                  + InetAddress.ofLiteral(local).getHostAddress()
                                  + " is incompatible with remote address 127.0.0.1:" + port)
                          .hasNoCause());
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, 127.0.0.1", "::, ::1"})
  void net_37_a_wildcard_chooses_the_family(String wildcard, String address) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener four = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
            int port = four.localAddress().getPort();
            try (SocketListener six = Net.openTcpListeners(port, "::1", 1).getFirst()) {
              Names.setHostnameResolver(answering("127.0.0.1", "::1"));
              try (SocketStream client =
                  Net.openTcpStream("host.example", port, from(wildcard));
                  SocketStream _ = (address.contains(":") ? six : four).accept()) {
                assertThat(client.peerAddress()).isEqualTo(new InetSocketAddress(address, port));
              }
            }
          }
        });
  }

  // ---- names ----

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
