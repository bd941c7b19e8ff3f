package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The calls on sockets, with the manners of Darwin where they differ: socket(2) and others there. */
final class Sockets {
  private static final int SHUT_WR = 1;
  private static final int SHUT_RDWR = 2;
  private static final int SO_ACCEPTCONN = 30;

  private final Host host;
  private final Messages messages;

  Sockets(Host host) {
    this.host = host;
    messages = new Messages(host);
  }

  // ---- opening ----

  int socket(int family, int type, int protocol) {
    int linuxFamily = Addresses.linuxFamily(family);
    if (linuxFamily < 0) {
      return -Errors.EAFNOSUPPORT;
    }
    if (!isType(family, type)) {
      return -Errors.EPROTONOSUPPORT;
    }
    int descriptor = host.call("socket", linuxFamily, type, protocol);
    if (descriptor >= 0) {
      OpenSocket.made(host, descriptor);
    }
    return descriptor;
  }

  /** No flags in the type, and no SOCK_SEQPACKET of Unix. */
  private static boolean isType(int family, int type) {
    final int raw = 3;
    return type >= LinuxNumbers.SOCK_STREAM
        && type <= (family == Addresses.AF_UNIX ? LinuxNumbers.SOCK_DGRAM : raw);
  }

  int socketpair(int family, int type, int protocol, long pair) {
    if (!isType(family, type)) {
      return -Errors.EPROTONOSUPPORT;
    }
    int result =
        host.call("socketpair", Addresses.linuxFamily(family), type, protocol, pair);
    if (result >= 0) {
      MemorySegment both = Host.at(pair, 2 * Integer.BYTES);
      OpenSocket.made(host, both.get(JAVA_INT, 0));
      OpenSocket.made(host, both.get(JAVA_INT, 4));
    }
    return result;
  }

  int bind(int descriptor, long address, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment linux = arena.allocate(Addresses.MAX_BYTES, 8);
      int linuxLength = Addresses.toLinux(Host.at(address, length), length, linux);
      return linuxLength < 0
          ? linuxLength
          : host.call("bind", descriptor, linux.address(), linuxLength);
    }
  }

  /** The mode of the listener is that of the connection too, and so is SO_NOSIGPIPE. */
  int accept(int listener, long address, long length) {
    boolean nonBlocking = isNonBlocking(listener);
    boolean noSigPipe = OpenSocket.of(host, listener).noSigPipe;
    MemorySegment lengthValue = Host.at(length, length == 0 ? 0 : Integer.BYTES);
    int capacity = length == 0 ? 0 : lengthValue.get(JAVA_INT, 0);
    int accepted =
        host.call(
            "accept4",
            listener,
            address,
            length,
            nonBlocking ? Linux.SOCK_NONBLOCK() : 0);
    if (accepted < 0) {
      return accepted;
    }
    if (length != 0) {
      int darwinLength =
          Addresses.toDarwin(
              Host.at(address, capacity), lengthValue.get(JAVA_INT, 0), capacity);
      lengthValue.set(JAVA_INT, 0, darwinLength);
    }
    OpenSocket.made(host, accepted).noSigPipe = noSigPipe;
    return accepted;
  }

  private boolean isNonBlocking(int descriptor) {
    int flags = host.call("fcntl", descriptor, Linux.F_GETFL(), 0);
    return flags >= 0 && (flags & Linux.O_NONBLOCK()) != 0;
  }

  // ---- connecting ----

  int connect(int descriptor, long address, int length) {
    OpenSocket socket = OpenSocket.of(host, descriptor);
    if (socket.isTcp()) {
      int answer = answerOfPast(descriptor, socket);
      if (answer != 0) {
        return answer;
      }
    }
    int result;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment linux = arena.allocate(Addresses.MAX_BYTES, 8);
      int linuxLength = Addresses.toLinux(Host.at(address, length), length, linux);
      result =
          linuxLength < 0
              ? linuxLength
              : host.call("connect", descriptor, linux.address(), linuxLength);
    }
    if (socket.isTcp()) {
      if (result == -Errors.EINPROGRESS) {
        socket.connecting = true;
      } else if (result == -Errors.ECONNREFUSED) {
        return refused(descriptor, socket);
      }
    }
    boolean unixStream = socket.isStream() && socket.family == Addresses.AF_UNIX;
    return unixStream && result == -Errors.EAGAIN ? -Errors.ECONNREFUSED : result; // backlog full
  }

  /** What an earlier connect(2) says to the next one; 0 if there was none. */
  private int answerOfPast(int descriptor, OpenSocket socket) {
    if (socket.connecting) {
      int seen = host.poll(descriptor, LinuxNumbers.POLLOUT);
      if (socket.pendingError(host, descriptor, seen) == 0) {
        if ((seen & LinuxNumbers.POLLOUT) == 0) {
          return -Errors.EALREADY;
        }
        socket.connecting = false;
        return -Errors.EISCONN;
      }
    }
    if (!socket.failed) {
      return 0;
    }
    int error = socket.takeError();
    return error != 0 ? -error : -Errors.EINVAL;
  }

  /** Loopback on Linux answers in the same instant; elsewhere a refusal takes its way. */
  private int refused(int descriptor, OpenSocket socket) {
    socket.connecting = true;
    socket.fail(Errors.ECONNREFUSED);
    return isNonBlocking(descriptor) ? -Errors.EINPROGRESS : -socket.takeError();
  }

  /** A direction can be shut once, and only of what is connected. */
  int shutdown(int descriptor, int how) {
    if (how < 0 || how > SHUT_RDWR) {
      return -Errors.EINVAL;
    }
    OpenSocket socket = OpenSocket.of(host, descriptor);
    if (socket.isStream()) {
      int seen = host.poll(descriptor, LinuxNumbers.POLLRDHUP);
      boolean listening =
          host.option(descriptor, LinuxNumbers.SOL_SOCKET, SO_ACCEPTCONN) == 1;
      if (listening || socket.isDead(seen)) {
        return -Errors.ENOTCONN;
      }
      if (how != SHUT_WR && (seen & LinuxNumbers.POLLRDHUP) != 0) {
        return -Errors.ENOTCONN;
      }
      if (how != 0 && socket.sendShut) {
        return -Errors.ENOTCONN;
      }
    }
    int result = host.call("shutdown", descriptor, how);
    if (result >= 0 && how != 0) {
      socket.sendShut = true;
    }
    return result;
  }

  // ---- addresses ----

  int name(boolean peer, int descriptor, long address, long length) {
    OpenSocket socket = OpenSocket.of(host, descriptor);
    if (socket.isStream()
        && (peer || socket.isTcp())
        && socket.isDead(host.poll(descriptor, LinuxNumbers.POLLRDHUP))) {
      return -Errors.EINVAL;
    }
    MemorySegment lengthValue = Host.at(length, Integer.BYTES);
    int capacity = lengthValue.get(JAVA_INT, 0);
    int result =
        host.call(peer ? "getpeername" : "getsockname", descriptor, address, length);
    if (result >= 0) {
      lengthValue.set(
          JAVA_INT,
          0,
          Addresses.toDarwin(Host.at(address, capacity), lengthValue.get(JAVA_INT, 0), capacity));
    }
    return result;
  }

  // ---- transfer ----

  int send(int descriptor, long address, long length, int flags) {
    OpenSocket socket = OpenSocket.of(host, descriptor);
    if (isTooLong(socket, length)) {
      return -Errors.EMSGSIZE;
    }
    int result =
        host.call("send", descriptor, address, length, MessageFlags.sending(flags));
    return sent(socket, flags, result);
  }

  int sendmsg(int descriptor, long message, int flags) {
    OpenSocket socket = OpenSocket.of(host, descriptor);
    if (isTooLong(socket, Messages.length(message))) {
      return -Errors.EMSGSIZE;
    }
    return sent(socket, flags, messages.send(descriptor, message, flags));
  }

  private static boolean isTooLong(OpenSocket socket, long length) {
    return socket.type == LinuxNumbers.SOCK_DGRAM && length > socket.sendBytes;
  }

  private static int sent(OpenSocket socket, int flags, int result) {
    if (socket.isUnixDatagram()) {
      return result == -Errors.EAGAIN ? -Errors.ENOBUFS : result; // the receiver is full
    }
    if (!socket.isStream()) {
      return result;
    }
    if (result == -Errors.ECONNRESET || result == -Errors.ETIMEDOUT) {
      socket.fail(-result); // asked second: that nothing can be sent comes first
      return sent(socket, flags, -Errors.EPIPE);
    }
    if (result == -Errors.EPIPE) {
      socket.checkSigPipe((flags & MessageFlags.MSG_NOSIGNAL) != 0);
    }
    return result;
  }

  int recv(int descriptor, long address, long length, int flags) {
    OpenSocket socket = OpenSocket.of(host, descriptor);
    int result =
        host.call("recv", descriptor, address, length, MessageFlags.receiving(flags));
    return length == 0 ? result : received(socket, flags, result);
  }

  int recvmsg(int descriptor, long message, int flags) {
    OpenSocket socket = OpenSocket.of(host, descriptor);
    return received(socket, flags, messages.receive(descriptor, message, flags));
  }

  /** Data first, then the error, then the end. */
  private static int received(OpenSocket socket, int flags, int result) {
    if (result > 0) {
      return result;
    }
    int error = socket.takeError();
    if (error != 0 && (flags & MessageFlags.MSG_PEEK) != 0) {
      socket.fail(error);
    }
    return error == 0 ? result : -error;
  }

  /**
   * sendfile(2) of Darwin: the length is read and written, 0 is all there is, and what was sent counts
   * though the call fails with EAGAIN.
   */
  int sendfile(int file, int descriptor, long offset, long length, long headers, int flags) {
    if (headers != 0) {
      throw new AssertionError("not emulated: sendfile with headers");
    }
    OpenSocket socket = OpenSocket.of(host, descriptor);
    if (host.identity(file).kind() != Host.Identity.REGULAR) {
      return host.isOpen(file) ? -Errors.ENOTSUP : -Errors.EBADF;
    }
    if (socket.type == 0) {
      return host.isOpen(descriptor) ? -Errors.ENOTSOCK : -Errors.EBADF;
    }
    if (!socket.isStream() || offset < 0 || flags != 0) {
      return -Errors.EINVAL;
    }
    MemorySegment lengthValue = Host.at(length, Long.BYTES);
    long wanted = lengthValue.get(JAVA_LONG, 0);
    long sent = 0;
    int result = 1;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment at = arena.allocateFrom(JAVA_LONG, offset);
      while (result > 0 && (wanted == 0 || sent < wanted)) {
        final int most = 1 << 30;
        long count = wanted == 0 ? most : Math.min(most, wanted - sent);
        result = host.call("sendfile", descriptor, file, at.address(), count);
        sent += Math.max(0, result);
      }
    }
    lengthValue.set(JAVA_LONG, 0, sent);
    return result >= 0 ? 0 : sent(socket, 0, result);
  }
}
