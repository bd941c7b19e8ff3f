package io.triad.engine;

import static io.triad.engine.NonBlockingCalls.AGAIN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How sockets of TCP behave that are used by calls which never wait, on Linux, and where it is
 * simulated; see {@link SocketContract}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class CallsContract {
  /** Opens the platform that is tested; called once in a test. */
  protected abstract Platform open();

  private CallsRig rig() {
    return new CallsRig(open());
  }

  private static int listener(CallsRig on, int backlog) {
    int listener = on.socket("AF_INET", "SOCK_STREAM");
    on.rig.check(on.rig.bind(listener, "127.0.0.1", 0));
    on.rig.check(on.listen(listener, backlog));
    return listener;
  }

  private static int[] connection(CallsRig on) {
    int listener = listener(on, 1);
    int client = on.socket("AF_INET", "SOCK_STREAM");
    assertThat(on.connect(client, on.addressOf(listener))).isZero();
    int server = on.accept(listener);
    on.rig.close(listener);
    return new int[] {client, server};
  }

  @Test
  void a_listener_without_connections_has_none_to_accept() {
    try (CallsRig on = rig()) {
      int listener = listener(on, 1);
      NativeAddress peer = on.addressOf(listener);
      assertThat(on.calls.accept(listener, true, peer)).isEqualTo(AGAIN);
      assertThat(on.calls.isReady(listener, Operation.READABLE)).isZero();
      int client = on.socket("AF_INET", "SOCK_STREAM");
      assertThat(on.connect(client, on.addressOf(listener))).isZero();
      on.awaitReady(listener, Operation.READABLE);
      assertThat(on.calls.isReady(listener, Operation.READABLE)).isEqualTo(1);
      int server = on.rig.check(on.calls.accept(listener, true, peer));
      on.rig.own(server);
      assertThat(on.platform.decode(peer.memory(), peer.length()))
          .isEqualTo(on.rig.address(client, false));
      assertThat(on.rig.nameOf(on.calls.accept(client, true, peer))).isEqualTo("EINVAL");
    }
  }

  @Test
  void a_refusal_is_the_pending_error() {
    try (CallsRig on = rig()) {
      int gone = listener(on, 1);
      NativeAddress nobody = on.addressOf(gone);
      on.rig.close(gone);
      int client = on.socket("AF_INET", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.connect(client, nobody))).isEqualTo("ECONNREFUSED");
      assertThat(on.platform.getOption(client, SocketOption.ERROR)).as("taken").isZero();
      on.rig.assumeLinux("connecting anew a socket that was refused");
      assertThat(on.rig.nameOf(on.calls.connect(client, nobody))).isEqualTo("ECONNABORTED");
      assertThat(on.rig.nameOf(on.connect(client, nobody)))
          .as("and then it may try again").isEqualTo("ECONNREFUSED");
    }
  }

  @Test
  void connecting_again_is_an_error() {
    try (CallsRig on = rig()) {
      int listener = listener(on, 1);
      int client = on.socket("AF_INET", "SOCK_STREAM");
      assertThat(on.connect(client, on.addressOf(listener))).isZero();
      if (on.rig.followsLinux()) {
        assertThat(on.calls.connect(client, on.addressOf(listener))).as("told again").isZero();
      }
      assertThat(on.rig.nameOf(on.calls.connect(client, on.addressOf(listener))))
          .isEqualTo("EISCONN");
      assertThat(on.rig.nameOf(on.calls.connect(listener, on.addressOf(listener))))
          .isIn("EISCONN", "EINVAL");
    }
  }

  @Test
  void bytes_are_peeked_at_and_received_into_ranges() {
    try (CallsRig on = rig()) {
      int[] pair = connection(on);
      assertThat(on.receiveNow(pair[1], 5, 0)).isEqualTo(AGAIN);
      on.write(pair[0], "hello");
      String seen = on.receiveMessage(pair[1], 5, on.constant("MSG_PEEK"));
      assertThat("hello").startsWith(seen);
      assertThat(seen).isNotEmpty();
      assertThat(on.read(pair[1], 5)).isEqualTo("hello");
      assertThat(on.receiveNow(pair[1], 5, on.constant("MSG_PEEK"))).isEqualTo(AGAIN);
    }
  }

  @Test
  void a_sender_comes_to_stand_and_goes_on() {
    try (CallsRig on = rig()) {
      int[] pair = connection(on);
      for (int end : pair) {
        on.rig.check(on.platform.setOption(end, SocketOption.SEND_BUFFER, 4096));
        on.rig.check(on.platform.setOption(end, SocketOption.RECEIVE_BUFFER, 4096));
      }
      long sent = 0;
      for (int quiet = 0; quiet < 3; on.rig.settle()) {
        int result = on.sendNow(pair[0], new byte[10_000]);
        assertThat(result).matches(each -> each > 0 || each == AGAIN);
        sent += Math.max(0, result);
        quiet = result == AGAIN ? quiet + 1 : 0;
      }
      assertThat(on.calls.isReady(pair[0], Operation.WRITABLE)).isZero();
      assertThat(on.rig.receive(pair[1], (int) sent)).hasSize((int) sent);
      on.awaitReady(pair[0], Operation.WRITABLE);
      assertThat(on.sendNow(pair[0], new byte[1])).isEqualTo(1);
    }
  }

  @Test
  void shutting_down_each_direction() {
    try (CallsRig on = rig()) {
      int[] pair = connection(on);
      assertThat(on.calls.shutdown(pair[1], on.constant("SHUT_RD"))).isZero();
      assertThat(on.receiveNow(pair[1], 1, 0)).as("this end hears no more").isZero();
      on.write(pair[0], "sent");
      assertThat(on.calls.shutdown(pair[1], on.constant("SHUT_WR"))).isZero();
      assertThat(on.receive(pair[0])).isEmpty();
      assertThat(on.rig.nameOf(on.sendNow(pair[1], new byte[1]))).isEqualTo("EPIPE");
      assertThat(on.rig.nameOf(on.calls.shutdown(pair[0], on.constant("SHUT_RDWR"))))
          .isIn("no error", on.rig.followsLinux() ? "no error" : "ENOTCONN");
      on.rig.settle();
      assertThat(on.rig.nameOf(on.calls.shutdown(pair[0], on.constant("SHUT_RDWR"))))
          .isEqualTo("ENOTCONN");
      int fresh = on.socket("AF_INET", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.calls.shutdown(fresh, 2))).isEqualTo("ENOTCONN");
    }
  }

  @Test
  void a_listener_that_is_shut_down_listens_no_more() {
    try (CallsRig on = rig()) {
      int listener = listener(on, 1);
      NativeAddress address = on.addressOf(listener);
      on.rig.assumeLinux("a listener that can be shut down");
      assertThat(on.calls.shutdown(listener, on.constant("SHUT_RD"))).isZero();
      assertThat(on.rig.nameOf(on.calls.accept(listener, true, on.addressOf(listener))))
          .isEqualTo("EINVAL");
      int client = on.socket("AF_INET", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.connect(client, address))).isEqualTo("ECONNREFUSED");
    }
  }

  @Test
  void a_port_may_be_chosen_when_it_is_needed() {
    try (CallsRig on = rig()) {
      int listener = listener(on, 1);
      int client = on.socket("AF_INET", "SOCK_STREAM");
      on.rig.assumeLinux("IP_BIND_ADDRESS_NO_PORT");
      on.rig.check(on.platform.setOption(client, SocketOption.BIND_ADDRESS_NO_PORT, 1));
      assertThat(on.rig.bind(client, "127.0.0.1", 0)).isZero();
      assertThat(on.rig.port(client)).isZero();
      assertThat(on.connect(client, on.addressOf(listener))).isZero();
      assertThat(on.rig.port(client)).isPositive();
      int socket = on.socket("AF_INET", "SOCK_STREAM");
      on.rig.check(on.platform.setOption(socket, SocketOption.BIND_ADDRESS_NO_PORT, 1));
      on.rig.check(on.rig.bind(socket, "127.0.0.1", 0));
      on.rig.check(on.listen(socket, 1));
      assertThat(on.rig.port(socket)).isPositive();
    }
  }

  @Test
  void kinds_of_sockets_are_read_back() {
    try (CallsRig on = rig()) {
      int six = on.socket("AF_INET6", "SOCK_STREAM");
      Platform platform = on.platform;
      assertThat(platform.getOption(six, SocketOption.FAMILY)).isEqualTo(on.constant("AF_INET6"));
      assertThat(platform.getOption(six, SocketOption.TYPE)).isEqualTo(platform.streamType());
      assertThat(platform.getOption(six, SocketOption.PROTOCOL))
          .isEqualTo(on.constant("IPPROTO_TCP"));
      assertThat(platform.constant("AF_NO_SUCH_FAMILY")).isEmpty();
    }
  }
}
