package io.triad.platform.macos;

import static io.triad.engine.NonBlockingCalls.AGAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Message;
import io.triad.engine.NativeAddress;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.JdkDescriptors;
import io.triad.platform.macos.ffi.Darwin;
import io.triad.platform.macos.ffi.DarwinFunction;
import io.triad.platform.macos.ffi.Macos;
import io.triad.testkit.LeakCheck;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What macOS does in its own way, and what is made up for. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class MacosCallsTest {
  /** Made before anything is counted: the JDK opens its source of random names for it, and keeps it. */
  @TempDir
  static Path directory;

  private final Arena arena = Arena.ofShared();
  private final ScriptedCalls script = new ScriptedCalls(arena);
  private final Darwin darwin = new Darwin(script);
  private final MacosOptions options = new MacosOptions(darwin, arena);
  private final MacosCalls calls = new MacosCalls(darwin, options, arena);
  private final NativeAddress address = new NativeAddress(arena);
  private final List<Integer> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(darwin::close);
    arena.close();
  }

  private int own(int descriptor) {
    open.add(MacosErrors.require(darwin, descriptor, "a descriptor"));
    return descriptor;
  }

  private int[] pair(boolean nonBlocking) {
    int[] pair = new int[2];
    MacosErrors.require(
        darwin,
        calls.socketPair(Macos.AF_UNIX(), Macos.SOCK_STREAM(), 0, nonBlocking, pair),
        "socketpair");
    own(pair[0]);
    own(pair[1]);
    return pair;
  }

  private int listener() {
    int listener = own(calls.socket(Macos.AF_INET(), Macos.SOCK_STREAM(), 0, true));
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    int length = MacosAddresses.encode(any, address.memory());
    MacosErrors.require(darwin, darwin.bind(listener, address.memory(), length), "bind");
    MacosErrors.require(darwin, darwin.listen(listener, 5), "listen");
    address.setLength(options.readAddress(listener, false, address.memory()));
    return listener;
  }

  private int connected() {
    int client = own(calls.socket(Macos.AF_INET(), Macos.SOCK_STREAM(), 0, false));
    MacosErrors.require(
        darwin, darwin.connect(client, address.memory(), address.length()), "connect");
    return client;
  }

  private int signalRefused(int descriptor) {
    MemorySegment value = arena.allocate(4, 4);
    options.get(descriptor, Macos.SOL_SOCKET(), Macos.SO_NOSIGPIPE(), value, 4);
    return value.get(ValueLayout.JAVA_INT, 0);
  }

  private long fill(int descriptor) {
    long bytes = 100_000;
    MemorySegment much = arena.allocate(bytes);
    long total = 0;
    for (;;) {
      int sent = calls.send(descriptor, much.address(), (int) bytes, 0);
      if (sent < 0) {
        assertThat(sent).isEqualTo(AGAIN);
        return total;
      }
      total += sent;
    }
  }

  // ---- new sockets ----

  @Test
  void every_new_socket_refuses_the_signal_and_children_and_waits_as_it_is_told() {
    int listener = listener();
    connected();
    int server = own(calls.accept(listener, true, address));
    int[] pair = pair(false);
    for (int descriptor : new int[] {listener, server, pair[0], pair[1]}) {
      assertThat(signalRefused(descriptor)).isNotZero();
      assertThat(calls.inheritable(descriptor)).isZero();
      assertThat(darwin.fcntl(descriptor, Macos.F_GETFL(), 0) & Macos.O_NONBLOCK())
          .isEqualTo(descriptor == listener || descriptor == server ? Macos.O_NONBLOCK() : 0);
    }
  }

  @Test
  void a_socket_that_cannot_be_made_what_it_should_be_is_closed() {
    script.fail(DarwinFunction.FCNTL, Macos.ENOMEM());
    assertThat(calls.socket(Macos.AF_INET(), Macos.SOCK_STREAM(), 0, true))
        .isEqualTo(-Macos.ENOMEM());
    script.next(DarwinFunction.FCNTL, (_, _, _, _, _, _) -> 0);
    script.fail(DarwinFunction.FCNTL, Macos.ENOMEM());
    assertThat(calls.socketPair(Macos.AF_UNIX(), Macos.SOCK_STREAM(), 0, true, new int[2]))
        .isEqualTo(-Macos.ENOMEM());
    assertThat(script.count(DarwinFunction.CLOSE)).isEqualTo(3); // and LeakCheck counts
  }

  @Test
  void a_connection_that_takes_no_options_any_more_is_accepted() {
    int listener = listener();
    connected();
    script.fail(DarwinFunction.SETSOCKOPT, Macos.EINVAL());
    own(calls.accept(listener, true, address));
  }

  @Test
  void a_connection_without_an_address_is_over_and_passed_over() {
    int listener = listener();
    script.next(
        DarwinFunction.ACCEPT,
        (_, _, length, _, _, _) -> {
          MemorySegment.ofAddress(length).reinterpret(4).set(ValueLayout.JAVA_INT, 0, 0);
          return darwin.socket(Macos.AF_INET(), Macos.SOCK_STREAM(), 0);
        });
    assertThat(calls.accept(listener, true, address)).isEqualTo(AGAIN);
    assertThat(script.count(DarwinFunction.CLOSE)).isOne();
  }

  @Test
  void a_datagram_may_be_as_large_as_elsewhere() {
    int socket = own(calls.socket(Macos.AF_INET(), Macos.SOCK_DGRAM(), 0, true));
    assertThat(options.get(socket, SocketOption.SEND_BUFFER)).isGreaterThanOrEqualTo(65_507);
    assertThat(options.get(socket, SocketOption.PROTOCOL)).isEqualTo(Macos.IPPROTO_UDP());
    assertThat(options.get(socket, SocketOption.FAMILY)).isEqualTo(Macos.AF_INET());
    assertThat(options.get(socket, SocketOption.BIND_ADDRESS_NO_PORT))
        .isEqualTo(Platform.UNSUPPORTED);
  }

  // ---- sending ----

  @Test
  void a_send_does_not_wait_and_leaves_the_mode_as_it_was() {
    int[] pair = pair(false);
    assertThat(fill(pair[0])).isPositive();
    assertThat(darwin.fcntl(pair[0], Macos.F_GETFL(), 0) & Macos.O_NONBLOCK()).isZero();
    Message message = new Message(arena);
    message.add(arena.allocate(1).address(), 1);
    assertThat(calls.send(pair[0], message, 0)).isEqualTo(AGAIN);
    assertThat(darwin.fcntl(pair[0], Macos.F_GETFL(), 0) & Macos.O_NONBLOCK()).isZero();
  }

  @Test
  void a_connection_that_is_torn_down_is_asked_again() {
    int[] pair = pair(true);
    darwin.shutdown(pair[0], Macos.SHUT_WR());
    script.fail(DarwinFunction.SEND, Macos.EPROTOTYPE());
    assertThat(calls.send(pair[0], arena.allocate(1).address(), 1, 0)).isEqualTo(-Macos.EPIPE());
  }

  @Test
  void a_file_is_sent_in_parts_and_each_part_counts() throws Exception {
    Path path = Files.write(directory.resolve("f"), new byte[3_000_000]);
    int[] pair = pair(true);
    try (FileChannel channel = FileChannel.open(path)) {
      int file = JdkDescriptors.ofFile(channel);
      int first = calls.sendFile(pair[0], file, 0, 3_000_000);
      assertThat(first).isPositive().isLessThan(3_000_000);
      assertThat(calls.sendFile(pair[0], file, first, 1000)).isEqualTo(AGAIN);
      assertThat(calls.receive(pair[1], arena.allocate(500).address(), 500, 0)).isEqualTo(500);
      assertThat(calls.sendFile(pair[0], file, 0, 0)).isZero();
      assertThat(calls.sendFile(pair[1], file, 3_000_000, 10)).as("the end").isZero();
      assertThat(calls.sendFile(pair[1], file, 2_999_995, 10)).isEqualTo(5);
      script.next(DarwinFunction.SENDFILE, (_, _, _, length, _, _) -> partly(length, 7));
      assertThat(calls.sendFile(pair[1], file, 0, 10)).as("interrupted").isEqualTo(7);
      script.next(DarwinFunction.SENDFILE, (_, _, _, length, _, _) -> partly(length, 0));
      assertThat(calls.sendFile(pair[1], file, 0, 10)).isEqualTo(-Macos.EINTR());
    }
  }

  private static long partly(long length, long sent) {
    MemorySegment.ofAddress(length).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, sent);
    return -Macos.EINTR();
  }

  @Test
  void descriptors_that_come_with_a_message_are_kept_from_children() {
    int[] pair = pair(true);
    Message message = new Message(arena);
    message.add(arena.allocate(1).address(), 1);
    byte[] rights = new byte[8];
    MemorySegment two = MemorySegment.ofArray(rights);
    two.set(ValueLayout.JAVA_INT_UNALIGNED, 0, pair[0]);
    two.set(ValueLayout.JAVA_INT_UNALIGNED, 4, pair[1]);
    calls.addControl(message, Macos.SOL_SOCKET(), Macos.SCM_RIGHTS(), rights);
    assertThat(message.controlLength()).isEqualTo(20);
    assertThat(calls.send(pair[0], message, 0)).isEqualTo(1);
    message.clear();
    message.add(arena.allocate(1).address(), 1);
    message.setControlLength(64);
    assertThat(calls.receive(pair[1], message, 0)).isEqualTo(1);
    MemorySegment received =
        MemorySegment.ofArray(calls.controls(message).getFirst().data());
    for (int i = 0; i < 2; i++) {
      int descriptor = own(received.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4L));
      assertThat(calls.inheritable(descriptor)).isZero();
    }
  }

  // ---- connecting ----

  @Test
  void the_pending_error_tells_why_a_connection_failed() {
    int listener = listener();
    darwin.close(listener);
    open.remove((Integer) listener);
    int client = own(calls.socket(Macos.AF_INET(), Macos.SOCK_STREAM(), 0, true));
    int result = calls.connect(client, address);
    while (result == AGAIN) {
      result = calls.connected(client, address);
    }
    assertThat(result).isEqualTo(-Macos.ECONNREFUSED());
    assertThat(calls.connected(client, address)).isEqualTo(-Macos.EINVAL());
  }

  @Test
  void a_connection_that_is_there_is_told_by_connecting_again() {
    listener();
    int client = connected();
    assertThat(calls.connected(client, address)).isZero();
    script.fail(DarwinFunction.CONNECT, Macos.EALREADY());
    assertThat(calls.connected(client, address)).isEqualTo(AGAIN);
  }
}
