package io.triad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.testing.Settling;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.Tasks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketMessageTest {
  // ---- bytes ----

  @ParameterizedTest
  @EnumSource(
      value = SocketType.class,
      names = {"STREAM", "DATAGRAM"})
  void sock_54_sock_57_buffers_are_gathered_and_scattered_in_order(SocketType type)
      throws Exception {
    SocketPairs.unix(
        type,
        (one, other) -> {
          ByteBuffer direct = ByteBuffer.allocateDirect(3).put(new byte[] {3, 4, 5}).flip();
          List<ByteBuffer> data =
              List.of(
                  ByteBuffer.wrap(new byte[] {1, 2}),
                  ByteBuffer.allocate(0),
                  direct,
                  ByteBuffer.wrap(new byte[] {9, 6, 9}, 1, 1));
          assertThat(one.sendMsg(data)).isEqualTo(6);
          assertThat(data).noneMatch(ByteBuffer::hasRemaining);

          List<ByteBuffer> into =
              List.of(
                  ByteBuffer.allocateDirect(1),
                  ByteBuffer.allocate(3).position(1),
                  ByteBuffer.allocateDirect(2),
                  ByteBuffer.allocate(5));
          try (ReceivedMessage message = other.recvMsgInto(into, 0, 0)) {
            assertThat(message.length()).isEqualTo(6);
            assertThat(message.data()).isEmpty();
            assertThat(message.controls()).isEmpty();
            assertThat(message.truncated()).isFalse();
          }
          assertThat(into.get(0).get(0)).isEqualTo((byte) 1);
          assertThat(into.get(1).array()).containsExactly(0, 2, 3);
          assertThat(into.get(2).get(0)).isEqualTo((byte) 4);
          assertThat(into.get(2).get(1)).isEqualTo((byte) 5);
          assertThat(into.get(3).array()).containsExactly(6, 0, 0, 0, 0);
          assertThat(into.get(3).position()).isEqualTo(1);
        });
  }

  @Test
  void sock_54_sock_57_to_and_from_an_address() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          one.sendMsg(
              List.of(ByteBuffer.wrap(new byte[] {1})), List.of(), 0, other.getsockname());
          try (ReceivedMessage message = other.recvMsg(10, 0, 0)) {
            assertThat(message.data()).containsExactly(1);
            assertThat(message.length()).isEqualTo(1);
            assertThat(message.address()).isEqualTo(one.getsockname());
          }
        });
  }

  @Test
  void sock_57_a_stream_takes_what_it_can_of_many_buffers() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          ByteBuffer one = ByteBuffer.wrap(new byte[] {1});
          List<ByteBuffer> many =
              Collections.nCopies(2000, one).stream().map(ByteBuffer::duplicate).toList();
          int sent = 0;
          while (sent < many.size()) {
            sent += client.sendMsg(many.subList(sent, many.size()));
          }
          int received = 0;
          while (received < sent) {
            received += server.recv(10_000).length;
          }
          assertThat(received).isEqualTo(2000);
          assertThat(server.isReadable()).isFalse();
        });
    SocketPairs.udp(
        (one, other) -> assertThatIllegalArgumentException()
            .isThrownBy(
                () -> one.sendMsg(
                    Collections.nCopies(2000, ByteBuffer.allocate(1)),
                    List.of(),
                    0,
                    other.getsockname())));
  }

  // ---- descriptors ----

  private static void pass(Socket over, int... descriptors) throws IOException {
    over.sendMsg(
        List.of(ByteBuffer.wrap(new byte[] {1})),
        List.of(ControlMessage.rights(descriptors)),
        0,
        null);
  }

  @Test
  void sock_54_a_descriptor_is_passed_and_used() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          List<Socket> pair = Sockets.socketpair();
          try (Socket kept = pair.get(0)) {
            try (Socket passed = pair.get(1)) {
              pass(one, passed.fileno());
            }
            try (ReceivedMessage message =
                other.recvMsg(10, ControlMessage.spaceOfRights(1), 0)) {
              assertThat(message.data()).containsExactly(1);
              assertThat(message.controlTruncated()).isFalse();
              assertThat(message.controls()).isEmpty();
              assertThat(message.descriptors().count()).isEqualTo(1);
              try (Socket again = message.descriptors().takeSocket(0)) {
                assertThat(again.getInheritable()).isFalse();
                again.sendAll(new byte[] {8});
                assertThat(kept.recv(10)).containsExactly(8);
              }
              assertThat(message.descriptors().peek(0)).isEqualTo(-1);
              assertThatIllegalStateException().isThrownBy(() -> message.descriptors().take(0));
            }
          }
        });
  }

  @Test
  void sock_54_descriptors_that_nobody_takes_are_closed() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          pass(one, one.fileno(), other.fileno(), one.fileno());
          int[] numbers = new int[3];
          int taken;
          try (ReceivedMessage message = other.recvMsg(10, ControlMessage.spaceOfRights(3), 0)) {
            for (int i = 0; i < numbers.length; i++) {
              numbers[i] = message.descriptors().peek(i);
            }
            assertThat(numbers).doesNotHaveDuplicates().doesNotContain(-1);
            taken = message.descriptors().take(1);
          }
          assertThat(taken).isEqualTo(numbers[1]);
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Sockets.fromFd(numbers[0]));
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Sockets.fromFd(numbers[2]));
          Sockets.adoptFd(taken).close();
        });
  }

  @Test
  void sock_54_taking_all_leaves_nothing_to_close() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          pass(one, one.fileno(), other.fileno());
          int[] taken;
          try (ReceivedMessage message = other.recvMsg(10, ControlMessage.spaceOfRights(2), 0)) {
            taken = message.descriptors().takeAll();
            assertThat(message.descriptors().takeAll()).isEmpty();
          }
          for (int number : taken) {
            Sockets.adoptFd(number).close();
          }
        });
  }

  @Test
  void sock_54_without_room_for_them_none_are_left_open() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          pass(one, one.fileno(), one.fileno(), one.fileno(), one.fileno(), one.fileno());
          try (ReceivedMessage message = other.recvMsg(10, ControlMessage.spaceOfRights(1), 0)) {
            assertThat(message.controlTruncated()).isTrue();
            assertThat(message.flags() & Sockets.constant("MSG_CTRUNC")).isNotZero();
            assertThat(message.descriptors().count()).isBetween(1, 2); // padding holds one more
          }
          pass(one, one.fileno());
          assertThat(other.recv(10)).hasSize(1);
          pass(one, one.fileno());
          assertThat(other.recvFrom(10).data()).hasSize(1);
          // LeakCheck counts.
        });
  }

  @Test
  void sock_54_a_cancelled_receive_leaves_descriptors_to_the_next() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          int room = ControlMessage.spaceOfRights(1);
          int[] received = {0};
          Nursery.open(
              nursery -> {
                CancelScope scope =
                    Tasks.startInScope(
                        nursery,
                        () -> {
                          try (ReceivedMessage message = other.recvMsg(10, room, 0)) {
                            received[0] += message.descriptors().count();
                          }
                        });
                Settling.waitAllTasksBlocked();
                pass(one, one.fileno());
                scope.cancel(); // which may be too late, and then the message has been received
              });
          if (received[0] == 0) {
            try (ReceivedMessage message = other.recvMsg(10, room, 0)) {
              received[0] += message.descriptors().count();
            }
          }
          assertThat(received[0]).isEqualTo(1);
          Tasks.assertCancelPoint(() -> other.recvMsg(10, room, 0));
        });
  }

  @Test
  @Tag("kernel")
  void sock_54_a_peeked_message_has_descriptors_of_its_own() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          int room = ControlMessage.spaceOfRights(1);
          pass(one, one.fileno());
          int peeked;
          try (ReceivedMessage message = other.recvMsg(10, room, Sockets.constant("MSG_PEEK"))) {
            peeked = message.descriptors().peek(0);
          }
          assertThatExceptionOfType(OsException.class).isThrownBy(() -> Sockets.fromFd(peeked));
          try (ReceivedMessage message = other.recvMsg(10, room, 0)) {
            assertThat(message.descriptors().count()).isEqualTo(1);
          }
        });
  }

  @Test
  @Tag("kernel")
  void sock_54_what_is_no_socket_stays_in_the_message() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          pass(one, 2); // standard error, whatever it is here
          try (ReceivedMessage message = other.recvMsg(10, ControlMessage.spaceOfRights(1), 0)) {
            int number = message.descriptors().peek(0);
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> message.descriptors().takeSocket(0))
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("ENOTSOCK"));
            assertThat(message.descriptors().peek(0)).isEqualTo(number);
          }
        });
  }

  @Test
  void a_descriptor_that_nobody_has_cannot_be_passed() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> pass(one, 987_654))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EBADF"));
          assertThat(other.isReadable()).isFalse();
        });
  }

  // ---- other control messages ----

  @Test
  @Tag("kernel")
  void sock_54_a_datagram_says_where_it_came_in_how_far_it_might_go_and_when() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          other.setOption(SocketOptions.IP_PKTINFO, true);
          other.setOption(SocketOptions.IP_RECVTTL, true);
          other.setOption(SocketOptions.IP_RECVTOS, true);
          if (Kernel.isLinux()) {
            other.setOption(SocketOptions.SO_TIMESTAMPNS, true);
          }
          one.setOption(SocketOptions.IP_TTL, 33);
          one.sendTo(new byte[] {1}, other.getsockname());
          try (ReceivedMessage message = other.recvMsg(10, 512, 0)) {
            PacketInfo info =
                message.controls().stream()
                    .flatMap(control -> control.packetInfo().stream())
                    .findAny()
                    .orElseThrow();
            assertThat(info.address()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            assertThat(info.interfaceIndex())
                .isEqualTo(NetworkInterface.getByName("lo").getIndex());
            assertThat(
                message.controls().stream().flatMapToInt(control -> control.hopLimit().stream()))
                .containsExactly(33);
            assertThat(
                message.controls().stream()
                    .flatMapToInt(control -> control.trafficClass().stream()))
                .containsExactly(0);
            assertThat(
                message.controls().stream().flatMap(control -> control.timestamp().stream()))
                .hasSize(Kernel.isLinux() ? 1 : 0)
                .allSatisfy(time -> assertThat(time).isAfter("2020-01-01T00:00:00Z"));
            assertThat(message.descriptors().count()).isZero();
          }
        });
  }

  @Test
  @Tag("kernel")
  void sock_54_sock_57_a_datagram_is_sent_from_an_address_of_choice() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          try (Socket any = Sockets.socket(StandardProtocolFamily.INET, SocketType.DATAGRAM)) {
            any.bind(new InetSocketAddress("0.0.0.0", 0));
            InetAddress from = InetAddress.ofLiteral("127.0.0.9");
            any.sendMsg(
                List.of(ByteBuffer.wrap(new byte[] {1})),
                Kernel.isLinux()
                    ? List.of(
                        ControlMessage.packetInfo(new PacketInfo(from, 0)),
                        ControlMessage.timeToLive(5))
                    : List.of(ControlMessage.packetInfo(new PacketInfo(from, 0))),
                0,
                other.getsockname());
            InetSocketAddress sender =
                (InetSocketAddress) Objects.requireNonNull(other.recvFrom(10).address());
            assertThat(sender.getAddress()).isEqualTo(from);
          }
        });
  }

  @Test
  @Tag("kernel")
  void sock_54_sock_57_the_same_for_ipv6() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket one = Sockets.socket(StandardProtocolFamily.INET6, SocketType.DATAGRAM);
              Socket other = Sockets.socket(StandardProtocolFamily.INET6, SocketType.DATAGRAM)) {
            InetAddress loopback = InetAddress.ofLiteral("::1");
            other.bind(new InetSocketAddress(loopback, 0));
            other.setOption(SocketOptions.IPV6_RECVPKTINFO, true);
            other.setOption(SocketOptions.IPV6_RECVHOPLIMIT, true);
            other.setOption(SocketOptions.IPV6_RECVTCLASS, true);
            one.sendMsg(
                List.of(ByteBuffer.wrap(new byte[] {1})),
                List.of(
                    ControlMessage.packetInfo(new PacketInfo(loopback, 0)),
                    ControlMessage.hopLimit(7)),
                0,
                other.getsockname());
            try (ReceivedMessage message = other.recvMsg(10, 512, 0)) {
              assertThat(
                  message.controls().stream().flatMap(control -> control.packetInfo().stream()))
                  .singleElement()
                  .satisfies(info -> assertThat(info.address()).isEqualTo(loopback));
              assertThat(
                  message.controls().stream().flatMapToInt(control -> control.hopLimit().stream()))
                  .containsExactly(7);
              assertThat(
                  message.controls().stream()
                      .flatMapToInt(control -> control.trafficClass().stream()))
                  .containsExactly(0);
            }
          }
        });
  }

  @Test
  @Tag("kernel")
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "UDP_SEGMENT and UDP_GRO are options of Linux")
  void a_send_is_cut_into_datagrams_and_joined_again() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          other.setOption(SocketOptions.UDP_GRO, true);
          one.sendMsg(
              List.of(ByteBuffer.allocate(2500)),
              List.of(ControlMessage.segmentSize(1000)),
              0,
              other.getsockname());
          int received = 0;
          while (received < 2500) {
            try (ReceivedMessage message = other.recvMsg(65_536, 256, 0)) {
              received += message.length();
              message.controls().stream()
                  .flatMapToInt(control -> control.segmentSize().stream())
                  .forEach(bytes -> assertThat(bytes).isEqualTo(1000));
              assertThat(message.length()).isPositive();
            }
          }
          assertThat(received).isEqualTo(2500);
        });
  }

  @Test
  void a_control_message_is_a_value() throws Exception {
    Triad.run(
        () -> {
          byte[] data = {1, 2};
          ControlMessage message = new ControlMessage(1, 2, data);
          data[0] = 9;
          message.data()[1] = 9;
          assertThat(message).isEqualTo(new ControlMessage(1, 2, new byte[] {1, 2}));
          assertThat(message).hasSameHashCodeAs(new ControlMessage(1, 2, new byte[] {1, 2}));
          assertThat(message).isNotEqualTo(new ControlMessage(1, 2, new byte[] {1, 3}));
          assertThat(message.hopLimit()).isEmpty();
          assertThat(message.packetInfo()).isEmpty();
          assertThat(message.timestamp()).isEmpty();
          assertThat(message.segmentSize()).isEmpty();
          assertThat(ControlMessage.space(1)).isGreaterThan(1);
          assertThat(ControlMessage.spaceOfRights(2)).isEqualTo(ControlMessage.space(8));
        });
  }

  // ---- groups ----

  @Test
  @Tag("kernel")
  void a_group_is_joined_and_left() throws Exception {
    groups("239.1.2.3", "127.0.0.1", StandardProtocolFamily.INET);
  }

  @Test
  @Tag("kernel")
  void a_group_of_ipv6_is_joined_and_left() throws Exception {
    groups("ff01::1234", "::1", StandardProtocolFamily.INET6);
  }

  private static void groups(String name, String source, StandardProtocolFamily family)
      throws Exception {
    Triad.<Exception>run(
        () -> {
          InetAddress group = InetAddress.ofLiteral(name);
          InetAddress sender = InetAddress.ofLiteral(source);
          NetworkInterface loopback = NetworkInterface.getByName("lo");
          try (Socket receiver = Sockets.socket(family, SocketType.DATAGRAM);
              Socket from = Sockets.socket(family, SocketType.DATAGRAM)) {
            String any = family == StandardProtocolFamily.INET ? "0.0.0.0" : "::";
            receiver.bind(new InetSocketAddress(any, 0));
            InetSocketAddress to =
                new InetSocketAddress(
                    group, ((InetSocketAddress) receiver.getsockname()).getPort());
            from.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
            from.bind(new InetSocketAddress(sender, 0));

            receiver.joinGroup(group, loopback);
            if (family == StandardProtocolFamily.INET) { // IPv6 has no way to groups over loopback
              from.sendTo(new byte[] {1}, to);
              assertThat(receiver.recv(10)).containsExactly(1);
            }
            receiver.leaveGroup(group, loopback);
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> receiver.leaveGroup(group, loopback))
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("EADDRNOTAVAIL"));

            receiver.joinGroup(group, loopback, sender);
            if (family == StandardProtocolFamily.INET) {
              from.sendTo(new byte[] {2}, to);
              assertThat(receiver.recv(10)).containsExactly(2);
            }
            receiver.leaveGroup(group, loopback, sender);

            assertThatIllegalArgumentException()
                .isThrownBy(() -> receiver.joinGroup(sender, loopback));
            InetAddress other = InetAddress.ofLiteral(source.equals("::1") ? "127.0.0.1" : "::1");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> receiver.joinGroup(group, loopback, other));
          }
        });
  }

  @Test
  void a_message_is_waited_for() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    try (ReceivedMessage message =
                        other.recvMsg(10, ControlMessage.spaceOfRights(1), 0)) {
                      assertThat(message.descriptors().count()).isEqualTo(1);
                    }
                  });
              Settling.waitAllTasksBlocked();
              pass(one, one.fileno());
            }));
  }
}
