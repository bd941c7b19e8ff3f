package io.triad.socket;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static java.net.StandardProtocolFamily.UNIX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.Action;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bind, connect and the sends make of the addresses they are given. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ResolvingTest {
  /** Notes what it is asked, and answers with two addresses. */
  private static final class Recorder implements HostnameResolver {
    final List<String> hosts = new ArrayList<>();
    final List<AddressHints> hints = new ArrayList<>();
    InetAddress first = InetAddress.ofLiteral("127.0.0.1");

    @Override
    public List<AddressInfo> getaddrinfo(
        @Nullable String host, @Nullable String service, AddressHints asked) {
      hosts.add(host + ":" + service);
      hints.add(asked);
      int port = Integer.parseInt(String.valueOf(service));
      return List.of(
          new AddressInfo(2, 1, 6, new InetSocketAddress(first, port), null),
          new AddressInfo(2, 1, 6, new InetSocketAddress("192.0.2.1", port), null));
    }

    @Override
    public NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) {
      throw new AssertionError("nobody asks for names");
    }
  }

  /** Fails whoever asks it. */
  private static final class Nobody implements HostnameResolver {
    @Override
    public List<AddressInfo> getaddrinfo(
        @Nullable String host, @Nullable String service, AddressHints hints) {
      throw new AssertionError("asked for " + host);
    }

    @Override
    public NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) {
      throw new AssertionError("asked for " + address);
    }
  }

  private static InetSocketAddress name(String host, int port) {
    return InetSocketAddress.createUnresolved(host, port);
  }

  private interface Use {
    void of(Socket socket) throws Exception;
  }

  /** Opens a stream socket in a run, does something with it, and closes it. */
  private static void with(ProtocolFamily family, Use use) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket socket = Sockets.socket(family, SocketType.STREAM)) {
            use.of(socket);
          }
        });
  }

  /** Makes an IPv6 socket refuse IPv4, or take it. */
  private static void setV6only(Socket socket, boolean only) throws IOException {
    socket.setsockopt(
        Sockets.constant("IPPROTO_IPV6"), Sockets.constant("IPV6_V6ONLY"), only ? 1 : 0);
  }

  private static ProtocolFamily familyOf(InetAddress address) {
    return address instanceof Inet6Address ? INET6 : INET;
  }

  // ---- the kind of address ----

  @Test
  void sock_21_an_address_of_another_kind_is_refused_before_anything_happens() throws Exception {
    SocketAddress path = UnixDomainSocketAddress.of("/no/such/path");
    for (ProtocolFamily family : List.of(INET, INET6)) {
      with(
          family,
          socket -> {
            Names.setHostnameResolver(new Nobody());
            for (SocketAddress wrong : List.of(path, AbstractUnixAddress.of("abstract"))) {
              for (Action<IOException> call : calls(socket, wrong)) {
                assertThatIllegalArgumentException()
                    .isThrownBy(call::run)
                    .withMessageContaining("address should be an InetSocketAddress (host and port)")
                    .withMessageContaining(wrong.toString());
              }
            }
            assertThat(socket.fileno()).isNotNegative();
          });
    }
    with(
        UNIX,
        socket -> {
          for (Action<IOException> call : calls(socket, name("localhost", 80))) {
            assertThatIllegalArgumentException()
                .isThrownBy(call::run)
                .withMessageContaining("address should be a UnixDomainSocketAddress");
          }
        });
  }

  private static List<Action<IOException>> calls(Socket socket, SocketAddress address) {
    return List.of(
        () -> socket.bind(address),
        () -> socket.bindNow(address),
        () -> socket.connect(address),
        () -> socket.sendTo(new byte[1], address),
        () -> socket.resolveLocalAddress(address),
        () -> socket.resolveRemoteAddress(address));
  }

  // ---- numbers ----

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "1.2.3.4", "255.255.255.255", "::1", "fe80::1", "2001:db8::7"})
  void sock_22_numbers_of_the_family_pass_untouched(String host) throws Exception {
    InetAddress address = InetAddress.ofLiteral(host);
    InetSocketAddress resolved = new InetSocketAddress(address, 80);
    with(
        familyOf(address),
        socket -> {
          Names.setHostnameResolver(new Nobody());
          assertThat(socket.resolveRemoteAddress(resolved)).isSameAs(resolved);
          assertThat(socket.resolveLocalAddress(resolved)).isSameAs(resolved);
          assertThat(socket.resolveRemoteAddress(name(host, 80))).isEqualTo(resolved);
          assertThat(socket.resolveLocalAddress(name(host, 80))).isEqualTo(resolved);
        });
  }

  @Test
  void sock_22_abbreviations_and_scopes_are_read_by_the_system() throws Exception {
    with(
        INET,
        socket -> assertThat(socket.resolveRemoteAddress(name("127.1", 80)))
            .isEqualTo(new InetSocketAddress("127.0.0.1", 80)));
    with(
        INET6,
        socket -> {
          InetSocketAddress address =
              (InetSocketAddress) socket.resolveRemoteAddress(name("fe80::1%lo", 80));
          assertThat(((Inet6Address) address.getAddress()).getScopeId())
              .isEqualTo(Names.ifNameToIndex("lo").orElseThrow());
        });
  }

  @Test
  void sock_26_a_scope_survives() throws Exception {
    InetSocketAddress scoped =
        new InetSocketAddress(
            Inet6Address.getByAddress(
                null, InetAddress.ofLiteral("fe80::1").getAddress(), 1),
            80);
    with(
        INET6,
        socket -> assertThat(socket.resolveRemoteAddress(scoped)).isSameAs(scoped));
  }

  // ---- words that are no names ----

  @Test
  void sock_23_an_empty_host_is_all_interfaces_or_this_machine() throws Exception {
    with(
        INET,
        socket -> {
          Names.setHostnameResolver(new Nobody());
          assertThat(socket.resolveLocalAddress(name("", 80)))
              .isEqualTo(new InetSocketAddress("0.0.0.0", 80));
          assertThat(socket.resolveRemoteAddress(name("", 80)))
              .isEqualTo(new InetSocketAddress("127.0.0.1", 80));
          assertThat(socket.resolveRemoteAddress(name("<broadcast>", 80)))
              .isEqualTo(new InetSocketAddress("255.255.255.255", 80));
        });
    with(
        INET6,
        socket -> {
          Names.setHostnameResolver(new Nobody());
          assertThat(socket.resolveLocalAddress(name("", 80)))
              .isEqualTo(new InetSocketAddress("::", 80));
          assertThat(socket.resolveRemoteAddress(name("", 80)))
              .isEqualTo(new InetSocketAddress("::1", 80));
          assertThat(socket.resolveRemoteAddress(name("<broadcast>", 80)))
              .isEqualTo(mapped("255.255.255.255", 80));
        });
  }

  /** The JDK's own word for all interfaces, which its own sockets understand in this way as well. */
  @Test
  void sock_23_the_wildcard_of_the_jdk_is_one_of_every_family() throws Exception {
    with(
        INET6,
        socket -> {
          socket.bind(new InetSocketAddress(0));
          assertThat(((InetSocketAddress) socket.getsockname()).getAddress())
              .isEqualTo(InetAddress.ofLiteral("::"));
        });
  }

  // ---- names ----

  @Test
  void sock_24_names_are_looked_up_for_the_socket_and_the_first_answer_counts()
      throws Exception {
    with(
        INET,
        socket -> {
          Recorder recorder = new Recorder();
          Names.setHostnameResolver(recorder);
          AddressHints hints =
              new AddressHints(socket.family(), socket.type(), socket.proto(), Set.of());

          assertThat(socket.resolveRemoteAddress(name("host.example", 7)))
              .isEqualTo(new InetSocketAddress("127.0.0.1", 7));
          assertThat(socket.resolveLocalAddress(name("föö", 8)))
              .isEqualTo(new InetSocketAddress("127.0.0.1", 8));

          assertThat(recorder.hosts).containsExactly("host.example:7", "xn--f-1gaa:8");
          assertThat(recorder.hints).containsExactly(hints, hints.passive());
        });
  }

  @Test
  void sock_24_bind_and_connect_take_names() throws Exception {
    with(
        INET,
        listener -> {
          Names.setHostnameResolver(new Recorder());
          listener.bind(name("here.example", 0));
          InetSocketAddress address = (InetSocketAddress) listener.getsockname();
          assertThat(address.getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
          listener.listen();
          try (Socket client = Sockets.socket(INET, SocketType.STREAM)) {
            client.connect(name("there.example", address.getPort()));
            assertThat(client.getpeername()).isEqualTo(address);
            listener.accept().socket().close();
          }
        });
  }

  @Test
  void sock_24_the_system_knows_localhost() throws Exception {
    with(
        INET,
        socket -> assertThat(socket.resolveRemoteAddress(name("localhost", 80)))
            .isEqualTo(new InetSocketAddress("127.0.0.1", 80)));
  }

  @Test
  void sock_25_a_socket_of_both_families_takes_ipv4_in_ipv6_form() throws Exception {
    with(
        INET6,
        socket -> {
          setV6only(socket, false);
          SocketAddress expected = mapped("1.2.3.4", 80);
          assertThat(socket.resolveRemoteAddress(name("1.2.3.4", 80))).isEqualTo(expected);
          assertThat(socket.resolveRemoteAddress(new InetSocketAddress("1.2.3.4", 80)))
              .isEqualTo(expected);
          Recorder recorder = new Recorder();
          Names.setHostnameResolver(recorder);
          socket.resolveRemoteAddress(name("host.example", 80));
          assertThat(recorder.hints.getFirst().flags()).containsExactly(AddressFlag.V4_MAPPED);

          setV6only(socket, true);
          socket.resolveRemoteAddress(name("host.example", 80));
          assertThat(recorder.hints.getLast().flags()).isEmpty();
        });
  }

  @Test
  void sock_25_a_socket_of_ipv6_alone_refuses_ipv4() throws Exception {
    with(
        INET6,
        socket -> {
          setV6only(socket, true);
          Names.setHostnameResolver(new Nobody());
          for (InetSocketAddress address : List.of(
              name("1.2.3.4", 80), new InetSocketAddress("1.2.3.4", 80))) {
            assertThatExceptionOfType(GaiException.class)
                .isThrownBy(() -> socket.resolveRemoteAddress(address))
                .satisfies(
                    e -> assertThat(e.symbol())
                        .isIn("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY"));
          }
        });
    with(
        INET,
        socket -> assertThatExceptionOfType(GaiException.class)
            .isThrownBy(() -> socket.connect(new InetSocketAddress("::1", 80))));
  }

  @Test
  void sock_25_connections_of_both_families_reach_one_socket() throws Exception {
    with(
        INET6,
        listener -> {
          setV6only(listener, false);
          listener.bind(name("", 0));
          listener.listen();
          int port = ((InetSocketAddress) listener.getsockname()).getPort();
          try (Socket client = Sockets.socket(INET6, SocketType.STREAM)) {
            client.connect(new InetSocketAddress("127.0.0.1", port));
            listener.accept().socket().close();
          }
        });
  }

  private static InetSocketAddress mapped(String host, int port) throws IOException {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    System.arraycopy(InetAddress.ofLiteral(host).getAddress(), 0, bytes, 12, 4);
    return new InetSocketAddress(Inet6Address.getByAddress(null, bytes, -1), port);
  }

  @Test
  void sock_28_what_the_resolver_throws_comes_out_of_bind_and_connect() throws Exception {
    GaiException unknown = new GaiException(-2, "EAI_NONAME", "look up", "no such host");
    HostnameResolver failing =
        new HostnameResolver() {
          @Override
          public List<AddressInfo> getaddrinfo(
              @Nullable String host, @Nullable String service, AddressHints hints)
              throws IOException {
            throw unknown;
          }

          @Override
          public NameInfo getnameinfo(InetSocketAddress address, Set<NameFlag> flags) {
            throw new AssertionError("nobody asks for names");
          }
        };
    with(
        INET,
        socket -> {
          Names.setHostnameResolver(failing);
          for (Action<IOException> call : List.<Action<IOException>>of(
              () -> socket.bind(name("host.example", 80)),
              () -> socket.connect(name("host.example", 80)),
              () -> socket.sendTo(new byte[1], name("host.example", 80)))) {
            assertThatExceptionOfType(GaiException.class).isThrownBy(call::run).isSameAs(unknown);
          }
          assertThat(socket.fileno()).as("still open").isNotNegative();
        });
  }

  // ---- as it was at first ----

  @Test
  void sock_29_the_strict_forms_take_numbers_only() throws Exception {
    with(
        INET,
        socket -> {
          Names.setHostnameResolver(new Nobody());
          assertThatIllegalArgumentException()
              .isThrownBy(() -> socket.bindNow(name("localhost", 0)))
              .withMessageContaining("expected an already-resolved numeric address, not localhost");
          socket.refuseNames(true);
          for (Action<IOException> call : List.<Action<IOException>>of(
              () -> socket.bind(name("localhost", 0)),
              () -> socket.connect(name("localhost", 80)),
              () -> socket.sendTo(new byte[1], name("localhost", 80)))) {
            assertThatIllegalArgumentException()
                .isThrownBy(call::run)
                .withMessageContaining(
                    "expected an already-resolved numeric address, not localhost");
          }
          assertThatExceptionOfType(GaiException.class)
              .as("other errors pass")
              .isThrownBy(() -> socket.bindNow(name("::1", 0)))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EAI_ADDRFAMILY"));
          Checkpoints.assertNoCheckpoints(() -> socket.bindNow(name("127.0.0.1", 0)));
        });
  }

  @Test
  void sock_30_an_address_can_be_resolved_beforehand() throws Exception {
    with(
        INET,
        listener -> {
          SocketAddress here = listener.resolveLocalAddress(name("localhost", 0));
          listener.bindNow(here);
          listener.listen();
          int port = ((InetSocketAddress) listener.getsockname()).getPort();
          try (Socket client = Sockets.socket(INET, SocketType.STREAM)) {
            client.refuseNames(true);
            client.connect(client.resolveRemoteAddress(name("localhost", port)));
            listener.accept().socket().close();
          }
        });
  }

  @Test
  void sock_30_resolving_is_a_checkpoint_in_any_case() throws Exception {
    with(
        INET,
        socket -> {
          for (InetSocketAddress address : List.of(
              new InetSocketAddress("127.0.0.1", 80),
              name("127.0.0.1", 80),
              name("", 80),
              name("localhost", 80))) {
            Checkpoints.assertCheckpoints(() -> socket.resolveLocalAddress(address));
            Checkpoints.assertCheckpoints(() -> socket.resolveRemoteAddress(address));
          }
        });
  }

  @Test
  void sock_27_addresses_of_other_families_pass_as_they_are() throws Exception {
    RawSocketAddress raw = RawSocketAddress.of(new byte[16]);
    UnixDomainSocketAddress path = UnixDomainSocketAddress.of("/some/path");
    AbstractUnixAddress abstractName = AbstractUnixAddress.of("name");
    with(INET, socket -> assertThat(socket.resolveRemoteAddress(raw)).isSameAs(raw));
    with(
        UNIX,
        socket -> {
          for (SocketAddress address : List.of(path, abstractName, raw)) {
            assertThat(socket.resolveLocalAddress(address)).isSameAs(address);
          }
        });
  }
}
