package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.platform.macos.ffi.DarwinCalls;
import io.triad.platform.macos.ffi.DarwinFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A program in the terms of Darwin: its calls, its numbers, its structs. */
final class KqueueRig implements AutoCloseable {
  /** struct kevent. */
  record Event(long ident, int filter, int flags, int filterFlags, long data, long userData) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  private static final int EVENT_BYTES = 32;
  private static final int MAX_EVENTS = 8;
  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  final Arena arena = Arena.ofShared();
  final DarwinCalls darwin = new EmulatedDarwin(arena);
  private final List<Integer> open = new ArrayList<>();
  final int queue = own(call(DarwinFunction.KQUEUE));

  long call(DarwinFunction function, long... arguments) {
    long[] all = java.util.Arrays.copyOf(arguments, 7);
    return darwin.call(function, all[0], all[1], all[2], all[3], all[4], all[5], all[6]);
  }

  int own(long descriptor) {
    assertThat(descriptor).isNotNegative();
    open.add((int) descriptor);
    return (int) descriptor;
  }

  void close(int descriptor) {
    assertThat(open.remove((Integer) descriptor)).isTrue();
    assertThat(call(DarwinFunction.CLOSE, descriptor)).isZero();
  }

  @Override
  public void close() {
    open.forEach(descriptor -> call(DarwinFunction.CLOSE, descriptor));
    arena.close();
  }

  // ---- kevent(2) ----

  /** A struct kevent for a change. */
  MemorySegment change(long ident, int filter, int flags, int filterFlags, long data, long user) {
    MemorySegment change = arena.allocate(EVENT_BYTES, 8);
    change.set(JAVA_LONG, 0, ident);
    change.set(JAVA_SHORT, 8, (short) filter);
    change.set(JAVA_SHORT, 10, (short) flags);
    change.set(JAVA_INT, 12, filterFlags);
    change.set(JAVA_LONG, 16, data);
    change.set(JAVA_LONG, 24, user);
    return change;
  }

  /** Makes a change alone; 0 or {@code -errno}. */
  int apply(long ident, int filter, int flags) {
    return apply(ident, filter, flags, 0, 0);
  }

  int apply(long ident, int filter, int flags, int filterFlags, long data) {
    return (int) call(
        DarwinFunction.KEVENT,
        queue,
        change(ident, filter, flags, filterFlags, data, 7).address(),
        1);
  }

  /** Makes changes and takes what they answer, or else what has happened. */
  List<Event> exchange(List<MemorySegment> changes, int capacity, long timeoutNanos) {
    MemorySegment in = arena.allocate((long) changes.size() * EVENT_BYTES + 1, 8);
    for (int i = 0; i < changes.size(); i++) {
      in.asSlice((long) i * EVENT_BYTES, EVENT_BYTES).copyFrom(changes.get(i));
    }
    MemorySegment out = arena.allocate((long) capacity * EVENT_BYTES, 8);
    long count =
        call(
            DarwinFunction.KEVENT,
            queue,
            in.address(),
            changes.size(),
            out.address(),
            capacity,
            timeout(timeoutNanos));
    assertThat(count).isNotNegative();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = (long) i * EVENT_BYTES;
      events.add(
          new Event(
              out.get(JAVA_LONG, at),
              out.get(JAVA_SHORT, at + 8),
              Short.toUnsignedInt(out.get(JAVA_SHORT, at + 10)),
              out.get(JAVA_INT, at + 12),
              out.get(JAVA_LONG, at + 16),
              out.get(JAVA_LONG, at + 24)));
    }
    return events;
  }

  private long timeout(long nanos) {
    if (nanos < 0) {
      return 0;
    }
    final long second = 1_000_000_000;
    MemorySegment time = arena.allocate(16, 8);
    time.set(JAVA_LONG, 0, nanos / second);
    time.set(JAVA_LONG, 8, nanos % second);
    return time.address();
  }

  /** What has happened, without waiting. */
  List<Event> look() {
    return exchange(List.of(), MAX_EVENTS, 0);
  }

  /** Waits for one event, which is the only one. */
  Event event() {
    List<Event> events = exchange(List.of(), MAX_EVENTS, -1);
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  // ---- descriptors ----

  int[] pair() {
    MemorySegment both = arena.allocate(JAVA_INT, 2);
    assertThat(call(DarwinFunction.SOCKETPAIR, 1, 1, 0, both.address())).isZero();
    int[] pair = {both.get(JAVA_INT, 0), both.get(JAVA_INT, 4)};
    for (int descriptor : pair) {
      own(descriptor);
      setUp(descriptor);
    }
    return pair;
  }

  /** Non-blocking, and without SIGPIPE. */
  private void setUp(int descriptor) {
    final int setModes = 4;
    final int nonBlocking = 4;
    assertThat(call(DarwinFunction.FCNTL, descriptor, setModes, nonBlocking)).isZero();
    setOption(descriptor, 0xffff, 0x1022, 1);
  }

  void setOption(int descriptor, int level, int name, int... value) {
    MemorySegment memory = arena.allocateFrom(JAVA_INT, value);
    assertThat(
        call(
            DarwinFunction.SETSOCKOPT,
            descriptor,
            level,
            name,
            memory.address(),
            memory.byteSize()))
        .isZero();
  }

  int socket(int type) {
    int descriptor = own(call(DarwinFunction.SOCKET, 2, type, 0));
    setUp(descriptor);
    return descriptor;
  }

  int listener() {
    int listener = socket(1);
    MemorySegment address = loopback(0);
    assertThat(call(DarwinFunction.BIND, listener, address.address(), 16)).isZero();
    assertThat(call(DarwinFunction.LISTEN, listener, 5)).isZero();
    return listener;
  }

  MemorySegment loopback(int port) {
    MemorySegment address = arena.allocate(16, 8);
    address.copyFrom(MemorySegment.ofArray(new byte[] {16, 2, 0, 0, 127, 0, 0, 1}));
    address.set(PORT, 2, (short) port);
    return address;
  }

  int port(int descriptor) {
    MemorySegment address = arena.allocate(128, 8);
    MemorySegment length = arena.allocateFrom(JAVA_INT, 128);
    assertThat(
        call(DarwinFunction.GETSOCKNAME, descriptor, address.address(), length.address()))
        .isZero();
    assertThat(length.get(JAVA_INT, 0)).isEqualTo(16);
    assertThat(address.get(JAVA_BYTE, 0)).as("sa_len").isEqualTo((byte) 16);
    assertThat(address.get(JAVA_BYTE, 1)).as("sa_family").isEqualTo((byte) 2);
    return Short.toUnsignedInt(address.get(PORT, 2));
  }

  int connect(int descriptor, int port) {
    return (int) call(DarwinFunction.CONNECT, descriptor, loopback(port).address(), 16);
  }

  int accept(int listener) {
    return own(call(DarwinFunction.ACCEPT, listener, 0, 0));
  }

  int send(int descriptor, int count) {
    return (int) call(DarwinFunction.SEND, descriptor, arena.allocate(count).address(), count, 0);
  }

  int receive(int descriptor, int count) {
    return (int) call(DarwinFunction.RECV, descriptor, arena.allocate(count).address(), count, 0);
  }
}
