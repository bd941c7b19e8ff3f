package io.triad.platform.macos.ffi;

import static io.triad.platform.macos.ffi.DarwinFunction.ACCEPT;
import static io.triad.platform.macos.ffi.DarwinFunction.BIND;
import static io.triad.platform.macos.ffi.DarwinFunction.CLOSE;
import static io.triad.platform.macos.ffi.DarwinFunction.CONNECT;
import static io.triad.platform.macos.ffi.DarwinFunction.FCNTL;
import static io.triad.platform.macos.ffi.DarwinFunction.FREEADDRINFO;
import static io.triad.platform.macos.ffi.DarwinFunction.GAI_STRERROR;
import static io.triad.platform.macos.ffi.DarwinFunction.GETADDRINFO;
import static io.triad.platform.macos.ffi.DarwinFunction.GETHOSTNAME;
import static io.triad.platform.macos.ffi.DarwinFunction.GETNAMEINFO;
import static io.triad.platform.macos.ffi.DarwinFunction.GETPEERNAME;
import static io.triad.platform.macos.ffi.DarwinFunction.GETPROTOBYNAME;
import static io.triad.platform.macos.ffi.DarwinFunction.GETRLIMIT;
import static io.triad.platform.macos.ffi.DarwinFunction.GETSERVBYNAME;
import static io.triad.platform.macos.ffi.DarwinFunction.GETSOCKNAME;
import static io.triad.platform.macos.ffi.DarwinFunction.GETSOCKOPT;
import static io.triad.platform.macos.ffi.DarwinFunction.IF_FREENAMEINDEX;
import static io.triad.platform.macos.ffi.DarwinFunction.IF_NAMEINDEX;
import static io.triad.platform.macos.ffi.DarwinFunction.KEVENT;
import static io.triad.platform.macos.ffi.DarwinFunction.KQUEUE;
import static io.triad.platform.macos.ffi.DarwinFunction.LISTEN;
import static io.triad.platform.macos.ffi.DarwinFunction.MMAP;
import static io.triad.platform.macos.ffi.DarwinFunction.MUNMAP;
import static io.triad.platform.macos.ffi.DarwinFunction.POLL;
import static io.triad.platform.macos.ffi.DarwinFunction.PREAD;
import static io.triad.platform.macos.ffi.DarwinFunction.RECV;
import static io.triad.platform.macos.ffi.DarwinFunction.RECVMSG;
import static io.triad.platform.macos.ffi.DarwinFunction.SEND;
import static io.triad.platform.macos.ffi.DarwinFunction.SENDFILE;
import static io.triad.platform.macos.ffi.DarwinFunction.SENDMSG;
import static io.triad.platform.macos.ffi.DarwinFunction.SETSOCKOPT;
import static io.triad.platform.macos.ffi.DarwinFunction.SHUTDOWN;
import static io.triad.platform.macos.ffi.DarwinFunction.SOCKET;
import static io.triad.platform.macos.ffi.DarwinFunction.SOCKETPAIR;
import static io.triad.platform.macos.ffi.DarwinFunction.STRERROR_R;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The functions of {@link DarwinFunction} as Java methods: a result, or {@code -errno}. An object
 * serves one thread at a time, as its {@link DarwinCalls} do.
 */
public final class Darwin {
  private static final int TEXT_BYTES = 256;

  private final DarwinCalls calls;

  /** Makes the methods of some calls. */
  public Darwin(DarwinCalls calls) {
    this.calls = calls;
  }

  /** The same for another thread, for as long as an arena lives. */
  public Darwin in(Arena arena) {
    return new Darwin(calls.in(arena));
  }

  private long call(DarwinFunction function, long a, long b, long c, long d, long e, long f) {
    return calls.call(function, a, b, c, d, e, f, 0);
  }

  private int call(DarwinFunction function, long a, long b, long c) {
    return (int) calls.call(function, a, b, c, 0, 0, 0, 0);
  }

  // ---- kqueue(2), poll(2) ----

  /** kqueue(2). */
  public int kqueue() {
    return call(KQUEUE, 0, 0, 0);
  }

  /** kevent(2); may block. {@code timeout} is a struct timespec, or null for ever. */
  public int kevent(
      int kqueue,
      MemorySegment changes,
      int changeCount,
      MemorySegment events,
      int eventCount,
      MemorySegment timeout) {
    return (int) call(
        KEVENT,
        kqueue,
        changes.address(),
        changeCount,
        events.address(),
        eventCount,
        timeout.address());
  }

  /** poll(2). */
  public int poll(MemorySegment descriptors, int count, int timeoutMillis) {
    return call(POLL, descriptors.address(), count, timeoutMillis);
  }

  // ---- sockets ----

  /** socket(2). */
  public int socket(int family, int type, int protocol) {
    return call(SOCKET, family, type, protocol);
  }

  /** socketpair(2); two ints are written. */
  public int socketpair(int family, int type, int protocol, MemorySegment pair) {
    return (int) call(SOCKETPAIR, family, type, protocol, pair.address(), 0, 0);
  }

  /** bind(2). */
  public int bind(int descriptor, MemorySegment address, int length) {
    return call(BIND, descriptor, address.address(), length);
  }

  /** listen(2). */
  public int listen(int descriptor, int backlog) {
    return call(LISTEN, descriptor, backlog, 0);
  }

  /** accept(2); {@code length} is an int in memory, read and written. */
  public int accept(int descriptor, MemorySegment address, MemorySegment length) {
    return call(ACCEPT, descriptor, address.address(), length.address());
  }

  /** connect(2). */
  public int connect(int descriptor, MemorySegment address, int length) {
    return call(CONNECT, descriptor, address.address(), length);
  }

  /** shutdown(2). */
  public int shutdown(int descriptor, int how) {
    return call(SHUTDOWN, descriptor, how, 0);
  }

  /** getsockopt(2); {@code length} is an int in memory, read and written. */
  public int getsockopt(
      int descriptor, int level, int name, MemorySegment value, MemorySegment length) {
    return (int) call(GETSOCKOPT, descriptor, level, name, value.address(), length.address(), 0);
  }

  /** setsockopt(2). */
  public int setsockopt(int descriptor, int level, int name, MemorySegment value, int length) {
    return (int) call(SETSOCKOPT, descriptor, level, name, value.address(), length, 0);
  }

  /** getsockname(2); {@code length} is an int in memory, read and written. */
  public int getsockname(int descriptor, MemorySegment address, MemorySegment length) {
    return call(GETSOCKNAME, descriptor, address.address(), length.address());
  }

  /** getpeername(2); {@code length} is an int in memory, read and written. */
  public int getpeername(int descriptor, MemorySegment address, MemorySegment length) {
    return call(GETPEERNAME, descriptor, address.address(), length.address());
  }

  /** send(2). */
  public int send(int descriptor, long address, int length, int flags) {
    return (int) call(SEND, descriptor, address, length, flags, 0, 0);
  }

  /** recv(2). */
  public int recv(int descriptor, long address, int length, int flags) {
    return (int) call(RECV, descriptor, address, length, flags, 0, 0);
  }

  /** sendmsg(2). */
  public int sendmsg(int descriptor, MemorySegment message, int flags) {
    return call(SENDMSG, descriptor, message.address(), flags);
  }

  /** recvmsg(2). */
  public int recvmsg(int descriptor, MemorySegment message, int flags) {
    return call(RECVMSG, descriptor, message.address(), flags);
  }

  /**
   * sendfile(2) with nothing around the file; {@code length} is a long in memory: how much to send, and
   * how much was sent, also if the call fails.
   */
  public int sendfile(int file, int socket, long offset, MemorySegment length) {
    return (int) call(SENDFILE, file, socket, offset, length.address(), 0, 0);
  }

  // ---- descriptors ----

  /** close(2). */
  public int close(int descriptor) {
    return call(CLOSE, descriptor, 0, 0);
  }

  /** pread(2) of nothing at all: 0, or what keeps the descriptor from being read at a position. */
  public int preadNothing(int descriptor) {
    return call(PREAD, descriptor, 0, 0);
  }

  /** fcntl(2), the forms whose argument is an int. */
  public int fcntl(int descriptor, int command, int argument) {
    return call(FCNTL, descriptor, command, argument);
  }

  // ---- names ----

  /**
   * getaddrinfo(3); 0 or an error as {@link DarwinFunction.Result#RESOLVER} says. {@code list} is a
   * pointer in memory, written, for {@link #freeaddrinfo}.
   */
  public long getaddrinfo(
      MemorySegment host, MemorySegment service, MemorySegment hints, MemorySegment list) {
    return call(
        GETADDRINFO, host.address(), service.address(), hints.address(), list.address(), 0, 0);
  }

  /** freeaddrinfo(3). */
  public void freeaddrinfo(MemorySegment list) {
    call(FREEADDRINFO, list.address(), 0, 0);
  }

  /** gai_strerror(3). */
  public String gaiStrerror(int code) {
    return string(call(GAI_STRERROR, code, 0, 0, 0, 0, 0));
  }

  /** getnameinfo(3); 0 or an error as {@link #getaddrinfo} has them. */
  public long getnameinfo(
      MemorySegment address, int length, MemorySegment host, MemorySegment service, int flags) {
    return calls.call(
        GETNAMEINFO,
        address.address(),
        length,
        host.address(),
        host.byteSize(),
        service.address(),
        service.byteSize(),
        flags);
  }

  /** getprotobyname(3): the address of the entry, which the next call overwrites; 0 for none. */
  public long getprotobyname(MemorySegment name) {
    return call(GETPROTOBYNAME, name.address(), 0, 0, 0, 0, 0);
  }

  /** getservbyname(3): the address of the entry, which the next call overwrites; 0 for none. */
  public long getservbyname(MemorySegment name, MemorySegment protocol) {
    return call(GETSERVBYNAME, name.address(), protocol.address(), 0, 0, 0, 0);
  }

  /** gethostname(3). */
  public int gethostname(MemorySegment name) {
    return call(GETHOSTNAME, name.address(), name.byteSize(), 0);
  }

  /** if_nameindex(3): the address of the list, for {@link #ifFreenameindex}; or {@code -errno}. */
  public long ifNameindex() {
    return call(IF_NAMEINDEX, 0, 0, 0, 0, 0, 0);
  }

  /** if_freenameindex(3). */
  public void ifFreenameindex(long list) {
    call(IF_FREENAMEINDEX, list, 0, 0);
  }

  /** Text of the C library at an address, which it closes with a zero. */
  public static String string(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }

  // ---- memory, limits, errors ----

  /** mmap(2) of fresh private pages, which cost nothing until they are touched. */
  public long mapPages(long bytes) {
    return call(
        MMAP,
        0,
        bytes,
        Macos.PROT_READ() | Macos.PROT_WRITE(),
        Macos.MAP_PRIVATE() | Macos.MAP_ANON(),
        -1,
        0);
  }

  /** munmap(2). */
  public int munmap(long address, long bytes) {
    return call(MUNMAP, address, bytes, 0);
  }

  /** getrlimit(2). */
  public int getrlimit(int resource, MemorySegment limit) {
    return call(GETRLIMIT, resource, limit.address(), 0);
  }

  /** strerror_r(3): the text for an error number; for any thread. */
  public String strerror(int errno) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(TEXT_BYTES);
      // It has a text for numbers that it does not know as well, and reports them with EINVAL.
      call(STRERROR_R, errno, text.address(), TEXT_BYTES);
      return text.getString(0);
    }
  }
}
