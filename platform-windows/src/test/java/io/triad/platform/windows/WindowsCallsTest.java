package io.triad.platform.windows;

import static io.triad.engine.NonBlockingCalls.AGAIN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.EngineRig;
import io.triad.engine.Message;
import io.triad.engine.NativeAddress;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.NonBlockingCalls.ControlMessage;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.engine.Recorded;
import io.triad.engine.SocketOption;
import io.triad.platform.windows.ffi.Kernel32;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls that never wait, on Windows: what there is otherwise than elsewhere. */
@EnabledOnOs(OS.WINDOWS)
@Tag("kernel")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WindowsCallsTest {
  private static final int ROOM = 256;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(ROOM, 8);
  private EngineRig rig;
  private Platform platform;
  private NonBlockingCalls calls;

  @BeforeEach
  void open() {
    rig = new EngineRig(new WindowsPlatform());
    platform = rig.platform;
    calls = platform.calls();
  }

  @AfterEach
  void close() {
    rig.close();
    arena.close();
  }

  private int socket(int family, int type) {
    int socket = rig.check(calls.socket(family, type, 0, true));
    rig.own(socket);
    return socket;
  }

  private int udp() {
    int socket = socket(Windows.AF_INET(), Windows.SOCK_DGRAM());
    rig.check(rig.bind(socket, "127.0.0.1", 0));
    return socket;
  }

  private int[] pair() {
    int[] pair = new int[2];
    rig.check(calls.socketPair(Windows.AF_INET(), Windows.SOCK_STREAM(), 0, true, pair));
    rig.own(pair[0]);
    rig.own(pair[1]);
    return pair;
  }

  private NativeAddress addressOf(int socket) {
    NativeAddress address = new NativeAddress(arena);
    address.setLength(rig.check(platform.readAddress(socket, false, address.memory())));
    return address;
  }

  private NativeAddress nobody() {
    int listener = rig.listen("127.0.0.1", 1);
    NativeAddress address = addressOf(listener);
    rig.close(listener);
    return address;
  }

  private void awaitReady(int socket, int readiness) {
    Recorded ready = new Recorded();
    ready.awaitReady(socket, readiness);
    rig.check(rig.await(rig.submit(ready)));
  }

  private int connect(int socket, NativeAddress to) {
    int result = calls.connect(socket, to);
    while (result == AGAIN) {
      awaitReady(socket, Operation.WRITABLE);
      result = calls.connected(socket, to);
    }
    return result;
  }

  private int receive(int socket, Message message, int flags) {
    awaitReady(socket, Operation.READABLE);
    return calls.receive(socket, message, flags);
  }

  private Message room(int bytes, int controlBytes) {
    Message message = new Message(arena);
    message.add(memory.address(), 2);
    message.add(memory.address() + 2, bytes - 2);
    message.setControlLength(controlBytes);
    return message;
  }

  private void sendTo(int socket, int to, int bytes) {
    Message message = room(bytes, 0);
    message.address().set(addressOf(to).toArray());
    assertThat(calls.send(socket, message, 0)).isEqualTo(bytes);
  }

  // ---- sockets ----

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void kinds_of_sockets_are_read_back(boolean ipv6) {
    int family = ipv6 ? Windows.AF_INET6() : Windows.AF_INET();
    int tcp = socket(family, Windows.SOCK_STREAM());
    assertThat(platform.getOption(tcp, SocketOption.FAMILY)).isEqualTo(family);
    assertThat(platform.getOption(tcp, SocketOption.TYPE)).isEqualTo(platform.streamType());
    assertThat(platform.getOption(tcp, SocketOption.PROTOCOL)).isEqualTo(Windows.IPPROTO_TCP());
    int udp = socket(family, Windows.SOCK_DGRAM());
    assertThat(platform.getOption(udp, SocketOption.TYPE)).isEqualTo(Windows.SOCK_DGRAM());
    assertThat(platform.getOption(udp, SocketOption.PROTOCOL)).isEqualTo(Windows.IPPROTO_UDP());
  }

  @Test
  void children_inherit_no_socket_unless_told_to() {
    int listener = rig.listen("127.0.0.1", 1);
    int client = rig.socket(false);
    assertThat(connect(client, addressOf(listener))).isZero();
    int server = rig.check(calls.accept(listener, true, new NativeAddress(arena)));
    rig.own(server);
    int twin = rig.check(calls.duplicate(server));
    rig.own(twin);
    for (int socket : new int[] {listener, client, server, twin}) {
      assertThat(calls.inheritable(socket)).isZero();
      assertThat(calls.setInheritable(socket, true)).isZero();
      assertThat(calls.inheritable(socket)).isEqualTo(1);
    }
  }

  @Test
  void a_duplicate_is_the_same_socket_and_outlives_the_other() {
    int[] pair = pair();
    int twin = rig.check(calls.duplicate(pair[0]));
    rig.own(twin);
    rig.close(pair[0]);
    assertThat(calls.send(twin, memory.address(), 5, 0)).isEqualTo(5);
    assertThat(receive(pair[1], room(10, 0), 0)).isEqualTo(5);
  }

  @Test
  void pairs_are_of_the_internet_only() {
    int[] pair = pair();
    assertThat(rig.address(pair[0], true)).isEqualTo(rig.address(pair[1], false));
    int[] none = new int[2];
    assertThat(calls.socketPair(Windows.AF_UNIX(), Windows.SOCK_STREAM(), 0, true, none))
        .isEqualTo(Platform.UNSUPPORTED);
    assertThat(calls.socketPair(Windows.AF_INET(), Windows.SOCK_DGRAM(), 0, true, none))
        .isEqualTo(Platform.UNSUPPORTED);
  }

  @Test
  void nothing_waits_whatever_the_mode() {
    int[] pair = pair();
    rig.check(calls.setNonBlocking(pair[0], false));
    assertThat(calls.receive(pair[0], memory.address(), 1, 0)).isEqualTo(AGAIN);
    rig.check(calls.setNonBlocking(pair[0], false));
    assertThat(calls.receive(pair[0], room(10, 0), 0)).isEqualTo(AGAIN);
    int blocking = rig.check(calls.socket(Windows.AF_INET(), Windows.SOCK_DGRAM(), 0, false));
    rig.own(blocking);
    rig.check(rig.bind(blocking, "127.0.0.1", 0));
    int twin = rig.check(calls.duplicate(blocking));
    rig.own(twin);
    assertThat(calls.receive(twin, memory.address(), 1, 0)).isEqualTo(AGAIN);
  }

  @Test
  void what_is_no_socket_and_what_is_nothing_have_two_names() {
    int file = rig.check(Kernel32.openForAttributes(System.getProperty("java.home")));
    rig.own(file);
    int gone = rig.disown(rig.socket(false));
    rig.check(platform.close(gone));
    for (int nothing : new int[] {gone, -1}) {
      assertThat(rig.nameOf(calls.send(nothing, memory.address(), 1, 0))).isEqualTo("EBADF");
      assertThat(rig.nameOf(calls.isReady(nothing, Operation.READABLE))).isEqualTo("EBADF");
      assertThat(rig.nameOf(calls.duplicate(nothing))).isEqualTo("EBADF");
      assertThat(rig.nameOf(platform.close(nothing))).isEqualTo("EBADF");
      assertThat(rig.nameOf(platform.getOption(nothing, SocketOption.TYPE))).isEqualTo("EBADF");
    }
    assertThat(rig.nameOf(platform.getOption(file, SocketOption.TYPE))).isEqualTo("ENOTSOCK");
    rig.disown(file);
    rig.check(Kernel32.close(file));
  }

  // ---- options ----

  @ParameterizedTest
  @EnumSource(names = {"REUSE_PORT", "NOT_SENT_LOW_WATER", "BIND_ADDRESS_NO_PORT"})
  void what_windows_has_not_is_said_to_be_so(SocketOption option) {
    int socket = rig.socket(false);
    assertThat(platform.setOption(socket, option, 1)).isEqualTo(Platform.UNSUPPORTED);
    assertThat(platform.getOption(socket, option)).isEqualTo(Platform.UNSUPPORTED);
  }

  @Test
  void nobody_takes_the_port_of_a_stream_away() {
    int first = rig.socket(false);
    rig.check(platform.setOption(first, SocketOption.REUSE_ADDRESS, 1));
    assertThat(platform.getOption(first, SocketOption.REUSE_ADDRESS)).isEqualTo(1);
    rig.check(rig.bind(first, "127.0.0.1", 0));
    int thief = rig.socket(false);
    rig.check(platform.setOption(thief, SocketOption.REUSE_ADDRESS, 1));
    assertThat(rig.nameOf(rig.bind(thief, "127.0.0.1", rig.port(first))))
        .isIn("EADDRINUSE", "EACCES");
  }

  @Test
  void receivers_of_datagrams_share_a_port_if_they_want_to() {
    int first = socket(Windows.AF_INET(), Windows.SOCK_DGRAM());
    rig.check(platform.setOption(first, SocketOption.REUSE_ADDRESS, 1));
    rig.check(rig.bind(first, "127.0.0.1", 0));
    int second = socket(Windows.AF_INET(), Windows.SOCK_DGRAM());
    rig.check(platform.setOption(second, SocketOption.REUSE_ADDRESS, 1));
    assertThat(rig.nameOf(rig.bind(second, "127.0.0.1", rig.port(first)))).isEqualTo("no error");
  }

  @Test
  void the_time_to_linger_is_two_ints_as_elsewhere() {
    int socket = rig.socket(false);
    memory.set(JAVA_INT, 0, 1);
    memory.set(JAVA_INT, 4, 70);
    int level = Windows.SOL_SOCKET();
    rig.check(platform.setOption(socket, level, Windows.SO_LINGER(), memory, 8));
    memory.fill((byte) 0);
    assertThat(platform.getOption(socket, level, Windows.SO_LINGER(), memory, 8)).isEqualTo(8);
    assertThat(memory.get(JAVA_INT, 0)).isEqualTo(1);
    assertThat(memory.get(JAVA_INT, 4)).isEqualTo(70);
  }

  @Test
  void a_socket_that_is_not_bound_has_an_address_all_the_same() {
    assertThat(rig.address(rig.socket(false), false))
        .isEqualTo(new InetSocketAddress("0.0.0.0", 0));
    assertThat(rig.address(rig.socket(true), false)).isEqualTo(new InetSocketAddress("::", 0));
    assertThat(rig.nameOf(platform.readAddress(rig.socket(false), true, memory)))
        .isEqualTo("ENOTCONN");
  }

  // ---- connections ----

  @Test
  void a_refusal_is_told_and_the_next_attempt_is_a_new_one() {
    int client = rig.socket(false);
    assertThat(rig.nameOf(connect(client, nobody()))).isEqualTo("ECONNREFUSED");
    int listener = rig.listen("127.0.0.1", 1);
    assertThat(connect(client, addressOf(listener))).isZero();
    assertThat(rig.nameOf(calls.connect(client, addressOf(listener)))).isEqualTo("EISCONN");
  }

  @Test
  void each_direction_ends_on_its_own() {
    int[] pair = pair();
    rig.check(calls.shutdown(pair[0], Windows.SD_SEND()));
    assertThat(rig.nameOf(calls.send(pair[0], memory.address(), 1, 0))).isEqualTo("EPIPE");
    assertThat(receive(pair[1], room(10, 0), 0)).as("the end").isZero();
    rig.check(calls.shutdown(pair[0], Windows.SD_RECEIVE()));
    assertThat(calls.receive(pair[0], memory.address(), 1, 0)).as("hears no more").isZero();
    assertThat(calls.receive(pair[0], room(10, 0), 0)).isZero();
  }

  @Test
  void a_stream_brings_no_address_and_no_control_messages() {
    int[] pair = pair();
    assertThat(calls.send(pair[0], room(7, 0), 0)).isEqualTo(7);
    Message message = room(5, 100);
    assertThat(receive(pair[1], message, 0)).isEqualTo(5);
    assertThat(message.address().length()).isZero();
    assertThat(calls.controls(message)).isEmpty();
    assertThat(receive(pair[1], message, 0)).isEqualTo(2);
  }

  // ---- datagrams ----

  @ParameterizedTest
  @ValueSource(ints = {0, 256})
  void a_datagram_that_is_too_long_is_cut_off_and_says_so(int controlBytes) {
    int receiver = udp();
    int sender = udp();
    sendTo(sender, receiver, 50);
    sendTo(sender, receiver, 5);
    Message message = room(10, controlBytes);
    assertThat(receive(receiver, message, 0)).isEqualTo(10);
    assertThat(message.flags()).isEqualTo(Windows.MSG_TRUNC());
    assertThat(platform.decode(message.address().memory(), message.address().length()))
        .isEqualTo(rig.address(sender, false));
    Message whole = room(10, controlBytes);
    assertThat(receive(receiver, whole, 0)).isEqualTo(5);
    assertThat(whole.flags()).isZero();
    sendTo(sender, receiver, 50);
    awaitReady(receiver, Operation.READABLE);
    assertThat(calls.receive(receiver, memory.address(), 10, 0)).isEqualTo(10);
    assertThat(calls.receive(receiver, memory.address(), 10, 0)).as("gone").isEqualTo(AGAIN);
  }

  @Test
  void control_messages_say_where_a_datagram_was_sent_to() {
    int receiver = udp();
    for (int name : new int[] {Windows.IP_PKTINFO(), Windows.IP_RECVTTL()}) {
      memory.set(JAVA_INT, 0, 1);
      rig.check(platform.setOption(receiver, Windows.IPPROTO_IP(), name, memory, 4));
    }
    int sender = udp();
    sendTo(sender, receiver, 5);
    Message message = room(10, 256);
    assertThat(receive(receiver, message, 0)).isEqualTo(5);
    assertThat(calls.controls(message))
        .extracting(ControlMessage::type)
        .containsExactlyInAnyOrder(Windows.IP_PKTINFO(), Windows.IP_TTL());
    assertThat(calls.controls(message).getFirst().data()).endsWith(127, 0, 0, 1);
    sendTo(sender, receiver, 5);
    Message narrow = room(10, 24);
    assertThat(receive(receiver, narrow, 0)).as("all of the data").isEqualTo(5);
    assertThat(narrow.flags()).isEqualTo(Windows.MSG_CTRUNC());
    assertThat(calls.controls(narrow)).hasSize(1);
  }

  @Test
  void a_connected_socket_needs_no_address_and_a_datagram_may_be_empty() {
    int receiver = udp();
    int sender = udp();
    assertThat(connect(sender, addressOf(receiver))).isZero();
    assertThat(calls.send(sender, new Message(arena), 0)).isZero();
    Message message = room(10, 0);
    assertThat(receive(receiver, message, 0)).isZero();
    assertThat(message.address().length()).isEqualTo(16);
    assertThat(rig.nameOf(calls.send(sender, room(2, 0), 0))).isEqualTo("no error");
    MemorySegment tooLong = arena.allocate(70_000);
    assertThat(rig.nameOf(calls.send(sender, tooLong.address(), 70_000, 0))).isEqualTo("EMSGSIZE");
  }
}
