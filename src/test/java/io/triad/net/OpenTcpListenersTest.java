package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import io.triad.socket.Socket;
import io.triad.socket.SocketType;
import io.triad.socket.Sockets;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class OpenTcpListenersTest {
  private static void closeAll(List<SocketListener> listeners) throws IOException {
    for (SocketListener listener : listeners) {
      listener.close();
    }
  }

  @Test
  void net_41_an_unusable_port_or_backlog_is_an_argument_error_whatever_the_host() {
    Triad.run(
        () -> {
          for (@Nullable String host : new @Nullable String[] {null, "127.0.0.1", "no.invalid"}) {
            for (int port : new int[] {-1, 65536}) {
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> Net.openTcpListeners(port, host, 1))
                  .withMessageContaining("port");
            }
            assertThatIllegalArgumentException()
                .isThrownBy(() -> Net.openTcpListeners(0, host, 0))
                .withMessageContaining("backlog");
          }
        });
  }

  @Test
  void net_42_a_small_backlog_is_passed_on_and_a_large_one_cut() throws Exception {
    Triad.<Exception>run(
        () -> {
          assertThat(Net.MAX_BACKLOG).isEqualTo(65535);
          closeAll(Net.openTcpListeners(0, "127.0.0.1", Integer.MAX_VALUE));
          assertThat(connectionsThatFit(1)).isBetween(1, 4);
          assertThat(connectionsThatFit(Net.MAX_BACKLOG)).isEqualTo(20);
        });
  }

  /** How many of 20 connections are made although nobody accepts. */
  private static int connectionsThatFit(int backlog) throws Exception {
    List<SocketStream> connected = new ArrayList<>();
    try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", backlog).getFirst()) {
      int port = listener.localAddress().getPort();
      Nursery.open(
          nursery -> {
            nursery.startSoon(
                () -> {
                  while (connected.size() < 20) {
                    connected.add(Net.openTcpStream("127.0.0.1", port));
                  }
                });
            Settling.waitAllTasksBlocked(Duration.ofMillis(100));
            nursery.cancelScope().cancel();
          });
      for (SocketStream stream : connected) {
        stream.close();
      }
    }
    return connected.size();
  }

  @Test
  void net_43_no_host_means_both_families_each_with_a_port_of_its_own() throws Exception {
    Triad.<Exception>run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(0);
          assertThat(listeners).hasSize(2);
          List<InetSocketAddress> addresses = new ArrayList<>();
          for (SocketListener listener : listeners) {
            addresses.add(listener.localAddress());
          }
          assertThat(addresses).allMatch(address -> address.getAddress().isAnyLocalAddress());
          assertThat(addresses).allMatch(address -> address.getPort() != 0);
          assertThat(addresses.get(0).getAddress()).isInstanceOf(Inet4Address.class);
          assertThat(addresses.get(1).getAddress()).isInstanceOf(Inet6Address.class);
          closeAll(listeners);
        });
  }

  @Test
  void net_43_the_name_is_looked_up_once_and_each_answer_has_its_listener() throws Exception {
    Triad.<Exception>run(
        () -> {
          List<AddressHints> asked = new ArrayList<>();
          Names.setHostnameResolver(
              new HostnameResolver() {
                @Override
                public List<AddressInfo> getaddrinfo(
                    @Nullable String host, @Nullable String service, AddressHints hints)
                    throws IOException {
                  asked.add(hints);
                  List<AddressInfo> answer =
                      new ArrayList<>(Names.getaddrinfo("127.0.0.1", service, hints));
                  answer.addAll(Names.getaddrinfo("::1", service, hints));
                  return answer;
                }

                @Override
                public NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) {
                  throw new AssertionError("nobody asks for names");
                }
              });
          List<SocketListener> listeners = Net.openTcpListeners(0, "here.example", 1);
          assertThat(asked)
              .containsExactly(AddressHints.ANY.type(SocketType.STREAM).passive());
          assertThat(listeners).hasSize(2);
          assertThat(listeners.get(0).localAddress().getAddress())
              .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
          assertThat(listeners.get(1).localAddress().getAddress())
              .isEqualTo(InetAddress.ofLiteral("::1"));
          closeAll(listeners);
        });
  }

  /** A factory of sockets that has none of some families. */
  private static Sockets.SocketFactory without(Integer... families) {
    return (family, type, protocol) -> {
      if (List.of(families).contains(family)) {
        throw new OsException(97, "EAFNOSUPPORT", "socket " + family, "no such family");
      }
      return Sockets.systemSocket(family, type, protocol);
    };
  }

  @Test
  void net_46_families_that_the_system_lacks_are_left_out() throws Exception {
    Triad.<Exception>run(
        () -> {
          int inet = Sockets.constant("AF_INET");
          int inet6 = Sockets.constant("AF_INET6");
          for (int missing : new int[] {inet, inet6}) {
            Sockets.setSocketFactory(without(missing));
            List<SocketListener> listeners = Net.openTcpListeners(0);
            assertThat(listeners).hasSize(1);
            assertThat(listeners.getFirst().localAddress().getAddress())
                .isInstanceOf(missing == inet ? Inet6Address.class : Inet4Address.class);
            closeAll(listeners);
          }
          Sockets.setSocketFactory(without(inet, inet6));
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpListeners(0))
              .withMessageContaining("supports none of the kinds of socket")
              .satisfies(
                  e -> {
                    assertThat(e.symbol()).isEqualTo("EAFNOSUPPORT");
                    assertThat(((ExceptionGroup) e.getCause()).exceptions())
                        .extracting(each -> ((OsException) each).call())
                        .containsExactlyInAnyOrder("socket " + inet, "socket " + inet6);
                  });
        });
  }

  @Test
  void net_47_another_error_of_opening_a_socket_closes_those_opened_before() throws Exception {
    Triad.<Exception>run(
        () -> {
          OsException noMore = new OsException(24, "EMFILE", "socket", "too many");
          List<Socket> opened = new ArrayList<>();
          Sockets.setSocketFactory(
              (family, type, protocol) -> {
                if (!opened.isEmpty()) {
                  throw noMore;
                }
                opened.add(Sockets.systemSocket(family, type, protocol));
                return opened.getFirst();
              });
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpListeners(0))
              .isSameAs(noMore)
              .withNoCause();
          assertThat(opened.getFirst().fileno()).isEqualTo(-1);
        });
  }

  @Test
  void net_44_a_socket_for_ipv6_takes_no_ipv4() throws Exception {
    Triad.<Exception>run(
        () -> {
          SocketListener six = Net.openTcpListeners(0, "::", 1).getFirst();
          int port = six.localAddress().getPort();
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpStream("127.0.0.1", port));
          SocketListener four = Net.openTcpListeners(port, "0.0.0.0", 1).getFirst();
          closeAll(List.of(four, six));
        });
  }

  @Test
  void net_45_a_port_is_taken_until_its_listener_closes_whatever_connections_linger()
      throws Exception {
    Triad.<Exception>run(
        () -> {
          SocketListener first = Net.openTcpListeners(0, "127.0.0.1", 5).getFirst();
          int port = first.localAddress().getPort();
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpListeners(port, "127.0.0.1", 5))
              .withMessageContaining("127.0.0.1:" + port)
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EADDRINUSE"));
          SocketStream client = Net.openTcpStream("127.0.0.1", port);
          SocketStream established = first.accept();
          SocketStream other = Net.openTcpStream("127.0.0.1", port);
          first.accept().close(); // this side closes first, and so keeps the lingering end
          other.close();
          first.close();

          closeAll(Net.openTcpListeners(port, "127.0.0.1", 5));
          established.close();
          client.close();
          closeAll(Net.openTcpListeners(port, "127.0.0.1", 5));
        });
  }

  @Test
  void net_47_if_one_address_fails_all_sockets_are_closed_and_the_error_is_as_it_was()
      throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener six = Net.openTcpListeners(0, "::", 1).getFirst()) {
            int port = six.localAddress().getPort();
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> Net.openTcpListeners(port))
                // Windows: because the port belongs to one that wants it alone.
                .satisfies(e -> assertThat(e.symbol()).isIn("EADDRINUSE", "EACCES"))
                .withNoCause();
            // The one for IPv4 had been opened, and is free again.
            closeAll(Net.openTcpListeners(port, "0.0.0.0", 1));
          }
        });
  }

  @Test
  void net_48_an_address_and_port_is_bound_exactly() throws Exception {
    Triad.<Exception>run(
        () -> {
          SocketListener any = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
          int port = any.localAddress().getPort();
          any.close();
          SocketListener exact = Net.openTcpListeners(port, "127.0.0.1", 1).getFirst();
          assertThat(exact.localAddress()).isEqualTo(new InetSocketAddress("127.0.0.1", port));
          exact.close();
        });
  }
}
