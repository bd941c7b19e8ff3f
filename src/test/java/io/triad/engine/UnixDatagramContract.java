package io.triad.engine;

import static io.triad.engine.NonBlockingCalls.AGAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.NonBlockingCalls.ControlMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How Unix sockets of datagrams, and descriptors, behave on Linux, and where it is simulated; see
 * {@link SocketContract}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class UnixDatagramContract {
  @TempDir
  private Path directory;

  /** Opens the platform that is tested; called once in a test. */
  protected abstract Platform open();

  private CallsRig rig() {
    return new CallsRig(open());
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  // ---- datagrams ----

  @Test
  void datagrams_go_to_a_name_and_have_a_sender() {
    try (CallsRig on = rig()) {
      int receiver = on.socket("AF_UNIX", "SOCK_DGRAM");
      on.rig.check(on.bind(receiver, on.unix(path("r"))));
      int sender = on.socket("AF_UNIX", "SOCK_DGRAM");
      assertThat(on.sendTo(sender, on.unix(path("r")), "anonymous")).isEqualTo(9);
      on.rig.check(on.bind(sender, on.unix(path("s"))));
      on.sendTo(sender, on.unix(path("r")), "");
      on.sendTo(sender, on.unix(path("r")), "named");
      assertThat(on.receiveMessage(receiver, 5, 0)).isEqualTo("anony");
      assertThat(on.unixName(on.received.address())).as("as of now").isEqualTo(path("s"));
      assertThat(on.received.flags()).isEqualTo(on.constant("MSG_TRUNC"));
      assertThat(on.receiveMessage(receiver, 5, 0)).isEmpty();
      assertThat(on.unixName(on.received.address())).isEqualTo(path("s"));
      assertThat(on.receive(receiver)).isEqualTo("named");
      assertThat(on.receiveNow(receiver, 1, 0)).isEqualTo(AGAIN);
    }
  }

  @Test
  void datagrams_to_nobody_are_refused() {
    try (CallsRig on = rig()) {
      int sender = on.socket("AF_UNIX", "SOCK_DGRAM");
      byte[] byteOf = new byte[1];
      assertThat(on.rig.nameOf(on.sendNow(sender, byteOf))).isEqualTo("ENOTCONN");
      assertThat(on.rig.nameOf(on.sendTo(sender, on.unix(path("none")), byteOf)))
          .isEqualTo("ENOENT");
      int stream = on.socket("AF_UNIX", "SOCK_STREAM");
      on.rig.check(on.bind(stream, on.unix(path("stream"))));
      assertThat(on.rig.nameOf(on.sendTo(sender, on.unix(path("stream")), byteOf)))
          .isEqualTo("EPROTOTYPE");
      int receiver = on.socket("AF_UNIX", "SOCK_DGRAM");
      on.rig.check(on.bind(receiver, on.unix(path("r"))));
      assertThat(on.connect(sender, on.unix(path("r")))).isZero();
      assertThat(on.send(sender, "x")).isEqualTo(1);
      on.rig.close(receiver);
      assertThat(on.rig.nameOf(on.sendNow(sender, byteOf))).isEqualTo("ECONNREFUSED");
      assertThat(on.rig.nameOf(on.sendNow(sender, byteOf))).isEqualTo("ENOTCONN");
      assertThat(on.rig.nameOf(on.sendTo(sender, on.unix(path("r")), byteOf)))
          .isEqualTo("ECONNREFUSED");
    }
  }

  @Test
  void a_full_queue_holds_the_sender() {
    try (CallsRig on = rig()) {
      on.rig.assumeLinux("waiting for room in the queue of a Unix socket of datagrams");
      int receiver = on.socket("AF_UNIX", "SOCK_DGRAM");
      on.rig.check(on.bind(receiver, on.unix(path("r"))));
      int sender = on.socket("AF_UNIX", "SOCK_DGRAM");
      on.rig.check(on.platform.setOption(sender, SocketOption.SEND_BUFFER, 100_000));
      assertThat(on.connect(sender, on.unix(path("r")))).isZero();
      int sent = 0;
      while (on.sendNow(sender, new byte[1]) == 1) {
        sent++;
        assertThat(sent).isLessThan(2000);
      }
      assertThat(on.calls.isReady(sender, Operation.WRITABLE)).isZero();
      Recorded ready = new Recorded();
      ready.awaitReady(sender, Operation.WRITABLE);
      on.rig.submit(ready);
      on.rig.settle();
      assertThat(ready.ended()).isFalse();
      while (on.receiveNow(receiver, 1, 0) == 1) {
        sent--;
      }
      assertThat(sent).isZero();
      on.rig.check(on.rig.await(ready));
      assertThat(on.sendNow(sender, new byte[1])).isEqualTo(1);
    }
  }

  @Test
  void who_is_connected_to_another_is_not_to_be_reached() {
    try (CallsRig on = rig()) {
      int one = on.socket("AF_UNIX", "SOCK_DGRAM");
      int other = on.socket("AF_UNIX", "SOCK_DGRAM");
      on.rig.check(on.bind(one, on.unix(path("one"))));
      on.rig.check(on.bind(other, on.unix(path("other"))));
      assertThat(on.connect(one, on.unix(path("other")))).isZero();
      int third = on.socket("AF_UNIX", "SOCK_DGRAM");
      assertThat(on.rig.nameOf(on.sendTo(third, on.unix(path("one")), new byte[1])))
          .isEqualTo("EPERM");
      assertThat(on.rig.nameOf(on.connect(third, on.unix(path("one"))))).isEqualTo("EPERM");
    }
  }

  @Test
  void a_pair_of_datagram_sockets_keeps_boundaries_and_has_a_greatest_size() {
    try (CallsRig on = rig()) {
      int[] pair = on.pair("SOCK_DGRAM");
      on.rig.check(on.platform.setOption(pair[0], SocketOption.SEND_BUFFER, 8192));
      assertThat(on.rig.nameOf(on.sendNow(pair[0], new byte[16_384]))).isEqualTo("EMSGSIZE");
      on.send(pair[0], "a");
      on.send(pair[0], "bc");
      assertThat(on.receive(pair[1])).isEqualTo("a");
      assertThat(on.receive(pair[1])).isEqualTo("bc");
      on.rig.close(pair[1]);
      assertThat(on.rig.nameOf(on.sendNow(pair[0], new byte[1]))).isEqualTo("ECONNREFUSED");
    }
  }

  // ---- descriptors ----

  private static Message carrying(CallsRig on, int descriptor) {
    Message message = on.message(0);
    message.add(on.rig.memory((byte) 'd').address(), 1);
    byte[] data =
        ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(descriptor).array();
    on.calls.addControl(message, on.constant("SOL_SOCKET"), on.constant("SCM_RIGHTS"), data);
    return message;
  }

  @ParameterizedTest
  @ValueSource(strings = {"SOCK_STREAM", "SOCK_DGRAM"})
  void descriptors_travel(String type) {
    try (CallsRig on = rig()) {
      int[] pair = on.pair(type);
      int[] gift = on.pair("SOCK_STREAM");
      on.send(pair[0], "a");
      assertThat(on.calls.send(pair[0], carrying(on, gift[1]), 0)).isEqualTo(1);
      on.send(pair[0], "e");
      on.rig.close(gift[1]);
      assertThat(on.receive(pair[1], 1, 0)).isEqualTo("a");
      assertThat(on.receiveMessage(pair[1], 100, 0)).isEqualTo("d");
      List<ControlMessage> controls = on.calls.controls(on.received);
      assertThat(controls).hasSize(1);
      assertThat(controls.getFirst().type()).isEqualTo(on.constant("SCM_RIGHTS"));
      int got =
          ByteBuffer.wrap(controls.getFirst().data()).order(ByteOrder.nativeOrder()).getInt();
      on.rig.own(got);
      assertThat(on.calls.inheritable(got)).isZero();
      on.write(gift[0], "through");
      assertThat(on.read(got, 7)).isEqualTo("through");
      assertThat(on.receive(pair[1])).isEqualTo("e");
    }
  }

  @Test
  void a_descriptor_that_nobody_takes_is_closed() {
    try (CallsRig on = rig()) {
      int[] pair = on.pair("SOCK_DGRAM");
      int[] gift = on.pair("SOCK_STREAM");
      on.calls.send(pair[0], carrying(on, gift[1]), 0);
      on.rig.close(gift[1]);
      assertThat(on.receiveNow(gift[0], 1, 0)).as("still open, on its way").isEqualTo(AGAIN);
      Message message = on.message(0);
      message.add(on.rig.memory(new byte[8]).address(), 8);
      assertThat(on.calls.receive(pair[1], message, 0)).isEqualTo(1);
      assertThat(message.flags()).isEqualTo(on.constant("MSG_CTRUNC"));
      assertThat(on.receiveNow(gift[0], 1, 0)).as("the end").isZero();
    }
  }

  @Test
  void a_duplicate_is_the_same_socket() {
    try (CallsRig on = rig()) {
      int[] pair = on.pair("SOCK_STREAM");
      int twin = on.rig.check(on.calls.duplicate(pair[0]));
      on.rig.own(twin);
      assertThat(on.calls.inheritable(twin)).isZero();
      assertThat(on.calls.setInheritable(twin, true)).isZero();
      assertThat(on.calls.inheritable(twin)).isEqualTo(1);
      assertThat(on.calls.inheritable(pair[0])).isZero();
      on.rig.close(pair[0]);
      on.write(twin, "alive");
      assertThat(on.read(pair[1], 5)).isEqualTo("alive");
      on.rig.close(twin);
      assertThat(on.receive(pair[1])).isEmpty();
    }
  }

  @Test
  void sockets_are_of_kinds_that_there_are() {
    try (CallsRig on = rig()) {
      NonBlockingCalls calls = on.calls;
      int unix = on.constant("AF_UNIX");
      int stream = on.constant("SOCK_STREAM");
      assertThat(on.rig.nameOf(calls.socket(1_000, stream, 0, true))).isEqualTo("EAFNOSUPPORT");
      assertThat(on.rig.nameOf(calls.socket(unix, 9, 0, true)))
          .isIn("ESOCKTNOSUPPORT", "EINVAL", "EPROTONOSUPPORT");
      assertThat(on.rig.nameOf(calls.socket(on.constant("AF_INET"), stream, 17, true)))
          .isEqualTo("EPROTONOSUPPORT");
      int[] none = new int[2];
      assertThat(on.rig.nameOf(
          calls.socketPair(on.constant("AF_INET"), stream, 0, true, none)))
          .isEqualTo("EOPNOTSUPP");
      int bad = 1_000_000;
      assertThat(
          List.of(
              calls.duplicate(bad),
              calls.setNonBlocking(bad, true),
              calls.inheritable(bad),
              calls.setInheritable(bad, true),
              calls.accept(bad, true, on.unix("x")),
              calls.connect(bad, on.unix("x")),
              on.sendNow(bad, new byte[1]),
              on.receiveNow(bad, 1, 0),
              calls.isReady(bad, Operation.READABLE),
              calls.shutdown(bad, 1)))
          .allMatch(result -> on.rig.nameOf(result).equals("EBADF"));
    }
  }
}
