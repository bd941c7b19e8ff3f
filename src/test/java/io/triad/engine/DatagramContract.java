package io.triad.engine;

import static io.triad.engine.NonBlockingCalls.AGAIN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sockets of UDP behave on Linux, and where it is simulated; see {@link SocketContract}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class DatagramContract {
  private static final int NOBODY = 9; // discard, RFC 863: not served on a machine of today

  /** Opens the platform that is tested; called once in a test. */
  protected abstract Platform open();

  private CallsRig rig() {
    return new CallsRig(open());
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 127.0.0.1",
    "0.0.0.0, 127.0.0.1, 127.0.0.1",
    "::1, ::1, ::1",
    "::, ::1, ::1",
    "::, 127.0.0.1, 127.0.0.1",
  })
  void datagrams_keep_their_boundaries_and_say_who_sent_them(
      String bound, String from, String to) {
    try (CallsRig on = rig()) {
      int receiver = on.udp(bound);
      int sender = on.udp(from);
      NativeAddress address = on.address(to, on.rig.port(receiver));
      assertThat(on.sendTo(sender, address, "one")).isEqualTo(3);
      assertThat(on.sendTo(sender, address, "")).isZero();
      assertThat(on.sendTo(sender, address, "three")).isEqualTo(5);
      assertThat(on.receiveMessage(receiver, 100, 0)).isEqualTo("one");
      NativeAddress source = on.received.address();
      assertThat(on.platform.decode(source.memory(), source.length()))
          .isEqualTo(on.rig.address(sender, false));
      assertThat(source.length()).isEqualTo(bound.contains(":") ? 28 : 16);
      assertThat(on.receive(receiver)).isEmpty();
      assertThat(on.receive(receiver)).isEqualTo("three");
      assertThat(on.receiveNow(receiver, 10, 0)).isEqualTo(AGAIN);
      assertThat(on.calls.isReady(receiver, Operation.READABLE)).isZero();
    }
  }

  @Test
  void what_is_too_long_for_the_receiver_is_cut_off_and_says_so() {
    try (CallsRig on = rig()) {
      int receiver = on.udp("127.0.0.1");
      int sender = on.udp("127.0.0.1");
      int cutOff = on.constant("MSG_TRUNC");
      for (int i = 0; i < 4; i++) {
        on.sendTo(sender, on.addressOf(receiver), "abcdef");
      }
      assertThat(on.receiveMessage(receiver, 4, 0)).isEqualTo("abcd");
      assertThat(on.received.flags() & cutOff).isEqualTo(cutOff);
      assertThat(on.receive(receiver, 4, 0)).isEqualTo("abcd");
      on.awaitReady(receiver, Operation.READABLE);
      int whole = on.rig.followsLinux() ? 6 : 2;
      assertThat(on.receiveNow(receiver, 2, cutOff)).as("the true length").isEqualTo(whole);
      assertThat(on.receiveMessage(receiver, 6, 0)).isEqualTo("abcdef");
      assertThat(on.received.flags() & cutOff).isZero();
    }
  }

  @Test
  void peeking_leaves_the_datagram() {
    try (CallsRig on = rig()) {
      int receiver = on.udp("127.0.0.1");
      int sender = on.udp("127.0.0.1");
      on.sendTo(sender, on.addressOf(receiver), "seen");
      int peek = on.constant("MSG_PEEK");
      assertThat(on.receive(receiver, 2, peek)).isEqualTo("se");
      assertThat(on.receiveMessage(receiver, 10, peek)).isEqualTo("seen");
      assertThat(on.receive(receiver)).isEqualTo("seen");
      assertThat(on.receiveNow(receiver, 10, peek)).isEqualTo(AGAIN);
    }
  }

  @Test
  void a_connected_socket_hears_its_peer_alone() {
    try (CallsRig on = rig()) {
      int one = on.udp("127.0.0.1");
      int other = on.udp("127.0.0.1");
      int stranger = on.udp("127.0.0.1");
      assertThat(on.rig.nameOf(on.sendNow(one, new byte[1]))).isEqualTo("EDESTADDRREQ");
      assertThat(on.connect(one, on.addressOf(other))).isZero();
      assertThat(on.rig.address(one, true)).isEqualTo(on.rig.address(other, false));
      on.sendTo(stranger, on.addressOf(one), "stranger");
      on.sendTo(other, on.addressOf(one), "friend");
      assertThat(on.receive(one)).isEqualTo("friend");
      on.rig.settle();
      assertThat(on.receiveNow(one, 10, 0)).isEqualTo(AGAIN);
      assertThat(on.send(one, "back")).isEqualTo(4);
      assertThat(on.receive(other)).isEqualTo("back");
      assertThat(on.sendTo(one, on.addressOf(stranger), "elsewhere")).isEqualTo(9);
      assertThat(on.receive(stranger)).isEqualTo("elsewhere");
      assertThat(on.connect(one, on.addressOf(stranger))).as("connected anew").isZero();
      on.sendTo(stranger, on.addressOf(one), "now");
      assertThat(on.receive(one)).isEqualTo("now");
    }
  }

  @Test
  void connecting_to_no_family_disconnects() {
    try (CallsRig on = rig()) {
      int socket = on.socket("AF_INET", "SOCK_DGRAM");
      int other = on.udp("127.0.0.1");
      assertThat(on.connect(socket, on.addressOf(other))).isZero();
      assertThat(on.rig.port(socket)).isPositive();
      NativeAddress nobody = on.addressOf(other);
      nobody.memory().fill((byte) 0);
      assertThat(on.connect(socket, nobody)).isZero();
      assertThat(on.rig.port(socket)).isZero();
      assertThat(on.rig.nameOf(on.sendNow(socket, new byte[1]))).isEqualTo("EDESTADDRREQ");
    }
  }

  @Test
  void a_sender_that_is_connected_to_nobody_is_told() {
    try (CallsRig on = rig()) {
      int gone = on.udp("127.0.0.1");
      NativeAddress nobody = on.addressOf(gone);
      on.rig.close(gone);
      int unconnected = on.udp("127.0.0.1");
      assertThat(on.sendTo(unconnected, nobody, "x")).isEqualTo(1);
      on.rig.settle();
      assertThat(on.receiveNow(unconnected, 1, 0)).as("who is not is not").isEqualTo(AGAIN);
      int connected = on.udp("127.0.0.1");
      assertThat(on.connect(connected, nobody)).isZero();
      assertThat(on.send(connected, "x")).isEqualTo(1);
      assertThat(on.receive(connected)).isEqualTo("ECONNREFUSED");
      assertThat(on.receiveNow(connected, 1, 0)).as("told once").isEqualTo(AGAIN);
      on.send(connected, "x");
      on.awaitReady(connected, Operation.READABLE);
      assertThat(on.rig.nameOf(on.sendNow(connected, new byte[1]))).isEqualTo("ECONNREFUSED");
      on.send(connected, "x");
      on.awaitReady(connected, Operation.READABLE);
      int error = on.platform.getOption(connected, SocketOption.ERROR);
      assertThat(on.platform.errorName(error)).isEqualTo("ECONNREFUSED");
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 65507", "::1, 65527"})
  void a_datagram_has_a_greatest_size(String host, int greatest) {
    try (CallsRig on = rig()) {
      int receiver = on.udp(host);
      int sender = on.udp(host);
      on.rig.check(on.platform.setOption(sender, SocketOption.SEND_BUFFER, 200_000));
      on.rig.check(on.platform.setOption(receiver, SocketOption.RECEIVE_BUFFER, 200_000));
      NativeAddress to = on.addressOf(receiver);
      assertThat(on.rig.nameOf(on.sendTo(sender, to, new byte[greatest + 1])))
          .isEqualTo("EMSGSIZE");
      String all = "x".repeat(greatest);
      assertThat(on.sendTo(sender, to, all)).isEqualTo(greatest);
      assertThat(on.receive(receiver, greatest, 0)).isEqualTo(all);
    }
  }

  @Test
  void what_the_receiver_has_no_room_for_is_lost_without_a_word() {
    try (CallsRig on = rig()) {
      int receiver = on.udp("127.0.0.1");
      int sender = on.udp("127.0.0.1");
      on.rig.check(on.platform.setOption(receiver, SocketOption.RECEIVE_BUFFER, 4096));
      String kilobyte = "x".repeat(1024);
      for (int i = 0; i < 100; i++) {
        assertThat(on.sendTo(sender, on.addressOf(receiver), kilobyte)).isEqualTo(1024);
      }
      on.rig.settle();
      int received = 0;
      while (on.receiveNow(receiver, 2000, 0) == 1024) {
        received++;
      }
      assertThat(received).isBetween(1, 20);
      on.sendTo(sender, on.addressOf(receiver), "after");
      assertThat(on.receive(receiver)).as("and then there is room").isEqualTo("after");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AF_INET,  ::1,       EAFNOSUPPORT",
    "AF_INET6, 127.0.0.1, no error",
    "AF_INET,  0.0.0.0,   no error",
    "AF_INET,  255.255.255.255, EACCES",
  })
  void destinations_are_of_the_family_and_allowed(String family, String to, String error) {
    try (CallsRig on = rig()) {
      int sender = on.socket(family, "SOCK_DGRAM");
      assertThat(on.rig.nameOf(on.sendTo(sender, on.address(to, NOBODY), new byte[1])))
          .isEqualTo(error);
    }
  }

  @Test
  void port_0_is_no_destination_and_an_ipv6_socket_may_refuse_ipv4() {
    try (CallsRig on = rig()) {
      int sender = on.socket("AF_INET", "SOCK_DGRAM");
      assertThat(on.rig.nameOf(on.sendTo(sender, on.address("127.0.0.1", 0), new byte[1])))
          .isEqualTo("EINVAL");
      int six = on.socket("AF_INET6", "SOCK_DGRAM");
      on.rig.check(on.platform.setOption(six, SocketOption.IPV6_ONLY, 1));
      assertThat(on.rig.nameOf(on.sendTo(six, on.address("127.0.0.1", NOBODY), new byte[1])))
          .isEqualTo("ENETUNREACH");
    }
  }

  @Test
  void the_first_send_gives_a_port() {
    try (CallsRig on = rig()) {
      int receiver = on.udp("127.0.0.1");
      int sender = on.socket("AF_INET", "SOCK_DGRAM");
      assertThat(on.rig.port(sender)).isZero();
      on.sendTo(sender, on.addressOf(receiver), "x");
      assertThat(on.rig.port(sender)).isPositive();
      assertThat(on.rig.address(sender, false).getAddress().isAnyLocalAddress()).isTrue();
      assertThat(on.rig.nameOf(on.rig.bind(sender, "127.0.0.1", 0))).isEqualTo("EINVAL");
    }
  }

  @Test
  void a_port_is_one_socket_s_unless_both_agree() {
    try (CallsRig on = rig()) {
      int first = on.udp("127.0.0.1");
      int port = on.rig.port(first);
      int second = on.socket("AF_INET", "SOCK_DGRAM");
      assertThat(on.rig.nameOf(on.rig.bind(second, "127.0.0.1", port))).isEqualTo("EADDRINUSE");
      on.rig.check(on.platform.setOption(first, SocketOption.REUSE_ADDRESS, 1));
      on.rig.check(on.platform.setOption(second, SocketOption.REUSE_ADDRESS, 1));
      assertThat(on.rig.bind(second, "127.0.0.1", port)).isZero();
    }
  }

  @Test
  void shutting_down_ends_what_is_received_and_what_is_sent() {
    try (CallsRig on = rig()) {
      int socket = on.udp("127.0.0.1");
      int other = on.udp("127.0.0.1");
      int both = on.constant("SHUT_RDWR");
      assertThat(on.rig.nameOf(on.calls.shutdown(socket, both))).isEqualTo("ENOTCONN");
      assertThat(on.connect(other, on.addressOf(socket))).isZero();
      assertThat(on.rig.nameOf(on.calls.shutdown(other, 7))).isEqualTo("EINVAL");
      Recorded ready = new Recorded();
      ready.awaitReady(other, Operation.READABLE);
      on.rig.submit(ready);
      on.rig.settle();
      assertThat(on.calls.shutdown(other, both)).isZero();
      assertThat(on.rig.await(ready)).isPositive();
      assertThat(on.receiveNow(other, 10, 0)).as("ready for nothing").isEqualTo(AGAIN);
      assertThat(on.rig.nameOf(on.sendNow(other, new byte[1]))).isEqualTo("EPIPE");
    }
  }

  @Test
  void it_is_no_stream() {
    try (CallsRig on = rig()) {
      int socket = on.udp("127.0.0.1");
      Platform platform = on.platform;
      assertThat(on.rig.nameOf(platform.listen(socket, 1))).isEqualTo("EOPNOTSUPP");
      assertThat(on.rig.nameOf(on.calls.accept(socket, true, on.address("127.0.0.1", 1))))
          .isEqualTo("EOPNOTSUPP");
      assertThat(on.rig.nameOf(platform.readAddress(
          socket, true, on.address("127.0.0.1", 1).memory()))).isEqualTo("ENOTCONN");
      assertThat(on.rig.nameOf(platform.getOption(socket, SocketOption.NO_DELAY)))
          .isIn("EOPNOTSUPP", "ENOPROTOOPT");
      assertThat(platform.getOption(socket, SocketOption.TYPE))
          .isEqualTo(on.constant("SOCK_DGRAM"));
      assertThat(platform.getOption(socket, SocketOption.FAMILY))
          .isEqualTo(on.constant("AF_INET"));
      assertThat(platform.getOption(socket, SocketOption.PROTOCOL))
          .isEqualTo(on.constant("IPPROTO_UDP"));
    }
  }

  @Test
  void engines_receive_and_send_datagrams_too() {
    try (CallsRig on = rig()) {
      int one = on.udp("127.0.0.1");
      int other = on.udp("127.0.0.1");
      assertThat(on.connect(one, on.addressOf(other))).isZero();
      on.rig.send(one, (byte) 'a', (byte) 'b');
      on.rig.send(one, (byte) 'c');
      assertThat(on.rig.receive(other, 3)).containsExactly('a', 'b', 'c');
    }
  }
}
