package io.triad.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class UdpSocketTest {
  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOCAL, 0);

  private interface PairAction {
    void run(UdpSocket one, UdpSocket other) throws Exception;
  }

  private static void withPair(PairAction action) throws Exception {
    withPair(UdpOptions.DEFAULT, action);
  }

  private static void withPair(UdpOptions options, PairAction action) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (UdpSocket one = UdpSocket.bind(ANY_PORT, options);
              UdpSocket other = UdpSocket.bind(ANY_PORT, options)) {
            action.run(one, other);
          }
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static String receive(UdpSocket socket) throws IOException {
    String[] text = new String[1];
    socket.receive(datagram -> text[0] = new String(datagram.toArray(), US_ASCII));
    return text[0];
  }

  @Test
  void a_datagram_arrives_with_its_sender() throws Exception {
    withPair(
        (one, other) -> {
          one.send(bytes("hello"), other.localAddress());
          other.receive(
              datagram -> {
                assertThat(datagram.data().toArray()).asString(US_ASCII).isEqualTo("hello");
                assertThat(datagram.length()).isEqualTo(5);
                assertThat(datagram.source()).isEqualTo(one.localAddress());
                assertThat(datagram.isTruncated()).isFalse();
                assertThat(datagram.localAddress()).isNull();
                assertThat(datagram.timeToLive()).isEqualTo(-1);
                other.send(datagram.data(), datagram.source());
              });
          assertThat(receive(one)).isEqualTo("hello");
        });
  }

  @Test
  void a_known_sender_is_the_same_object() throws Exception {
    withPair(
        (one, other) -> {
          InetSocketAddress[] sources = new InetSocketAddress[2];
          for (int i = 0; i < 2; i++) {
            one.send(bytes("x"), other.localAddress());
            int index = i;
            other.receive(datagram -> sources[index] = datagram.source());
          }
          assertThat(sources[0]).isSameAs(sources[1]);
        });
  }

  @Test
  void the_loan_ends_with_the_call() throws Exception {
    withPair(
        (one, other) -> {
          one.send(bytes("x"), other.localAddress());
          Datagram[] kept = new Datagram[1];
          other.receive(datagram -> kept[0] = datagram);
          assertThatIllegalStateException().isThrownBy(kept[0]::data);
          assertThatIllegalStateException().isThrownBy(kept[0]::source);
          assertThatIllegalStateException().isThrownBy(kept[0]::toArray);
        });
  }

  @Test
  void datagrams_keep_their_borders_and_may_be_empty() throws Exception {
    withPair(
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          one.send(bytes("first"), to);
          one.send(new byte[0], to);
          one.send(ByteBuffer.allocateDirect(3).put(bytes("two")).flip(), to);
          one.send(ByteBuffer.wrap(bytes("-heap-")).position(1).limit(5), to);
          List<String> received = new ArrayList<>();
          while (received.size() < 4) {
            int before = received.size();
            int count =
                other.receiveAll(
                    datagram -> received.add(new String(datagram.toArray(), US_ASCII)));
            assertThat(received).hasSize(before + count);
          }
          assertThat(received).containsExactly("first", "", "two", "heap");
        });
  }

  @Test
  void a_failing_action_loses_its_datagram_only() throws Exception {
    withPair(
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          for (String text : List.of("a", "b", "c")) {
            one.send(bytes(text), to);
          }
          Settling.waitAllTasksBlocked();
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(
                  () -> other.receiveAll(
                      _ -> {
                        throw new IOException("mine");
                      }))
              .withMessage("mine");
          assertThat(receive(other)).isEqualTo("b");
          assertThat(receive(other)).isEqualTo("c");
        });
  }

  @Test
  void receiving_waits_and_other_tasks_run() throws Exception {
    withPair(
        (one, other) -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> assertThat(receive(other)).isEqualTo("late"));
              Settling.waitAllTasksBlocked();
              one.send(bytes("late"), other.localAddress());
            }));
  }

  @Test
  void only_one_task_receives() throws Exception {
    withPair(
        (one, other) -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> receive(other));
              Settling.waitAllTasksBlocked();
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(() -> receive(other));
              one.send(bytes("x"), other.localAddress());
            }));
  }

  @Test
  void a_cancelled_receive_loses_nothing() throws Exception {
    withPair(
        (one, other) -> {
          CancelScope scope = new CancelScope();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> scope.enter(_ -> receive(other)));
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          assertThat(scope.cancelledCaught()).isTrue();
          one.send(bytes("kept"), other.localAddress());
          assertThat(receive(other)).isEqualTo("kept");
        });
  }

  @Test
  void a_cancelled_send_sends_nothing() throws Exception {
    withPair(
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(
              _ -> assertThatExceptionOfType(Cancelled.class)
                  .isThrownBy(() -> one.send(bytes("never"), to)));
          one.send(bytes("then"), to);
          assertThat(receive(other)).isEqualTo("then");
        });
  }

  @Test
  void all_operations_are_checkpoints() throws Exception {
    withPair(
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          Checkpoints.assertCheckpoints(() -> one.send(bytes("x"), to));
          Checkpoints.assertCheckpoints(() -> receive(other));
          one.collect(ByteBuffer.wrap(bytes("y")), to);
          Checkpoints.assertCheckpoints(one::flush);
          Checkpoints.assertCheckpoints(one::flush);
          Checkpoints.assertCheckpoints(() -> other.receiveAll(_ -> {}));
          Checkpoints.assertCheckpoints(one::close);
          Checkpoints.assertCheckpoints(one::close);
        });
  }

  @Test
  void closing_wakes_the_receiver_and_ends_everything() throws Exception {
    withPair(
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(() -> receive(one)));
                Settling.waitAllTasksBlocked();
                one.collect(ByteBuffer.wrap(bytes("dropped")), to);
                one.close();
              });
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> one.send(bytes("x"), to));
          assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(() -> receive(one));
          assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(one::flush);
          assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(one::localAddress);
          assertThat(one).hasToString("UdpSocket, closed");
        });
  }

  @Test
  void it_can_be_closed_while_a_datagram_is_lent() throws Exception {
    withPair(
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          one.send(bytes("a"), to);
          one.send(bytes("b"), to);
          int count =
              other.receiveAll(
                  datagram -> {
                    other.close();
                    assertThat(datagram.toArray()).asString(US_ASCII).isEqualTo("a");
                  });
          assertThat(count).isEqualTo(1);
        });
  }

  @Test
  void collected_datagrams_are_sent_in_order_whatever_their_lengths() throws Exception {
    withPair(
        UdpOptions.DEFAULT.withBuffers(1 << 20, 0),
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          List<Integer> lengths = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            lengths.add(100);
          }
          lengths.addAll(List.of(50, 100, 100, 0, 0, 100, 120, 100, 60_000, 60_000, 1));
          for (int i = 0; i < 150; i++) {
            lengths.add(10);
          }
          int number = 0;
          for (int length : lengths) {
            byte[] data = new byte[length];
            if (length > 0) {
              data[0] = (byte) number;
            }
            number++;
            one.collect(ByteBuffer.wrap(data), to);
          }
          one.flush();
          assertThat(one.collected()).isZero();
          List<Integer> received = new ArrayList<>();
          while (received.size() < lengths.size()) {
            other.receiveAll(
                datagram -> {
                  if (datagram.length() > 0) {
                    assertThat(datagram.data().get(0)).isEqualTo((byte) received.size());
                  }
                  received.add(datagram.length());
                });
          }
          assertThat(received).isEqualTo(lengths);
        });
  }

  @Test
  @Tag("kernel")
  void without_segmentation_and_with_grouping_the_datagrams_are_the_same() throws Exception {
    for (boolean segmentation : new boolean[] {false, true}) {
      for (boolean grouping : new boolean[] {false, true}) {
        UdpOptions options =
            UdpOptions.DEFAULT
                .withBuffers(1 << 20, 0)
                .withSegmentation(segmentation)
                .withGrouping(grouping);
        withPair(
            options,
            (one, other) -> {
              List<ByteBuffer> data = new ArrayList<>();
              for (int i = 0; i < 100; i++) {
                data.add(ByteBuffer.allocate(i == 99 ? 300 : 1000).put(0, (byte) i));
              }
              one.sendAll(data, other.localAddress());
              int[] count = new int[1];
              while (count[0] < 100) {
                other.receiveAll(
                    datagram -> {
                      assertThat(datagram.length()).isEqualTo(count[0] == 99 ? 300 : 1000);
                      assertThat(datagram.data().get(0)).isEqualTo((byte) count[0]);
                      assertThat(datagram.source()).isEqualTo(one.localAddress());
                      count[0]++;
                    });
              }
            });
      }
    }
  }

  @Test
  @Tag("kernel")
  void a_datagram_that_is_too_long_is_refused_and_the_others_go() throws Exception {
    withPair(
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          for (int length : new int[] {65_508, 70_000}) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> one.send(new byte[length], to))
                .matches(e -> e.symbol().equals("EMSGSIZE"));
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> one.send(ByteBuffer.allocateDirect(length), to))
                .matches(e -> e.symbol().equals("EMSGSIZE"));
          }
          assertThatIllegalArgumentException()
              .isThrownBy(() -> one.collect(ByteBuffer.allocate(70_000), to));

          one.collect(ByteBuffer.wrap(bytes("before")), to);
          one.collect(ByteBuffer.allocate(65_510), to);
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(one::flush)
              .matches(e -> e.symbol().equals("EMSGSIZE"))
              .matches(e -> PartialResult.of(e).orElse(-1) == 6);
          one.collect(ByteBuffer.wrap(bytes("behind")), to);
          one.flush();
          assertThat(receive(other)).isEqualTo("before");
          assertThat(receive(other)).isEqualTo("behind");
        });
  }

  @Test
  void what_is_longer_than_the_path_takes_in_one_piece_is_not_joined() throws Exception {
    withPair(
        UdpOptions.DEFAULT.withBuffers(1 << 20, 1 << 20),
        (one, other) -> {
          List<ByteBuffer> data = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            data.add(ByteBuffer.allocate(21_000).put(0, (byte) i));
          }
          one.sendAll(data, other.localAddress());
          for (int i = 0; i < 3; i++) {
            byte expected = (byte) i;
            other.receive(
                datagram -> {
                  assertThat(datagram.length()).isEqualTo(21_000);
                  assertThat(datagram.data().get(0)).isEqualTo(expected);
                });
          }
        });
  }

  @Test
  void a_connected_socket_knows_its_peer_and_hears_nobody_else() throws Exception {
    withPair(
        (one, other) -> {
          try (UdpSocket third = UdpSocket.connect(one.localAddress())) {
            assertThat(third.peerAddress()).isEqualTo(one.localAddress());
            other.send(bytes("unheard"), third.localAddress());
            third.send(bytes("question"));
            third.send(ByteBuffer.wrap(bytes("again")));
            third.collect(ByteBuffer.wrap(bytes("collected")));
            third.flush();
            for (String text : List.of("question", "again", "collected")) {
              assertThat(receive(one)).isEqualTo(text);
            }
            one.send(bytes("answer"), third.localAddress());
            assertThat(receive(third)).isEqualTo("answer");
            third.connectTo(other.localAddress());
            assertThat(third.peerAddress()).isEqualTo(other.localAddress());
          }
        });
  }

  @Test
  void a_refusal_is_reported_once_and_the_socket_stays_usable() throws Exception {
    Triad.<Exception>run(
        () -> {
          InetSocketAddress gone;
          try (UdpSocket closing = UdpSocket.bind(ANY_PORT)) {
            gone = closing.localAddress();
          }
          try (UdpSocket socket = UdpSocket.connect(gone)) {
            socket.send(bytes("x"));
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> receive(socket))
                .matches(e -> e.symbol().equals("ECONNREFUSED"));
            try (UdpSocket peer = UdpSocket.bind(gone)) {
              socket.send(bytes("now"));
              assertThat(receive(peer)).isEqualTo("now");
            }
          }
        });
  }

  @Test
  void without_an_address_a_socket_that_is_not_connected_cannot_send() throws Exception {
    withPair(
        (one, other) -> {
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> one.send(bytes("x")))
              .matches(e -> List.of("EDESTADDRREQ", "ENOTCONN").contains(e.symbol())); // Windows: the latter
          assertThatIllegalArgumentException()
              .isThrownBy(
                  () -> one.send(bytes("x"), InetSocketAddress.createUnresolved("name", 1)));
          assertThatIllegalArgumentException()
              .isThrownBy(
                  () -> one.collect(
                      ByteBuffer.wrap(bytes("x")),
                      InetSocketAddress.createUnresolved("name", 1)));
          one.flush();
        });
  }

  @Test
  void an_address_of_the_wrong_family_is_refused() throws Exception {
    withPair(
        (one, other) -> assertThatExceptionOfType(OsException.class)
            .isThrownBy(
                () -> one.send(
                    bytes("x"),
                    new InetSocketAddress(InetAddress.ofLiteral("::1"), 9)))
            .matches(e -> e.symbol().equals("EAFNOSUPPORT")));
  }

  @Test
  void a_taken_address_is_refused_and_nothing_stays_open() throws Exception {
    withPair(
        (one, other) -> assertThatExceptionOfType(OsException.class)
            .isThrownBy(() -> UdpSocket.bind(one.localAddress()))
            .matches(e -> e.symbol().equals("EADDRINUSE")));
  }

  @Test
  @Tag("kernel")
  void a_socket_for_ipv6_can_take_ipv4_too() throws Exception {
    Triad.<Exception>run(
        () -> {
          InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("::"), 0);
          try (UdpSocket both = UdpSocket.bind(any, UdpOptions.DEFAULT.withIpv6Only(false));
              UdpSocket ipv4 = UdpSocket.bind(ANY_PORT)) {
            both.send(bytes("ping"), ipv4.localAddress());
            ipv4.receive(datagram -> ipv4.send(bytes("pong"), datagram.source()));
            both.receive(
                datagram -> assertThat(datagram.source()).isEqualTo(ipv4.localAddress()));
          }
        });
  }

  @Test
  @Tag("kernel")
  void details_are_told_on_request() throws Exception {
    for (String host : List.of("127.0.0.1", "::1")) {
      InetAddress address = InetAddress.ofLiteral(host);
      Triad.<Exception>run(
          () -> {
            try (UdpSocket one =
                UdpSocket.bind(
                    new InetSocketAddress(address, 0), UdpOptions.DEFAULT.withDetails(true));
                UdpSocket other = UdpSocket.connect(one.localAddress())) {
              other.send(bytes("x"));
              one.receive(
                  datagram -> {
                    assertThat(datagram.localAddress()).isEqualTo(address);
                    assertThat(datagram.timeToLive()).isBetween(1, 255);
                  });
            }
          });
    }
  }

  @Test
  @Tag("kernel")
  void options_reach_the_kernel() throws Exception {
    UdpOptions options =
        UdpOptions.DEFAULT
            .withReuseAddress(true)
            .withReusePort(!Kernel.isWindows()) // which has no such option
            .withBroadcast(true)
            .withBuffers(100_000, 90_000);
    Triad.<Exception>run(
        () -> {
          try (UdpSocket one = UdpSocket.bind(ANY_PORT, options);
              UdpSocket other = UdpSocket.bind(one.localAddress(), options)) {
            assertThat(other.localAddress()).isEqualTo(one.localAddress());
          }
        });
    assertThatIllegalArgumentException().isThrownBy(() -> options.withBuffers(-1, 0));
  }

  @Test
  void many_senders_wait_their_turn_when_there_is_no_room() throws Exception {
    withPair(
        UdpOptions.DEFAULT.withBuffers(4 << 20, 5_000),
        (one, other) -> {
          InetSocketAddress to = other.localAddress();
          int[] received = new int[1];
          Nursery.open(
              nursery -> {
                for (int i = 0; i < 8; i++) {
                  nursery.startSoon(
                      () -> {
                        for (int n = 0; n < 20; n++) {
                          one.send(new byte[1400], to);
                        }
                      });
                }
                while (received[0] < 160) {
                  other.receive(_ -> received[0]++);
                }
              });
          assertThat(received[0]).isEqualTo(160);
        });
  }
}
