package io.triad.platform.linux.ffi;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's functions as Java methods: a result, or {@code -errno}.
 *
 * <p><b>One call shape.</b> Linking a shape costs some ten milliseconds of start-up, and the first
 * byte of a program waits for every one of them. So all functions are called through a single handle
 * that takes the function's address and seven {@code long}s. The calling conventions of x86-64
 * (System V) and arm64 (AAPCS64) pass integers and pointers in registers in order, narrower ones in
 * the low bits, and a function does not look at registers that it has no parameter for; an {@code
 * int} result stands in the low half. None of these functions takes floating point, a structure, or
 * an eighth argument, which is where this would end.
 *
 * <p><b>errno</b> is captured by the linker in the same instant as the call; reading it later would
 * read what the virtual machine did in between. The place for it belongs to the object, so an object
 * serves one thread at a time.
 *
 * <p>No call is marked critical: it would hold up the garbage collector, and most may block.
 */
public final class Libc {
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

  private static final MemorySegment SYSCALL = address("syscall");

  /** For calls whose errno nobody reads; any thread may write to it. */
  private static final MemorySegment UNREAD = Arena.global().allocate(CAPTURE);

  private final MemorySegment capture;

  /** Makes one whose place for {@code errno} lives as long as the arena. */
  public Libc(Arena arena) {
    capture = arena.allocate(CAPTURE);
  }

  private static MemorySegment address(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
  }

  private static long raw(
      MemorySegment function,
      MemorySegment capture,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g) {
    try {
      return (long) CALL.invokeExact(function, capture, a, b, c, d, e, f, g);
    } catch (Throwable thrown) {
      throw new AssertionError("a native call threw", thrown);
    }
  }

  private int call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    int result = (int) raw(function, capture, a, b, c, d, e, f, 0);
    return result == -1 ? -errno() : result;
  }

  private int call(MemorySegment function, long a, long b, long c) {
    return call(function, a, b, c, 0, 0, 0);
  }

  private int errno() {
    return (int) ERRNO.get(capture, 0L);
  }

  // ---- io_uring, which has no functions in the C library: syscall(2) ----

  private int systemCall(int number, long a, long b, long c, long d, long e, long f) {
    int result = (int) raw(SYSCALL, capture, number, a, b, c, d, e, f);
    return result == -1 ? -errno() : result;
  }

  /** io_uring_setup(2). */
  public int ioUringSetup(int entries, MemorySegment params) {
    return systemCall(Linux.SYS_io_uring_setup(), entries, params.address(), 0, 0, 0, 0);
  }

  /** io_uring_enter(2), the form with an extended argument; may block. */
  public int ioUringEnter(
      int ring, int submit, int complete, int flags, long argument, long argumentSize) {
    return systemCall(
        Linux.SYS_io_uring_enter(), ring, submit, complete, flags, argument, argumentSize);
  }

  /** io_uring_register(2). */
  public int ioUringRegister(int ring, int operation, MemorySegment argument, int count) {
    return systemCall(
        Linux.SYS_io_uring_register(), ring, operation, argument.address(), count, 0, 0);
  }

  // ---- memory ----

  private static final class Memory {
    static final MemorySegment MMAP = address("mmap");
    static final MemorySegment MUNMAP = address("munmap");
  }

  /** mmap(2) at an address that the kernel chooses; the address, or {@code -errno}. */
  public long mmap(long bytes, int protection, int flags, int descriptor, long offset) {
    long result = raw(Memory.MMAP, capture, 0, bytes, protection, flags, descriptor, offset, 0);
    return result == -1 ? -errno() : result;
  }

  /**
   * munmap(2) of what {@link #mmap} answered, which can only fail if that is not so. It needs no
   * place for {@code errno}: arenas call it when everything in them is gone.
   */
  public static void munmap(long address, long bytes) {
    int result = (int) raw(Memory.MUNMAP, UNREAD, address, bytes, 0, 0, 0, 0, 0);
    if (result != 0) {
      throw new IllegalArgumentException("not a mapping: 0x" + Long.toHexString(address));
    }
  }

  // ---- descriptors ----

  private static final class Descriptors {
    static final MemorySegment CLOSE = address("close");
    static final MemorySegment EVENTFD = address("eventfd");
    static final MemorySegment EVENTFD_WRITE = address("eventfd_write");
  }

  /** close(2). */
  public int close(int descriptor) {
    return call(Descriptors.CLOSE, descriptor, 0, 0);
  }

  /** eventfd(2). */
  public int eventfd(int initial, int flags) {
    return call(Descriptors.EVENTFD, initial, flags, 0);
  }

  /**
   * Adds 1 to an event counter; any thread. It would block or fail only at 2^64 - 2, and then the
   * sleeper is awake anyway, so there is no result.
   */
  public static void eventfdSignal(int descriptor) {
    raw(Descriptors.EVENTFD_WRITE, UNREAD, descriptor, 1, 0, 0, 0, 0, 0);
  }

  // ---- sockets ----

  private static final class Sockets {
    static final MemorySegment SOCKET = address("socket");
    static final MemorySegment BIND = address("bind");
    static final MemorySegment LISTEN = address("listen");
    static final MemorySegment SHUTDOWN = address("shutdown");
    static final MemorySegment RECV = address("recv");
    static final MemorySegment SETSOCKOPT = address("setsockopt");
    static final MemorySegment GETSOCKOPT = address("getsockopt");
    static final MemorySegment GETSOCKNAME = address("getsockname");
    static final MemorySegment GETPEERNAME = address("getpeername");
  }

  /** socket(2). */
  public int socket(int family, int type, int protocol) {
    return call(Sockets.SOCKET, family, type, protocol);
  }

  /** bind(2). */
  public int bind(int descriptor, MemorySegment address, int length) {
    return call(Sockets.BIND, descriptor, address.address(), length);
  }

  /** listen(2). */
  public int listen(int descriptor, int backlog) {
    return call(Sockets.LISTEN, descriptor, backlog, 0);
  }

  /** shutdown(2). */
  public int shutdown(int descriptor, int how) {
    return call(Sockets.SHUTDOWN, descriptor, how, 0);
  }

  /** recv(2). */
  public int recv(int descriptor, long address, int length, int flags) {
    return call(Sockets.RECV, descriptor, address, length, flags, 0, 0);
  }

  /** setsockopt(2). */
  public int setsockopt(int descriptor, int level, int name, MemorySegment value, int length) {
    return call(Sockets.SETSOCKOPT, descriptor, level, name, value.address(), length, 0);
  }

  /** getsockopt(2); {@code length} is an int in memory, read and written. */
  public int getsockopt(
      int descriptor, int level, int name, MemorySegment value, MemorySegment length) {
    return call(Sockets.GETSOCKOPT, descriptor, level, name, value.address(), length.address(), 0);
  }

  /** getsockname(2); {@code length} is an int in memory, read and written. */
  public int getsockname(int descriptor, MemorySegment address, MemorySegment length) {
    return call(Sockets.GETSOCKNAME, descriptor, address.address(), length.address());
  }

  /** getpeername(2); {@code length} is an int in memory, read and written. */
  public int getpeername(int descriptor, MemorySegment address, MemorySegment length) {
    return call(Sockets.GETPEERNAME, descriptor, address.address(), length.address());
  }

  // ---- errors and limits ----

  private static final class Others {
    static final MemorySegment STRERROR = address("strerror_r");
    static final MemorySegment GETRLIMIT = address("getrlimit");
  }

  /** strerror(3), in the GNU form: the text for an error number. */
  public static String strerror(int errno) {
    final int capacity = 256;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(capacity);
      long answer =
          raw(Others.STRERROR, UNREAD, errno, text.address(), capacity, 0, 0, 0, 0);
      return MemorySegment.ofAddress(answer).reinterpret(capacity).getString(0);
    }
  }

  /** getrlimit(2). */
  public int getrlimit(int resource, MemorySegment limit) {
    return call(Others.GETRLIMIT, resource, limit.address(), 0);
  }
}
