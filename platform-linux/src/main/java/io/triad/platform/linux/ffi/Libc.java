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
    static final MemorySegment PIPE2 = address("pipe2");
    static final MemorySegment SPLICE = address("splice");
    static final MemorySegment SENDFILE = address("sendfile");
    static final MemorySegment EVENTFD = address("eventfd");
    static final MemorySegment EVENTFD_WRITE = address("eventfd_write");
  }

  /** close(2). */
  public int close(int descriptor) {
    return call(Descriptors.CLOSE, descriptor, 0, 0);
  }

  /** pipe2(2); two ints are written. */
  public int pipe2(MemorySegment pair, int flags) {
    return call(Descriptors.PIPE2, pair.address(), flags, 0);
  }

  /** splice(2) from where either of the two is. */
  public int splice(int in, int out, int count, int flags) {
    return call(Descriptors.SPLICE, in, 0, out, 0, count, flags);
  }

  /** sendfile(2); {@code offset} is a long in memory, read and written. */
  public int sendfile(int out, int in, MemorySegment offset, int count) {
    return call(Descriptors.SENDFILE, out, in, offset.address(), count, 0, 0);
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

  // ---- epoll(7) ----

  private static final class Epoll {
    static final MemorySegment CREATE = address("epoll_create1");
    static final MemorySegment CTL = address("epoll_ctl");
    static final MemorySegment WAIT = address("epoll_wait");
  }

  /** epoll_create1(2). */
  public int epollCreate(int flags) {
    return call(Epoll.CREATE, flags, 0, 0);
  }

  /** epoll_ctl(2). */
  public int epollCtl(int epoll, int operation, int descriptor, MemorySegment event) {
    return call(Epoll.CTL, epoll, operation, descriptor, event.address(), 0, 0);
  }

  /** epoll_wait(2); may block. */
  public int epollWait(int epoll, MemorySegment events, int max, int timeoutMillis) {
    return call(Epoll.WAIT, epoll, events.address(), max, timeoutMillis, 0, 0);
  }

  /** epoll_pwait2(2), which older C libraries do not have, with no change of signals; may block. */
  public int epollPwait2(int epoll, MemorySegment events, int max, MemorySegment timeout) {
    return systemCall(
        Linux.SYS_epoll_pwait2(), epoll, events.address(), max, timeout.address(), 0, 0);
  }

  // ---- sockets ----

  private static final class Sockets {
    static final MemorySegment SOCKET = address("socket");
    static final MemorySegment SOCKETPAIR = address("socketpair");
    static final MemorySegment ACCEPT4 = address("accept4");
    static final MemorySegment CONNECT = address("connect");
    static final MemorySegment SEND = address("send");
    static final MemorySegment SENDMSG = address("sendmsg");
    static final MemorySegment RECVMSG = address("recvmsg");
    static final MemorySegment SENDMMSG = address("sendmmsg");
    static final MemorySegment RECVMMSG = address("recvmmsg");
    static final MemorySegment POLL = address("poll");
    static final MemorySegment FCNTL = address("fcntl");
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

  /** socketpair(2); two ints are written. */
  public int socketpair(int family, int type, int protocol, MemorySegment pair) {
    return call(Sockets.SOCKETPAIR, family, type, protocol, pair.address(), 0, 0);
  }

  /** accept4(2); {@code length} is an int in memory, read and written. */
  public int accept4(int descriptor, MemorySegment address, MemorySegment length, int flags) {
    return call(
        Sockets.ACCEPT4, descriptor, address.address(), length.address(), flags, 0, 0);
  }

  /** connect(2). */
  public int connect(int descriptor, MemorySegment address, int length) {
    return call(Sockets.CONNECT, descriptor, address.address(), length);
  }

  /** send(2). */
  public int send(int descriptor, long address, int length, int flags) {
    return call(Sockets.SEND, descriptor, address, length, flags, 0, 0);
  }

  /** sendmsg(2). */
  public int sendmsg(int descriptor, MemorySegment message, int flags) {
    return call(Sockets.SENDMSG, descriptor, message.address(), flags);
  }

  /** recvmsg(2). */
  public int recvmsg(int descriptor, MemorySegment message, int flags) {
    return call(Sockets.RECVMSG, descriptor, message.address(), flags);
  }

  /** sendmmsg(2). */
  public int sendmmsg(int descriptor, long messages, int count, int flags) {
    return call(Sockets.SENDMMSG, descriptor, messages, count, flags, 0, 0);
  }

  /** recvmmsg(2), without a time-out. */
  public int recvmmsg(int descriptor, long messages, int count, int flags) {
    return call(Sockets.RECVMMSG, descriptor, messages, count, flags, 0, 0);
  }

  /** poll(2). */
  public int poll(MemorySegment descriptors, int count, int timeoutMillis) {
    return call(Sockets.POLL, descriptors.address(), count, timeoutMillis);
  }

  /** fcntl(2), the forms whose argument is an int. */
  public int fcntl(int descriptor, int command, int argument) {
    return call(Sockets.FCNTL, descriptor, command, argument);
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

  // ---- names ----

  private static final class Names {
    static final MemorySegment GETADDRINFO = address("getaddrinfo");
    static final MemorySegment FREEADDRINFO = address("freeaddrinfo");
    static final MemorySegment GAI_STRERROR = address("gai_strerror");
    static final MemorySegment GETNAMEINFO = address("getnameinfo");
    static final MemorySegment GETPROTOBYNAME = address("getprotobyname_r");
    static final MemorySegment GETSERVBYNAME = address("getservbyname_r");
    static final MemorySegment GETHOSTNAME = address("gethostname");
    static final MemorySegment IF_NAMEINDEX = address("if_nameindex");
    static final MemorySegment IF_FREENAMEINDEX = address("if_freenameindex");
  }

  /**
   * getaddrinfo(3); 0 or an error number of its own, and for EAI_SYSTEM {@link #systemError} has the
   * reason. {@code list} is a pointer in memory, written, for {@link #freeaddrinfo}.
   */
  public int getaddrinfo(
      MemorySegment host, MemorySegment service, MemorySegment hints, MemorySegment list) {
    return (int) raw(
        Names.GETADDRINFO,
        capture,
        host.address(),
        service.address(),
        hints.address(),
        list.address(),
        0,
        0,
        0);
  }

  /** freeaddrinfo(3). */
  public static void freeaddrinfo(MemorySegment list) {
    raw(Names.FREEADDRINFO, UNREAD, list.address(), 0, 0, 0, 0, 0, 0);
  }

  /** gai_strerror(3). */
  public static String gaiStrerror(int code) {
    return string(raw(Names.GAI_STRERROR, UNREAD, code, 0, 0, 0, 0, 0, 0));
  }

  /** getnameinfo(3); 0 or an error number as {@link #getaddrinfo} has them. */
  public int getnameinfo(
      MemorySegment address, int length, MemorySegment host, MemorySegment service, int flags) {
    return (int) raw(
        Names.GETNAMEINFO,
        capture,
        address.address(),
        length,
        host.address(),
        host.byteSize(),
        service.address(),
        service.byteSize(),
        flags);
  }

  /** getprotobyname_r(3): 0 or an error number; {@code found} is a pointer in memory, written. */
  public int getprotobyname(
      MemorySegment name, MemorySegment entry, MemorySegment buffer, MemorySegment found) {
    return (int) raw(
        Names.GETPROTOBYNAME,
        capture,
        name.address(),
        entry.address(),
        buffer.address(),
        buffer.byteSize(),
        found.address(),
        0,
        0);
  }

  /** getservbyname_r(3): 0 or an error number; {@code found} is a pointer in memory, written. */
  public int getservbyname(
      MemorySegment name,
      MemorySegment protocol,
      MemorySegment entry,
      MemorySegment buffer,
      MemorySegment found) {
    return (int) raw(
        Names.GETSERVBYNAME,
        capture,
        name.address(),
        protocol.address(),
        entry.address(),
        buffer.address(),
        buffer.byteSize(),
        found.address(),
        0);
  }

  /** gethostname(2). */
  public int gethostname(MemorySegment name) {
    return call(Names.GETHOSTNAME, name.address(), name.byteSize(), 0);
  }

  /** if_nameindex(3): the address of the list, for {@link #ifFreenameindex}; or {@code -errno}. */
  public long ifNameindex() {
    long list = raw(Names.IF_NAMEINDEX, capture, 0, 0, 0, 0, 0, 0, 0);
    return list == 0 ? -errno() : list;
  }

  /** if_freenameindex(3). */
  public static void ifFreenameindex(long list) {
    raw(Names.IF_FREENAMEINDEX, UNREAD, list, 0, 0, 0, 0, 0, 0);
  }

  /** What errno was after the last call of this object. */
  public int systemError() {
    return errno();
  }

  /** Text of the C library at an address, which it closes with a zero. */
  public static String string(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
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
