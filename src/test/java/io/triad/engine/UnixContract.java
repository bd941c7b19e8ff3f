package io.triad.engine;

import static io.triad.engine.NonBlockingCalls.AGAIN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How Unix sockets behave on Linux, and where it is simulated; see {@link SocketContract}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class UnixContract {
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

  private String abstractName() {
    return "\0triad " + directory.getFileName();
  }

  private static int listener(CallsRig on, String name, int backlog) {
    int listener = on.socket("AF_UNIX", "SOCK_STREAM");
    on.rig.check(on.bind(listener, on.unix(name)));
    on.rig.check(on.listen(listener, backlog));
    return listener;
  }

  private static int[] connection(CallsRig on, String name) {
    int listener = listener(on, name, 1);
    int client = on.socket("AF_UNIX", "SOCK_STREAM");
    assertThat(on.connect(client, on.unix(name))).isZero();
    int server = on.accept(listener);
    on.rig.close(listener);
    return new int[] {client, server};
  }

  private static String nameOf(CallsRig on, int descriptor, boolean peer) {
    NativeAddress address = on.unix("x");
    address.setLength(on.rig.check(on.platform.readAddress(descriptor, peer, address.memory())));
    return on.unixName(address);
  }

  // ---- names ----

  @Test
  void a_path_leads_to_its_listener() {
    try (CallsRig on = rig()) {
      String name = path("a");
      int listener = listener(on, name, 1);
      int client = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(nameOf(on, client, false)).isEmpty();
      assertThat(on.connect(client, on.unix(name))).isZero();
      int server = on.accept(listener);
      assertThat(nameOf(on, client, true)).isEqualTo(name);
      assertThat(nameOf(on, server, false)).isEqualTo(name);
      assertThat(nameOf(on, server, true)).isEmpty();
      on.write(client, "hello");
      assertThat(on.read(server, 5)).isEqualTo("hello");
    }
  }

  @Test
  void errors_of_connecting_come_at_once() {
    try (CallsRig on = rig()) {
      int client = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.calls.connect(client, on.unix(path("none")))))
          .isEqualTo("ENOENT");
      if (on.rig.followsLinux()) {
        assertThat(on.rig.nameOf(on.calls.connect(client, on.unix(abstractName()))))
            .isEqualTo("ECONNREFUSED");
      }
      int bound = on.socket("AF_UNIX", "SOCK_STREAM");
      on.rig.check(on.bind(bound, on.unix(path("bound"))));
      assertThat(on.rig.nameOf(on.calls.connect(client, on.unix(path("bound")))))
          .as("bound only").isEqualTo("ECONNREFUSED");
      int datagrams = on.socket("AF_UNIX", "SOCK_DGRAM");
      on.rig.check(on.bind(datagrams, on.unix(path("datagrams"))));
      assertThat(on.rig.nameOf(on.calls.connect(client, on.unix(path("datagrams")))))
          .isEqualTo("EPROTOTYPE");
      int unbound = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.listen(unbound, 1))).isEqualTo("EINVAL");
    }
  }

  @Test
  void a_file_stays_behind_and_leads_nowhere() {
    try (CallsRig on = rig()) {
      String name = path("stale");
      on.rig.close(listener(on, name, 1));
      int client = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.calls.connect(client, on.unix(name))))
          .isEqualTo("ECONNREFUSED");
      int again = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.bind(again, on.unix(name)))).isEqualTo("EADDRINUSE");
    }
  }

  @Test
  void an_abstract_name_goes_with_its_socket() {
    try (CallsRig on = rig()) {
      on.rig.assumeLinux("abstract names");
      String name = abstractName();
      int listener = listener(on, name, 1);
      assertThat(nameOf(on, listener, false)).isEqualTo(name);
      int other = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.bind(other, on.unix(name)))).isEqualTo("EADDRINUSE");
      assertThat(on.rig.nameOf(on.bind(listener, on.unix(name + "2")))).isEqualTo("EINVAL");
      on.rig.close(listener);
      assertThat(on.bind(other, on.unix(name))).isZero();
    }
  }

  @Test
  void a_name_of_no_bytes_is_chosen() {
    try (CallsRig on = rig()) {
      on.rig.assumeLinux("abstract names");
      int socket = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.bind(socket, on.unix(""))).isZero();
      assertThat(nameOf(on, socket, false)).matches("\0[0-9a-f]{5}");
    }
  }

  @Test
  void names_have_a_greatest_length() {
    try (CallsRig on = rig()) {
      on.rig.assumeLinux("names of 108 bytes");
      NativeAddress address = on.unix("x");
      assertThat(on.platform.encodeUnix(new byte[108], address.memory())).isEqualTo(110);
      assertThat(on.rig.nameOf(on.platform.encodeUnix(new byte[109], address.memory())))
          .isEqualTo("ENAMETOOLONG");
      assertThat(
          on.rig
              .nameOf(on.platform.encodeUnix("x".repeat(108).getBytes(US_ASCII), address.memory())))
          .isEqualTo("ENAMETOOLONG");
      assertThat(on.platform.encodeUnix("x".repeat(107).getBytes(US_ASCII), address.memory()))
          .isEqualTo(110);
      assertThat(on.platform.family(address.memory())).isEqualTo(on.constant("AF_UNIX"));
    }
  }

  @Test
  void a_full_backlog_refuses_who_cannot_wait_and_holds_who_can() {
    try (CallsRig on = rig()) {
      on.rig.assumeLinux("a backlog that holds who connects to a Unix socket");
      String name = path("full");
      int listener = listener(on, name, 0);
      int first = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.calls.connect(first, on.unix(name))).isZero();
      int second = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.rig.nameOf(on.calls.connect(second, on.unix(name)))).isEqualTo("EAGAIN");
      on.accept(listener);
      assertThat(on.calls.connect(second, on.unix(name))).isZero();
    }
  }

  // ---- streams ----

  @Test
  void a_pair_is_connected_both_ways() {
    try (CallsRig on = rig()) {
      int[] pair = on.pair("SOCK_STREAM");
      assertThat(nameOf(on, pair[0], true)).isEmpty();
      assertThat(on.sendNow(pair[0], new byte[] {'a'})).isEqualTo(1);
      assertThat(on.calls.isReady(pair[1], Operation.READABLE)).isEqualTo(1);
      assertThat(on.receiveNow(pair[1], 5, 0)).as("at once").isEqualTo(1);
      assertThat(on.receiveNow(pair[1], 5, 0)).isEqualTo(AGAIN);
      on.write(pair[1], "b");
      assertThat(on.receive(pair[0], 9, on.constant("MSG_PEEK"))).isEqualTo("b");
      assertThat(on.receiveMessage(pair[0], 9, 0)).isEqualTo("b");
      assertThat(on.received.address().length()).isZero();
      assertThat(on.platform.getOption(pair[0], SocketOption.FAMILY))
          .isEqualTo(on.constant("AF_UNIX"));
      assertThat(on.platform.getOption(pair[0], SocketOption.PROTOCOL)).isZero();
      assertThat(on.rig.nameOf(on.platform.setOption(pair[0], SocketOption.NO_DELAY, 1)))
          .isEqualTo("EOPNOTSUPP");
    }
  }

  @Test
  void a_sender_comes_to_stand_until_somebody_reads() {
    try (CallsRig on = rig()) {
      int[] pair = on.pair("SOCK_STREAM");
      on.rig.check(on.platform.setOption(pair[0], SocketOption.SEND_BUFFER, 8192));
      long sent = 0;
      for (int result = 0; result != AGAIN; sent += Math.max(0, result)) {
        result = on.sendNow(pair[0], new byte[1000]);
        assertThat(result).matches(each -> each > 0 || each == AGAIN);
      }
      assertThat(on.calls.isReady(pair[0], Operation.WRITABLE)).isZero();
      assertThat(on.rig.receive(pair[1], (int) sent)).hasSize((int) sent);
      on.awaitReady(pair[0], Operation.WRITABLE);
      assertThat(on.sendNow(pair[0], new byte[1])).isEqualTo(1);
    }
  }

  @Test
  void closing_is_the_end_and_a_broken_pipe() {
    try (CallsRig on = rig()) {
      int[] pair = connection(on, path("c"));
      on.write(pair[0], "last");
      on.rig.close(pair[0]);
      assertThat(on.read(pair[1], 4)).isEqualTo("last");
      assertThat(on.receive(pair[1])).isEmpty();
      assertThat(on.rig.nameOf(on.sendNow(pair[1], new byte[1]))).isEqualTo("EPIPE");
      assertThat(on.receive(pair[1])).as("again").isEmpty();
    }
  }

  @Test
  void closing_with_unread_bytes_is_a_reset() {
    try (CallsRig on = rig()) {
      int[] pair = on.pair("SOCK_STREAM");
      on.write(pair[0], "before");
      on.write(pair[1], "unread");
      on.rig.close(pair[0]);
      assertThat(on.read(pair[1], 6)).isEqualTo("before");
      assertThat(on.receive(pair[1])).isEqualTo("ECONNRESET");
      assertThat(on.receive(pair[1])).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHUT_WR", "SHUT_RD"})
  void shutting_down_one_direction_is_felt_at_both_ends(String how) {
    try (CallsRig on = rig()) {
      int[] pair = on.pair("SOCK_STREAM");
      int sender = how.equals("SHUT_WR") ? pair[0] : pair[1];
      int receiver = how.equals("SHUT_WR") ? pair[1] : pair[0];
      on.write(sender, "x");
      assertThat(on.calls.shutdown(pair[0], on.constant(how))).isZero();
      assertThat(on.read(receiver, 1)).isEqualTo("x");
      assertThat(on.receive(receiver)).isEmpty();
      assertThat(on.rig.nameOf(on.sendNow(sender, new byte[1]))).isEqualTo("EPIPE");
      on.write(receiver, "the other way");
      assertThat(on.read(sender, 13)).isEqualTo("the other way");
    }
  }

  @Test
  void closing_a_listener_resets_who_was_not_accepted() {
    try (CallsRig on = rig()) {
      int listener = listener(on, path("l"), 5);
      int client = on.socket("AF_UNIX", "SOCK_STREAM");
      assertThat(on.connect(client, on.unix(path("l")))).isZero();
      on.rig.close(listener);
      assertThat(on.receive(client)).isEqualTo("ECONNRESET");
    }
  }

  @Test
  void engines_carry_streams_too() {
    try (CallsRig on = rig()) {
      String name = path("e");
      int listener = listener(on, name, 1);
      int client = on.socket("AF_UNIX", "SOCK_STREAM");
      NativeAddress to = on.unix(name);
      Recorded connect = new Recorded();
      connect.connect(client, to.memory().address(), to.length());
      on.rig.submit(connect);
      int server = on.rig.accept(listener);
      assertThat(on.rig.await(connect)).isZero();
      byte[] bytes = EngineRig.random(50_000);
      Recorded loaned = new Recorded();
      loaned.receiveLoaned(server);
      on.rig.submit(loaned);
      on.rig.send(client, bytes);
      on.calls.shutdown(client, on.constant("SHUT_WR"));
      while (on.rig.await(loaned) < 0) { // no buffer was left, perhaps: it goes on when there is
        loaned.again();
        on.rig.submit(loaned);
      }
      assertThat(loaned.bytes()).isEqualTo(bytes);
    }
  }
}
