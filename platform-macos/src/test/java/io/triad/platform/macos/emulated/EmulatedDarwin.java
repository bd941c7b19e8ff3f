package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.platform.linux.ffi.Linux;
import io.triad.platform.macos.ffi.DarwinCalls;
import io.triad.platform.macos.ffi.DarwinFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Darwin's C library as far as Triad calls it, emulated on that of Linux.
 *
 * <p>Structs and numbers are written down here once more, by hand and from the man pages, and not taken
 * from the code under test: a wrong offset in one of the two shows. What it cannot show is where both
 * are wrong in the same way; the headers of the system prove that, see {@code ci/abi-check}.
 *
 * <p>An emulator is not a Mac. Timing, the sizes of buffers and the order of errors are those of the
 * Linux below, and only what somebody thought of differs: see {@link Kqueue}, {@link Sockets}, {@link
 * OpenSocket}, {@link MessageFlags}. Of what is known, it does not act out that accept(2) loses the
 * connection when there is no descriptor left, and that send(2) may answer EPROTOTYPE while a
 * connection is torn down.
 */
public final class EmulatedDarwin implements DarwinCalls {
  private static final int O_NONBLOCK = 0x4;
  private static final int O_APPEND = 0x8;
  private static final int O_ACCMODE = 3;

  private final Host host;
  private final Sockets sockets;
  private final Options options;
  private final Names names;

  /** Makes one with a place for errno that lives as long as the arena. */
  public EmulatedDarwin(Arena arena) {
    host = new Host(arena);
    sockets = new Sockets(host);
    options = new Options(host);
    names = new Names(host);
  }

  @Override
  public DarwinCalls in(Arena arena) {
    return new EmulatedDarwin(arena);
  }

  @Override
  public long call(
      DarwinFunction function, long a, long b, long c, long d, long e, long f, long g) {
    int first = (int) a;
    return switch (function) {
      case KQUEUE -> Kqueue.open(host);
      case KEVENT -> kevent(first, b, (int) c, d, (int) e, f);
      case POLL -> host.call("poll", a, b, c); // the events that are used have one number
      case SOCKET -> sockets.socket(first, (int) b, (int) c);
      case SOCKETPAIR -> sockets.socketpair(first, (int) b, (int) c, d);
      case BIND -> sockets.bind(first, b, (int) c);
      case LISTEN -> host.call("listen", a, b);
      case ACCEPT -> sockets.accept(first, b, c);
      case CONNECT -> sockets.connect(first, b, (int) c);
      case SHUTDOWN -> sockets.shutdown(first, (int) b);
      case GETSOCKOPT -> getOption(first, (int) b, (int) c, d, e);
      case SETSOCKOPT -> options.set(first, (int) b, (int) c, Host.at(d, (int) e));
      case GETSOCKNAME -> sockets.name(false, first, b, c);
      case GETPEERNAME -> sockets.name(true, first, b, c);
      case SEND -> sockets.send(first, b, c, (int) d);
      case RECV -> sockets.recv(first, b, c, (int) d);
      case SENDMSG -> sockets.sendmsg(first, b, (int) c);
      case RECVMSG -> sockets.recvmsg(first, b, (int) c);
      case SENDFILE -> sockets.sendfile(first, (int) b, c, d, e, (int) f);
      case CLOSE -> close(first);
      case PREAD -> host.callLong("pread", a, b, c, d);
      case FCNTL -> fcntl(first, (int) b, (int) c);
      case GETADDRINFO -> names.addresses(a, b, c, d);
      case FREEADDRINFO -> {
        Names.free(a);
        yield 0;
      }
      case GAI_STRERROR -> Names.text(first);
      case GETNAMEINFO -> names.names(a, (int) b, c, (int) d, e, (int) f, (int) g);
      // struct protoent, servent and if_nameindex are the same
      case GETPROTOBYNAME -> host.raw("getprotobyname", a);
      case GETSERVBYNAME -> host.raw("getservbyname", a, b);
      case GETHOSTNAME -> host.call("gethostname", a, b);
      case IF_NAMEINDEX -> {
        long list = host.raw("if_nameindex");
        yield list == 0 ? -host.error() : list;
      }
      case IF_FREENAMEINDEX -> {
        host.raw("if_freenameindex", a);
        yield 0;
      }
      case MMAP -> host.callLong("mmap", a, b, c, mapping((int) d), e, f);
      case MUNMAP -> host.call("munmap", a, b);
      case GETRLIMIT -> limit(first, b);
      case STRERROR_R -> text(first, Host.at(b, c));
      default -> throw new AssertionError("not emulated: " + function);
    };
  }

  private int kevent(
      int descriptor, long changes, int changeCount, long events, int capacity, long timeout) {
    Kqueue kqueue = Kqueue.of(descriptor);
    return kqueue == null
        ? -Errors.EBADF
        : kqueue.kevent(host, changes, changeCount, events, capacity, timeout);
  }

  private int getOption(int descriptor, int level, int name, long value, long length) {
    MemorySegment lengthValue = Host.at(length, Integer.BYTES);
    return options.get(
        descriptor, level, name, Host.at(value, lengthValue.get(JAVA_INT, 0)), lengthValue);
  }

  // ---- descriptors ----

  private int close(int descriptor) {
    if (Kqueue.closing(host, descriptor)) {
      return 0;
    }
    OpenSocket.closed(descriptor);
    return host.call("close", descriptor);
  }

  private int fcntl(int descriptor, int command, int argument) {
    return switch (command) {
      case 0 -> duplicate(descriptor, Linux.F_DUPFD(), argument);
      case 67 -> duplicate(descriptor, Linux.F_DUPFD_CLOEXEC(), argument);
      case 1 -> host.call("fcntl", descriptor, Linux.F_GETFD(), 0);
      case 2 -> host.call("fcntl", descriptor, Linux.F_SETFD(), argument);
      case 3 -> modes(host.call("fcntl", descriptor, Linux.F_GETFL(), 0));
      case 4 -> host.call("fcntl", descriptor, Linux.F_SETFL(), linuxModes(argument));
      case 73 -> { // F_SETNOSIGPIPE
        OpenSocket.of(host, descriptor).noSigPipe = argument != 0;
        yield 0;
      }
      default -> throw new AssertionError("not emulated: fcntl " + command);
    };
  }

  private int duplicate(int descriptor, int command, int lowest) {
    int duplicate = host.call("fcntl", descriptor, command, lowest);
    if (duplicate >= 0) {
      OpenSocket.duplicated(host, descriptor, duplicate);
    }
    return duplicate;
  }

  private static int modes(int linux) {
    return linux < 0
        ? linux
        : linux & O_ACCMODE
            | ((linux & Linux.O_NONBLOCK()) == 0 ? 0 : O_NONBLOCK)
            | ((linux & Linux.O_APPEND()) == 0 ? 0 : O_APPEND);
  }

  private static int linuxModes(int darwin) {
    return darwin & O_ACCMODE
        | ((darwin & O_NONBLOCK) == 0 ? 0 : Linux.O_NONBLOCK())
        | ((darwin & O_APPEND) == 0 ? 0 : Linux.O_APPEND());
  }

  // ---- memory, limits, errors ----

  private static int mapping(int darwin) {
    final int anonymous = 0x1000;
    final int noReserve = 0x40;
    final int kind = 3; // MAP_SHARED, MAP_PRIVATE
    if ((darwin & ~(anonymous | noReserve | kind)) != 0) {
      throw new AssertionError("not emulated: mmap with 0x" + Integer.toHexString(darwin));
    }
    return darwin & kind
        | ((darwin & anonymous) == 0 ? 0 : Linux.MAP_ANONYMOUS())
        | ((darwin & noReserve) == 0 ? 0 : Linux.MAP_NORESERVE());
  }

  private int limit(int resource, long limit) {
    int linux =
        switch (resource) {
          case 6 -> Linux.RLIMIT_MEMLOCK();
          case 8 -> Linux.RLIMIT_NOFILE();
          default -> throw new AssertionError("not emulated: getrlimit " + resource);
        };
    int result = host.call("getrlimit", linux, limit);
    if (result >= 0) {
      MemorySegment both = Host.at(limit, 16);
      for (long at = 0; at < 16; at += Long.BYTES) {
        if (both.get(JAVA_LONG, at) == -1) { // RLIM_INFINITY
          both.set(JAVA_LONG, at, Long.MAX_VALUE);
        }
      }
    }
    return result;
  }

  /** strerror_r(3): 0, EINVAL for an unknown number, ERANGE if there is no room. */
  private int text(int error, MemorySegment to) {
    int linux = Errors.linux(error);
    boolean known = linux != 0 || error == 0;
    String text =
        known
            ? Host.at(host.raw("strerror", linux), Long.MAX_VALUE).getString(0)
            : "Unknown error: " + error;
    if (text.getBytes(UTF_8).length >= to.byteSize()) {
      final int tooSmall = 34; // ERANGE
      return tooSmall;
    }
    to.setString(0, text);
    return known ? 0 : Errors.EINVAL;
  }
}
