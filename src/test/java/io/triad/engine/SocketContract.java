package io.triad.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How sockets of TCP behave on a system whose numbers are those of Linux: on Linux, and where it is
 * simulated. What is shown here of one is true of the other.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SocketContract {
  private static final String ANY4 = "0.0.0.0";
  private static final String ANY6 = "::";

  /** Opens the platform that is tested; called once in a test. */
  protected abstract Platform open();

  private EngineRig rig() {
    return new EngineRig(open());
  }

  private static void set(EngineRig rig, int descriptor, SocketOption option) {
    rig.check(rig.platform.setOption(descriptor, option, 1));
  }

  // ---- ports ----

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, EADDRINUSE",
    "127.0.0.1, 127.0.0.2, no error",
    "0.0.0.0,   127.0.0.1, EADDRINUSE",
    "127.0.0.1, 0.0.0.0,   EADDRINUSE",
    "::1,       127.0.0.1, no error",
    "::,        127.0.0.1, EADDRINUSE",
    "127.0.0.1, ::,        EADDRINUSE",
    "::1,       ::,        EADDRINUSE",
  })
  void a_port_is_taken_where_addresses_overlap(String first, String second, String error) {
    try (EngineRig rig = rig()) {
      int port = rig.port(rig.listen(first, 1));
      int other = rig.socket(second.contains(":"));
      assertThat(rig.nameOf(rig.bind(other, second, port))).isEqualTo(error);
    }
  }

  @Test
  void an_ipv6_only_socket_leaves_ipv4_alone() {
    try (EngineRig rig = rig()) {
      int six = rig.socket(true);
      set(rig, six, SocketOption.IPV6_ONLY);
      rig.check(rig.bind(six, ANY6, 0));
      int four = rig.socket(false);
      assertThat(rig.nameOf(rig.bind(four, ANY4, rig.port(six)))).isEqualTo("no error");
      assertThat(rig.nameOf(rig.platform.setOption(six, SocketOption.IPV6_ONLY, 0)))
          .as("too late")
          .isEqualTo("EINVAL");
      assertThat(rig.nameOf(rig.platform.setOption(four, SocketOption.IPV6_ONLY, 1)))
          .isEqualTo("ENOPROTOOPT");
    }
  }

  @Test
  void re_use_of_an_address_is_for_ports_on_which_nobody_listens() {
    try (EngineRig rig = rig()) {
      int first = rig.socket(false);
      set(rig, first, SocketOption.REUSE_ADDRESS);
      rig.check(rig.bind(first, "127.0.0.1", 0));
      int port = rig.port(first);
      int second = rig.socket(false);
      assertThat(rig.nameOf(rig.bind(second, "127.0.0.1", port))).isEqualTo("EADDRINUSE");
      set(rig, second, SocketOption.REUSE_ADDRESS);
      rig.check(rig.bind(second, "127.0.0.1", port));
      rig.check(rig.platform.listen(first, 1));
      assertThat(rig.nameOf(rig.platform.listen(second, 1))).isEqualTo("EADDRINUSE");
      int third = rig.socket(false);
      set(rig, third, SocketOption.REUSE_ADDRESS);
      assertThat(rig.nameOf(rig.bind(third, "127.0.0.1", port))).isEqualTo("EADDRINUSE");
    }
  }

  @Test
  void those_who_share_a_port_share_its_connections() {
    try (EngineRig rig = rig()) {
      List<Recorded> accepts = new ArrayList<>();
      int port = 0;
      for (int i = 0; i < 2; i++) {
        int listener = rig.socket(false);
        set(rig, listener, SocketOption.REUSE_PORT);
        rig.check(rig.bind(listener, "127.0.0.1", port));
        rig.check(rig.platform.listen(listener, 100));
        port = rig.port(listener);
        Recorded accept = new Recorded();
        accept.accept(listener);
        accepts.add(rig.submit(accept));
      }
      for (int i = 0; i < 50; i++) {
        rig.await(rig.connect(rig.socket(false), "127.0.0.1", port));
      }
      rig.until(
          () -> accepts.stream().mapToInt(each -> each.results.size()).sum() == 50,
          "fifty connections");
      assertThat(accepts).allMatch(each -> each.results.size() > 5);
      for (Recorded accept : accepts) {
        accept.results.forEach(rig::own);
        rig.engine.cancel(accept);
        rig.await(accept);
      }
    }
  }

  @Test
  void only_addresses_of_this_machine_and_family_can_be_bound() {
    try (EngineRig rig = rig()) {
      int four = rig.socket(false);
      int six = rig.socket(true);
      assertThat(rig.nameOf(rig.bind(four, "192.0.2.1", 0))).isEqualTo("EADDRNOTAVAIL");
      assertThat(rig.nameOf(rig.bind(four, "::1", 0))).isEqualTo("EAFNOSUPPORT");
      assertThat(rig.nameOf(rig.bind(six, "127.0.0.1", 0))).isEqualTo("EINVAL");
      rig.check(rig.bind(four, "127.0.0.1", 0));
      assertThat(rig.nameOf(rig.bind(four, "127.0.0.1", 0))).as("again").isEqualTo("EINVAL");
    }
  }

  @Test
  void listening_without_an_address_chooses_a_port_of_all() {
    try (EngineRig rig = rig()) {
      int listener = rig.socket(false);
      assertThat(rig.platform.getOption(listener, SocketOption.ACCEPTING)).isZero();
      assertThat(rig.address(listener, false)).isEqualTo(new InetSocketAddress(ANY4, 0));
      rig.check(rig.platform.listen(listener, 1));
      assertThat(rig.platform.getOption(listener, SocketOption.ACCEPTING)).isEqualTo(1);
      assertThat(rig.address(listener, false).getAddress().isAnyLocalAddress()).isTrue();
      assertThat(rig.port(listener)).isPositive();
    }
  }

  // ---- connecting ----

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 127.0.0.1",
    "127.0.0.1, 0.0.0.0,   127.0.0.1",
    "0.0.0.0,   127.0.0.1, 127.0.0.1",
    "::1,       ::1,       ::1",
    "::,        ::1,       ::1",
    "::,        127.0.0.1, 127.0.0.1",
  })
  void both_ends_know_both_addresses(String listening, String asked, String reached)
      throws Exception {
    try (EngineRig rig = rig()) {
      int listener = rig.listen(listening, 1);
      int client = rig.socket(asked.contains(":"));
      Recorded connect = rig.connect(client, asked, rig.port(listener));
      int server = rig.accept(listener);
      assertThat(rig.await(connect)).isZero();
      assertThat(rig.address(client, true))
          .isEqualTo(new InetSocketAddress(reached, rig.port(listener)))
          .isEqualTo(rig.address(server, false));
      assertThat(rig.address(client, false)).isEqualTo(rig.address(server, true));
    }
  }

  @Test
  void an_ipv4_address_in_ipv6_clothes_goes_to_ipv4() {
    try (EngineRig rig = rig()) {
      int listener = rig.listen("127.0.0.1", 1);
      int client = rig.socket(true);
      MemorySegment address = rig.memory(new byte[Platform.ADDRESS_BYTES]);
      int length = rig.platform.encode(new InetSocketAddress("::1", rig.port(listener)), address);
      byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};
      address.asSlice(8, 16).copyFrom(MemorySegment.ofArray(mapped)); // ipv6(7), sin6_addr
      Recorded connect = new Recorded();
      connect.connect(client, address.address(), length);
      assertThat(rig.await(rig.submit(connect))).isZero();
      rig.accept(listener);
      assertThat(rig.address(client, true).getAddress()).isInstanceOf(Inet4Address.class);
    }
  }

  @Test
  void where_nobody_listens_a_connection_is_refused_and_the_socket_can_try_again() {
    try (EngineRig rig = rig()) {
      int listener = rig.listen("127.0.0.1", 1);
      int port = rig.port(listener);
      rig.close(listener);
      int client = rig.socket(false);
      assertThat(rig.nameOf(rig.await(rig.connect(client, "127.0.0.1", port))))
          .isEqualTo("ECONNREFUSED");
      rig.assumeLinux("connecting anew a socket that was refused");
      int again = rig.listen("127.0.0.1", 1);
      assertThat(rig.await(rig.connect(client, "127.0.0.1", rig.port(again)))).isZero();
      assertThat(rig.nameOf(rig.await(rig.connect(client, "127.0.0.1", rig.port(again)))))
          .isEqualTo("EISCONN");
      assertThat(rig.nameOf(rig.await(rig.connect(again, "127.0.0.1", 1)))).isEqualTo("EISCONN");
      rig.accept(again);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void one_more_than_the_backlog_is_connected_and_the_next_after_it_waits(int backlog) {
    try (EngineRig rig = rig()) {
      int listener = rig.listen("127.0.0.1", backlog);
      for (int i = 0; i <= backlog; i++) {
        assertThat(rig.await(rig.connect(rig.socket(false), "127.0.0.1", rig.port(listener))))
            .isZero();
      }
      Recorded next = rig.connect(rig.socket(false), "127.0.0.1", rig.port(listener));
      rig.settle();
      assertThat(next.ended()).isFalse();
      rig.engine.cancel(next);
      assertThat(rig.await(next)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void a_socket_without_a_connection_can_do_little() {
    try (EngineRig rig = rig()) {
      int socket = rig.socket(false);
      MemorySegment memory = rig.memory(new byte[128]);
      Recorded send = new Recorded();
      send.send(socket, memory.address(), 1);
      assertThat(rig.nameOf(rig.await(rig.submit(send)))).isEqualTo("EPIPE");
      assertThat(rig.nameOf(rig.receiveOne(socket))).isEqualTo("ENOTCONN");
      Recorded accept = new Recorded();
      accept.accept(socket);
      assertThat(rig.nameOf(rig.await(rig.submit(accept)))).isEqualTo("EINVAL");
      assertThat(rig.nameOf(rig.platform.shutdownSend(socket))).isEqualTo("ENOTCONN");
      assertThat(rig.nameOf(rig.platform.readAddress(socket, true, memory)))
          .isEqualTo("ENOTCONN");
      rig.assumeLinux("readiness of a socket before it is connected");
      Recorded ready = new Recorded();
      ready.awaitReady(socket, Operation.READABLE | Operation.WRITABLE);
      assertThat(rig.await(rig.submit(ready))).isPositive();
    }
  }

  // ---- the end of a connection ----

  @Test
  void each_direction_ends_on_its_own() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      rig.send(pair[0], (byte) 1);
      rig.check(rig.platform.shutdownSend(pair[0]));
      assertThat(rig.receive(pair[1], 1)).containsExactly(1);
      assertThat(rig.receiveOne(pair[1])).isZero();
      assertThat(rig.receiveOne(pair[1])).as("again").isZero();
      Recorded send = new Recorded();
      send.send(pair[0], rig.memory(new byte[1]).address(), 1);
      assertThat(rig.nameOf(rig.await(rig.submit(send)))).isEqualTo("EPIPE");

      rig.send(pair[1], (byte) 2);
      assertThat(rig.receive(pair[0], 1)).containsExactly(2);
      rig.check(rig.platform.shutdownSend(pair[1]));
      assertThat(rig.receiveOne(pair[0])).isZero();
      assertThat(rig.nameOf(rig.platform.shutdownSend(pair[0]))).isEqualTo("ENOTCONN");
    }
  }

  @Test
  void what_was_sent_before_the_close_arrives() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      rig.send(pair[0], EngineRig.random(100));
      rig.close(pair[0]);
      assertThat(rig.receive(pair[1], 100)).isEqualTo(EngineRig.random(100));
      assertThat(rig.receiveOne(pair[1])).isZero();
    }
  }

  @Test
  void a_reset_is_told_once_and_then_it_is_the_end() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      rig.reset(pair[0]);
      assertThat(rig.nameOf(rig.receiveOne(pair[1]))).isEqualTo("ECONNRESET");
      assertThat(rig.receiveOne(pair[1])).isZero();
      Recorded send = new Recorded();
      send.send(pair[1], rig.memory(new byte[1]).address(), 1);
      assertThat(rig.nameOf(rig.await(rig.submit(send)))).isEqualTo("EPIPE");
    }
  }

  @Test
  void closing_with_bytes_unread_is_a_reset() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      rig.send(pair[0], (byte) 1, (byte) 2);
      assertThat(rig.receive(pair[1], 1)).containsExactly(1);
      rig.settle();
      rig.close(pair[1]);
      assertThat(rig.nameOf(rig.receiveOne(pair[0]))).isEqualTo("ECONNRESET");
    }
  }

  @Test
  void sending_to_one_who_is_gone_breaks_the_connection() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      rig.close(pair[1]);
      assertThat(rig.receiveOne(pair[0])).isZero();
      rig.send(pair[0], (byte) 1);
      rig.settle();
      Recorded send = new Recorded();
      send.send(pair[0], rig.memory(new byte[1]).address(), 1);
      assertThat(rig.nameOf(rig.await(rig.submit(send)))).isEqualTo("EPIPE");
    }
  }

  @Test
  void a_pending_error_is_told_to_whoever_asks_first() {
    try (EngineRig rig = rig()) {
      int[] pair = rig.pair();
      Recorded ready = new Recorded();
      ready.awaitReady(pair[1], Operation.READABLE);
      rig.submit(ready);
      rig.reset(pair[0]);
      assertThat(rig.await(ready)).isPositive();
      int error = rig.platform.getOption(pair[1], SocketOption.ERROR);
      assertThat(rig.platform.errorName(error)).isEqualTo("ECONNRESET");
      assertThat(rig.platform.getOption(pair[1], SocketOption.ERROR)).isZero();
      assertThat(rig.receiveOne(pair[1])).isZero();
    }
  }

  @Test
  void closing_a_listener_resets_who_was_not_accepted() {
    try (EngineRig rig = rig()) {
      int listener = rig.listen("127.0.0.1", 5);
      int client = rig.socket(false);
      assertThat(rig.await(rig.connect(client, "127.0.0.1", rig.port(listener)))).isZero();
      rig.close(listener);
      assertThat(rig.nameOf(rig.receiveOne(client))).isEqualTo("ECONNRESET");
    }
  }

  @Test
  void a_connection_that_was_reset_meanwhile_is_accepted_and_says_so() {
    try (EngineRig rig = rig()) {
      int listener = rig.listen("127.0.0.1", 5);
      int client = rig.socket(false);
      assertThat(rig.await(rig.connect(client, "127.0.0.1", rig.port(listener)))).isZero();
      rig.reset(client);
      rig.settle();
      int server = rig.accept(listener);
      assertThat(rig.nameOf(rig.receiveOne(server))).isEqualTo("ECONNRESET");
    }
  }

  // ---- options ----

  @Test
  void buffers_are_twice_what_was_asked_within_limits_and_inherited() {
    try (EngineRig rig = rig()) {
      rig.assumeLinux("buffers of twice the size");
      Platform platform = rig.platform;
      int listener = rig.socket(false);
      rig.check(platform.setOption(listener, SocketOption.SEND_BUFFER, 20_000));
      rig.check(platform.setOption(listener, SocketOption.RECEIVE_BUFFER, 1));
      assertThat(platform.getOption(listener, SocketOption.SEND_BUFFER)).isEqualTo(40_000);
      assertThat(platform.getOption(listener, SocketOption.RECEIVE_BUFFER)).isEqualTo(2304);
      set(rig, listener, SocketOption.NO_DELAY);
      rig.check(rig.bind(listener, "127.0.0.1", 0));
      rig.check(platform.listen(listener, 1));
      rig.await(rig.connect(rig.socket(false), "127.0.0.1", rig.port(listener)));
      int server = rig.accept(listener);
      assertThat(platform.getOption(server, SocketOption.SEND_BUFFER)).isEqualTo(40_000);
      assertThat(platform.getOption(server, SocketOption.NO_DELAY)).isEqualTo(1);
    }
  }

  @Test
  void options_have_numbers_and_some_cannot_be_set() {
    try (EngineRig rig = rig()) {
      Platform platform = rig.platform;
      int socket = rig.socket(false);
      MemorySegment value = rig.memory(new byte[8]);
      int level = rig.constant("SOL_SOCKET");
      int keepAlive = rig.constant("SO_KEEPALIVE");
      value.set(JAVA_INT, 0, 1);
      rig.check(platform.setOption(socket, level, keepAlive, value, 4));
      value.set(JAVA_INT, 0, 0);
      assertThat(platform.getOption(socket, level, keepAlive, value, 4)).isEqualTo(4);
      assertThat(value.get(JAVA_INT, 0)).isEqualTo(rig.followsLinux() ? 1 : keepAlive);
      assertThat(platform.getOption(socket, SocketOption.TYPE)).isEqualTo(platform.streamType());
      assertThat(platform.getOption(socket, level, rig.constant("SO_LINGER"), value, 8))
          .isEqualTo(8);
      assertThat(value.get(JAVA_INT, 0)).isZero();
      assertThat(rig.nameOf(platform.setOption(socket, level, keepAlive, value, 3)))
          .isEqualTo("EINVAL");
      assertThat(rig.nameOf(platform.setOption(socket, SocketOption.TYPE, 1)))
          .isEqualTo("ENOPROTOOPT");
      assertThat(rig.nameOf(platform.setOption(socket, SocketOption.ACCEPTING, 1)))
          .isEqualTo("ENOPROTOOPT");
      assertThat(rig.nameOf(platform.getOption(socket, 6, 0x7fff_0000, value, 4)))
          .isEqualTo("ENOPROTOOPT");
    }
  }

  @Test
  void calls_on_what_is_no_descriptor_fail() {
    try (EngineRig rig = rig()) {
      Platform platform = rig.platform;
      int bad = 1_000_000;
      MemorySegment memory = rig.memory(new byte[128]);
      assertThat(
          List.of(
              platform.close(bad),
              platform.listen(bad, 1),
              platform.shutdownSend(bad),
              platform.readAddress(bad, false, memory),
              rig.bind(bad, "127.0.0.1", 0),
              platform.setOption(bad, SocketOption.NO_DELAY, 1),
              platform.getOption(bad, SocketOption.NO_DELAY)))
          .allMatch(result -> rig.nameOf(result).equals("EBADF"));
    }
  }

  @Test
  void the_lowest_free_number_is_given() {
    try (EngineRig rig = rig()) {
      int first = rig.socket(false);
      int second = rig.socket(false);
      assertThat(second).isGreaterThan(first);
      rig.close(first);
      assertThat(rig.socket(true)).isEqualTo(first);
    }
  }
}
