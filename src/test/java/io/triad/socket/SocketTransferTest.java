package io.triad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Action;
import io.triad.BusyResourceException;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.Tasks;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketTransferTest {
  // ---- try, wait, try ----

  /** A way to receive the byte 7, as the others can. */
  private record Receiving(String name, Action<IOException> action) {}

  private static List<Receiving> receivings(Socket socket) {
    return List.of(
        new Receiving("recv", () -> assertThat(socket.recv(10)).containsExactly(7)),
        new Receiving(
            "recvInto", () -> assertThat(socket.recvInto(ByteBuffer.allocate(10))).isEqualTo(1)),
        new Receiving(
            "recvFrom", () -> assertThat(socket.recvFrom(10).data()).containsExactly(7)),
        new Receiving(
            "recvFromInto",
            () -> assertThat(socket.recvFromInto(ByteBuffer.allocate(10)).length()).isEqualTo(1)),
        new Receiving(
            "recvMsg", () -> assertThat(socket.recvMsg(10, 0, 0).data()).containsExactly(7)),
        new Receiving(
            "recvMsgInto",
            () -> assertThat(
                socket.recvMsgInto(List.of(ByteBuffer.allocateDirect(10)), 0, 0).length())
                .isEqualTo(1)));
  }

  private static List<Action<IOException>> sendings(Socket socket) {
    return List.of(
        () -> socket.send(new byte[] {7}),
        () -> socket.send(ByteBuffer.wrap(new byte[] {7})),
        () -> socket.send(SocketPairs.nativeBytes((byte) 7)),
        () -> socket.sendMsg(List.of(ByteBuffer.wrap(new byte[] {7}))),
        () -> socket.sendAll(new byte[] {7}));
  }

  @Test
  void sock_46_what_can_be_done_at_once_is_done_at_once_and_is_a_checkpoint() throws Exception {
    SocketPairs.unix(
        SocketType.DATAGRAM,
        (one, other) -> {
          for (Action<IOException> sending : sendings(one)) {
            Checkpoints.assertCheckpoints(sending);
          }
          for (Receiving receiving : receivings(other).subList(0, 5)) {
            Checkpoints.assertCheckpoints(receiving.action);
          }
          assertThat(other.isReadable()).isFalse();
        });
  }

  @Test
  void sock_46_sock_47_a_wait_ends_with_data_and_a_cancelled_one_has_consumed_nothing()
      throws Exception {
    SocketPairs.unix(
        SocketType.DATAGRAM,
        (one, other) -> {
          for (Receiving receiving : receivings(other)) {
            // Cancelled before it begins.
            one.send(new byte[] {7});
            Tasks.assertCancelPoint(receiving.action);
            // Now it is there at once.
            receiving.action.run();
            // Cancelled while it waits.
            Tasks.assertCancelled(
                receiving.action,
                scope -> {
                  Settling.waitAllTasksBlocked();
                  scope.cancel();
                });
            // Has to wait.
            Nursery.open(
                nursery -> {
                  nursery.startSoon(receiving.action::run);
                  Settling.waitAllTasksBlocked();
                  one.send(new byte[] {7});
                });
            assertThat(other.isReadable()).as(receiving.name).isFalse();
          }
        });
  }

  @Test
  void sock_46_sock_47_sock_55_a_send_waits_for_room_and_a_cancelled_one_has_sent_nothing()
      throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          long clogged = SocketPairs.clog(one);
          for (Action<IOException> sending : sendings(one)) {
            Tasks.assertCancelPoint(sending);
            Tasks.assertCancelled(
                sending,
                scope -> {
                  Settling.waitAllTasksBlocked();
                  scope.cancel();
                });
          }
          List<Integer> sent = new ArrayList<>();
          long[] received = {0};
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> sent.add(one.send(new byte[] {7, 7})));
                Settling.waitAllTasksBlocked();
                assertThat(sent).isEmpty();
                while (sent.isEmpty()) {
                  received[0] += other.recv(64 * 1024).length;
                }
              });
          while (received[0] < clogged) {
            received[0] += other.recv((int) Math.min(64 * 1024, clogged - received[0])).length;
          }
          assertThat(other.recv(10)).hasSize(sent.getFirst());
          assertThat(other.isReadable()).isFalse();
        });
  }

  @Test
  void sock_46_accept_waits_for_a_connection_and_a_cancelled_one_loses_none() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket listener = SocketPairs.listener();
              Socket client = Sockets.socket()) {
            Tasks.assertCancelled(
                listener::accept,
                scope -> {
                  Settling.waitAllTasksBlocked();
                  scope.cancel();
                });
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> {
                        Accepted accepted = listener.accept();
                        accepted.socket().close();
                        assertThat(accepted.address()).isEqualTo(client.getsockname());
                      });
                  Settling.waitAllTasksBlocked();
                  client.connect(listener.getsockname());
                });
          }
        });
  }

  @Test
  void sock_48_data_taken_by_somebody_else_is_waited_for_again() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          List<byte[]> received = new ArrayList<>();
          try (Socket thief = other.dup()) {
            Nursery.open(
                nursery -> {
                  nursery.startSoon(() -> received.add(other.recv(10)));
                  Settling.waitAllTasksBlocked();
                  // Both calls are made before the loop looks for readiness again.
                  steal(one, thief);
                  Settling.waitAllTasksBlocked();
                  assertThat(received).isEmpty();
                  one.send(new byte[] {2});
                });
          }
          assertThat(received.getFirst()).containsExactly(2);
        });
  }

  /** Sends a byte and takes it away, without letting others run. */
  private static void steal(Socket from, Socket to) {
    MemorySegment memory = Arena.ofAuto().allocate(1);
    assertThat(from.run.calls.send(from.fileno(), memory.address(), 1, 0)).isEqualTo(1);
    assertThat(to.run.calls.receive(to.fileno(), memory.address(), 1, 0)).isEqualTo(1);
  }

  @Test
  void sock_46_sock_49_an_error_of_the_first_attempt_comes_at_once_and_is_a_checkpoint()
      throws Exception {
    SocketPairs.fresh(
        socket -> {
          // Linux tells an unconnected socket of TCP of a broken pipe when it sends.
          assertFailsWithCheckpoint(() -> socket.send(new byte[1]), "EPIPE", "ENOTCONN");
          assertFailsWithCheckpoint(() -> socket.recv(1), "ENOTCONN");
          assertFailsWithCheckpoint(() -> socket.recvMsg(1, 0, 0), "ENOTCONN");
          assertFailsWithCheckpoint(socket::accept, "EINVAL");
          assertFailsWithCheckpoint(
              () -> socket.bind(new InetSocketAddress("192.0.2.1", 0)), "EADDRNOTAVAIL");
          socket.close();
          assertFailsWithCheckpoint(() -> socket.recv(1), "EBADF");
          assertFailsWithCheckpoint(socket::accept, "EBADF");
        });
  }

  private static void assertFailsWithCheckpoint(ThrowingCallable call, String... symbols)
      throws Exception {
    Checkpoints.assertCheckpoints(
        () -> assertThatExceptionOfType(OsException.class)
            .isThrownBy(call)
            .satisfies(e -> assertThat(e.symbol()).isIn((Object[]) symbols)));
  }

  @Test
  void sock_49_what_is_wrong_with_the_arguments_is_said_without_a_checkpoint() throws Exception {
    SocketPairs.fresh(
        socket -> Checkpoints.assertNoCheckpoints(
            () -> {
              assertThatIllegalArgumentException().isThrownBy(() -> socket.recv(-1));
              assertThatIllegalArgumentException().isThrownBy(() -> socket.recvFrom(-1));
              assertThatIllegalArgumentException().isThrownBy(() -> socket.recvMsg(1, -1, 0));
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> socket.recvInto(ByteBuffer.allocate(1).asReadOnlyBuffer()));
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> socket.connect(UnixDomainSocketAddress.of("/tmp/x")));
            }));
  }

  @Test
  void sock_50_two_who_wait_in_one_direction_conflict() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> assertThat(other.recv(10)).containsExactly(1));
                Settling.waitAllTasksBlocked();
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(() -> other.recv(10));
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(other::waitReadable);
                assertThat(other.send(new byte[] {3})).isEqualTo(1); // the other direction is free
                one.send(new byte[] {1});
              });
          assertThat(one.recv(10)).containsExactly(3);
        });
  }

  @Test
  void sock_50_two_who_wait_to_send_conflict() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, _) -> {
          SocketPairs.clog(one);
          Tasks.assertCancelled(
              () -> one.send(new byte[1]),
              scope -> {
                Settling.waitAllTasksBlocked();
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(() -> one.send(new byte[1]));
                scope.cancel();
              });
        });
  }

  @Test
  void sock_50_who_is_served_at_once_does_not_conflict() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> Nursery.open(
            nursery -> {
              one.sendAll(new byte[] {1, 2});
              nursery.startSoon(() -> assertThat(other.recv(1)).hasSize(1));
              nursery.startSoon(() -> assertThat(other.recv(1)).hasSize(1));
            }));
  }

  // ---- receiving ----

  @Test
  void sock_51_recv_returns_no_more_than_asked_for_and_nothing_at_the_end() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          client.sendAll(new byte[] {1, 2, 3});
          client.shutdown(Direction.WRITE);
          assertThat(server.recv(2)).containsExactly(1, 2);
          assertThat(server.recv(0)).isEmpty();
          assertThat(server.recv(100)).containsExactly(3);
          assertThat(server.recv(100)).isEmpty();
          assertThat(server.recv(100)).isEmpty();
        });
  }

  @Test
  void sock_51_to_peek_leaves_the_data() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          int peek = Sockets.constant("MSG_PEEK");
          client.sendAll(new byte[] {1, 2, 3});
          assertThat(server.recv(2, peek)).containsExactly(1, 2);
          assertThat(server.recvInto(ByteBuffer.allocate(10), peek)).isEqualTo(3);
          assertThat(server.recv(10)).containsExactly(1, 2, 3);
        });
  }

  @Test
  void sock_51_a_large_receive_takes_what_is_there() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          client.sendAll(new byte[] {4});
          assertThat(server.recv(Integer.MAX_VALUE)).containsExactly(4);
        });
  }

  @Test
  void sock_52_a_buffer_is_filled_from_its_position_and_the_rest_is_left_alone()
      throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          for (ByteBuffer buffer : List.of(ByteBuffer.allocate(8), ByteBuffer.allocateDirect(8))) {
            client.sendAll(new byte[] {1, 2});
            buffer.position(3);
            assertThat(server.recvInto(buffer)).isEqualTo(2);
            assertThat(buffer.position()).isEqualTo(5);
            byte[] all = new byte[8];
            buffer.get(0, all);
            assertThat(all).containsExactly(0, 0, 0, 1, 2, 0, 0, 0);
          }
          client.sendAll(new byte[] {1, 2});
          MemorySegment memory = MemorySegment.ofArray(new byte[] {9, 9, 9, 9});
          assertThat(server.recvInto(memory.asSlice(1))).isEqualTo(2);
          assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsExactly(9, 1, 2, 9);
        });
  }

  @Test
  void sock_52_memory_that_has_been_freed_is_refused() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          Arena arena = Arena.ofConfined();
          MemorySegment freed = arena.allocate(10);
          arena.close();
          assertThatThrownBy(() -> client.send(freed)).isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> server.recvInto(freed))
              .isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void sock_53_a_datagram_comes_with_its_sender() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          one.sendTo(new byte[] {1}, other.getsockname());
          ReceivedFrom received = other.recvFrom(10);
          assertThat(received.data()).containsExactly(1);
          assertThat(received.address()).isEqualTo(one.getsockname());

          one.sendTo(new byte[] {2, 3}, other.getsockname());
          ByteBuffer into = ByteBuffer.allocate(10).position(1);
          ReceivedInto count = other.recvFromInto(into);
          assertThat(count.length()).isEqualTo(2);
          assertThat(count.address()).isEqualTo(one.getsockname());
          assertThat(into.position()).isEqualTo(3);
          assertThat(Arrays.copyOf(into.array(), 4)).containsExactly(0, 2, 3, 0);
        });
  }

  @Test
  void sock_53_a_connection_does_not_say_who() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          client.sendAll(new byte[] {1});
          assertThat(server.recvFrom(10).address()).isNull();
        });
  }

  // ---- sending ----

  @Test
  void sock_55_a_send_moves_the_position_over_what_was_taken() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          ByteBuffer large = ByteBuffer.allocateDirect(8 * 1024 * 1024);
          int sent = one.send(large);
          assertThat(sent).isPositive().isLessThan(large.capacity());
          assertThat(large.position()).isEqualTo(sent);
          ByteBuffer heap = ByteBuffer.wrap(new byte[] {0, 0, 5}).position(2);
          int received = 0;
          while (received < sent) {
            received += other.recv(sent - received).length;
          }
          assertThat(one.send(heap)).isEqualTo(1);
          assertThat(heap.hasRemaining()).isFalse();
          assertThat(other.recv(10)).containsExactly(5);
        });
  }

  @Test
  @Tag("kernel")
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "MSG_MORE is a flag of Linux")
  void sock_56_more_makes_one_datagram_of_two_sends() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          one.sendTo(new byte[] {1}, Sockets.constant("MSG_MORE"), other.getsockname());
          one.sendTo(new byte[] {2}, 0, other.getsockname());
          assertThat(other.recv(10)).containsExactly(1, 2);
        });
  }

  @Test
  void sock_56_every_form_of_data_is_sent_to_an_address() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 2}).position(1);
          assertThat(one.sendTo(new byte[] {1}, other.getsockname())).isEqualTo(1);
          assertThat(one.sendTo(buffer, 0, other.getsockname())).isEqualTo(1);
          assertThat(buffer.hasRemaining()).isFalse();
          one.sendTo(SocketPairs.nativeBytes((byte) 3), 0, other.getsockname());
          for (byte expected = 1; expected <= 3; expected++) {
            assertThat(other.recv(10)).containsExactly(expected);
          }
        });
  }

  @Test
  void sock_56_an_address_of_another_kind_is_an_argument_error() throws Exception {
    SocketPairs.udp(
        (one, _) -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> one.sendTo(new byte[1], UnixDomainSocketAddress.of("/tmp/x")));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> one.sendTo(new byte[1], new java.net.SocketAddress() {}));
        });
  }

  @Test
  void sock_58_on_connected_udp_a_send_is_a_datagram() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          one.connect(other.getsockname());
          other.connect(one.getsockname());
          one.send(new byte[] {1, 2});
          one.send(new byte[] {3});
          one.sendMsg(List.of(ByteBuffer.wrap(new byte[] {4}), ByteBuffer.wrap(new byte[] {5})));
          assertThat(other.recv(100)).containsExactly(1, 2);
          assertThat(other.recv(100)).containsExactly(3);
          assertThat(other.recv(100)).containsExactly(4, 5);
          assertThat(one.getpeername()).isEqualTo(other.getsockname());
        });
  }

  @Test
  void sock_58_sock_59_a_large_datagram_arrives_whole() throws Exception {
    SocketPairs.unix(
        SocketType.DATAGRAM,
        (one, other) -> {
          byte[] data = new byte[100_000];
          data[99_999] = 1;
          one.setOption(StandardSocketOptions.SO_SNDBUF, 400_000);
          assertThat(one.send(data)).isEqualTo(data.length);
          assertThat(other.recv(200_000)).isEqualTo(data);
          assertThat(one.sendMsg(List.of(ByteBuffer.wrap(data)))).isEqualTo(data.length);
          ByteBuffer into = ByteBuffer.allocate(100_000);
          assertThat(other.recvMsgInto(List.of(into), 0, 0).length()).isEqualTo(data.length);
          assertThat(into.array()).isEqualTo(data);
        });
  }

  @Test
  void sock_59_what_does_not_fit_is_lost_and_nothing_is_no_end() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          one.sendTo(new byte[] {1, 2, 3}, other.getsockname());
          one.sendTo(new byte[0], other.getsockname());
          one.sendTo(new byte[] {4, 5, 6}, other.getsockname());
          one.sendTo(new byte[] {7}, other.getsockname());
          assertThat(other.recv(2)).containsExactly(1, 2);
          assertThat(other.recv(2)).isEmpty();
          try (ReceivedMessage message = other.recvMsg(2, 0, 0)) {
            assertThat(message.data()).containsExactly(4, 5);
            assertThat(message.truncated()).isTrue();
            assertThat(message.flags() & Sockets.constant("MSG_TRUNC")).isNotZero();
          }
          try (ReceivedMessage message = other.recvMsg(2, 0, 0)) {
            assertThat(message.data()).containsExactly(7);
            assertThat(message.truncated()).isFalse();
          }
        });
  }

  @Test
  @Tag("kernel")
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "only Linux takes MSG_TRUNC as a wish")
  void sock_59_the_true_length_is_told_to_who_asks_for_it() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          int truncate = Sockets.constant("MSG_TRUNC");
          one.sendTo(new byte[] {1, 2, 3}, other.getsockname());
          one.sendTo(new byte[] {4, 5, 6}, other.getsockname());
          one.sendTo(new byte[] {7, 8, 9}, other.getsockname());
          ByteBuffer small = ByteBuffer.allocate(2);
          assertThat(other.recvInto(small, truncate)).isEqualTo(3);
          assertThat(small.hasRemaining()).isFalse();
          assertThat(other.recv(2, truncate)).containsExactly(4, 5);
          assertThat(other.recvFrom(2, truncate).data()).containsExactly(7, 8);
        });
  }

  @Test
  void a_refusal_by_the_peer_is_told_by_the_next_receive() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          one.connect(other.getsockname());
          other.close();
          one.send(new byte[1]);
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> one.recv(1))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("ECONNREFUSED"));
        });
  }

  @Test
  void too_large_a_datagram_is_the_systems_error() throws Exception {
    SocketPairs.udp(
        (one, other) -> {
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> one.sendTo(new byte[70_000], other.getsockname()))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EMSGSIZE"));
          assertThat(other.isReadable()).isFalse();
        });
  }

  @Test
  @Tag("kernel")
  void broadcast_has_to_be_allowed() throws Exception {
    SocketPairs.udp(
        (one, _) -> {
          InetSocketAddress everybody = new InetSocketAddress("127.255.255.255", 9);
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> one.sendTo(new byte[1], everybody))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EACCES"));
          one.setOption(StandardSocketOptions.SO_BROADCAST, true);
          assertThat(one.sendTo(new byte[1], everybody)).isEqualTo(1);
        });
  }

  @Test
  void ipv6_datagrams_go_to_ipv6_and_ipv4() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket both = Sockets.socket(StandardProtocolFamily.INET6, SocketType.DATAGRAM);
              Socket old = SocketPairs.datagram()) {
            both.setOption(SocketOptions.IPV6_V6ONLY, false);
            both.bind(new InetSocketAddress("::", 0));
            int port = ((InetSocketAddress) both.getsockname()).getPort();
            old.sendTo(new byte[] {1}, SocketPairs.loopback(port));
            ReceivedFrom received = both.recvFrom(10);
            assertThat(received.address()).isEqualTo(old.getsockname());
            both.sendTo(new byte[] {2}, received.address());
            assertThat(old.recv(10)).containsExactly(2);
            both.sendTo(new byte[] {3}, new InetSocketAddress("::1", port));
            assertThat(both.recv(10)).containsExactly(3);
          }
        });
  }
}
