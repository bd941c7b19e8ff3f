package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The C library of the Linux that the emulator runs on. Functions are called by name, with numbers and
 * structs of Linux; what they answer is a result or {@code -errno}, the latter in Darwin's numbers.
 *
 * <p>An object has one place for {@code errno} and so serves one thread at a time.
 */
final class Host {
  /** The calling convention passes so many integers in registers, on x86-64 with the name one less. */
  private static final int PARAMETERS = 7;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG),
          Linker.Option.captureCallState("errno"));
  private static final Map<String, MemorySegment> ADDRESSES = new ConcurrentHashMap<>();

  private static final MemorySegment EMPTY = Arena.global().allocate(1);

  private final MemorySegment capture;
  private final MemorySegment value;
  private final MemorySegment length;
  private final MemorySegment polled;
  private final MemorySegment status;

  Host(Arena arena) {
    capture = arena.allocate(CAPTURE);
    value = arena.allocate(JAVA_INT);
    length = arena.allocate(JAVA_INT);
    polled = arena.allocate(8, 4); // struct pollfd
    status = arena.allocate(256, 8); // struct statx
  }

  /** Memory at an address. */
  static MemorySegment at(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** Calls a function whose result is an int or a size. */
  int call(String function, long... arguments) {
    int result = (int) raw(function, arguments);
    return result == -1 ? -error() : result;
  }

  /** Calls a function whose result has 64 bits; -1 is a failure. */
  long callLong(String function, long... arguments) {
    long result = raw(function, arguments);
    return result == -1 ? -error() : result;
  }

  /** Calls a function; its result as it is. */
  long raw(String function, long... arguments) {
    MemorySegment address =
        ADDRESSES.computeIfAbsent(function, name -> LINKER.defaultLookup().findOrThrow(name));
    long[] all = Arrays.copyOf(arguments, PARAMETERS);
    try {
      return (long) CALL.invokeExact(
          address, capture, all[0], all[1], all[2], all[3], all[4], all[5], all[6]);
    } catch (Throwable e) {
      throw new AssertionError("a native call threw", e);
    }
  }

  /** What errno was after the last call, in Darwin's numbers. */
  int error() {
    return Errors.darwin((int) ERRNO.get(capture, 0L));
  }

  // ---- what a descriptor is ----

  /** Whether it is a descriptor at all. */
  boolean isOpen(int descriptor) {
    return !identity(descriptor).equals(Identity.NONE);
  }

  /** Which of the events of poll(2) a descriptor shows now, or {@code -EBADF}. */
  int poll(int descriptor, int events) {
    polled.set(JAVA_INT, 0, descriptor);
    polled.set(JAVA_INT, 4, events);
    int result = call("poll", polled.address(), 1, 0);
    if (result <= 0) {
      return result;
    }
    int seen = polled.get(JAVA_INT, 4) >>> 16;
    return (seen & LinuxNumbers.POLLNVAL) == 0 ? seen : -Errors.EBADF;
  }

  /** An int that getsockopt(2) answers, which is not negative; or {@code -errno}. */
  int option(int descriptor, int level, int name) {
    length.set(JAVA_INT, 0, 4);
    int result =
        call("getsockopt", descriptor, level, name, value.address(), length.address());
    return result < 0 ? result : value.get(JAVA_INT, 0);
  }

  /** A count that ioctl(2) answers, or {@code -errno}. */
  int count(int descriptor, int request) {
    int result = call("ioctl", descriptor, request, value.address());
    return result < 0 ? result : value.get(JAVA_INT, 0);
  }

  /** How many connections a listener of TCP has ready: tcp(7), TCP_INFO, tcpi_unacked. */
  int waitingConnections(int listener) {
    final int bytes = 104;
    length.set(JAVA_INT, 0, bytes);
    int result =
        call(
            "getsockopt",
            listener,
            Linux.SOL_TCP(),
            Linux.TCP_INFO(),
            status.address(),
            length.address());
    return result < 0 ? result : status.get(JAVA_INT, 24);
  }

  private int status(int descriptor) {
    final int emptyPath = 0x1000; // AT_EMPTY_PATH
    return call(
        "statx",
        descriptor,
        EMPTY.address(),
        emptyPath,
        Linux.STATX_TYPE() | Linux.STATX_INO() | Linux.STATX_SIZE(),
        status.address());
  }

  /** Which file a descriptor stands for. */
  Identity identity(int descriptor) {
    return status(descriptor) < 0
        ? Identity.NONE
        : new Identity(
            status.get(JAVA_SHORT, 28) & 0xF000, // stx_mode
            status.get(JAVA_LONG, 32), // stx_ino
            status.get(JAVA_LONG, 136)); // stx_dev_major, stx_dev_minor
  }

  /** How long the file of a descriptor is. */
  long size(int descriptor) {
    int result = status(descriptor);
    return result < 0 ? result : status.get(JAVA_LONG, 40); // stx_size
  }

  /** A file: its kind as in the mode of stat(2), its number, its device. */
  record Identity(int kind, long number, long device) {
    static final Identity NONE = new Identity(0, 0, 0);
    static final int PIPE = 0x1000;
    static final int CHARACTERS = 0x2000;
    static final int FOLDER = 0x4000;
    static final int REGULAR = 0x8000;
    static final int SOCKET = 0xC000;
  }
}
