package io.triad.platform.macos;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Message;
import io.triad.engine.NativeAddress;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.platform.macos.ffi.Darwin;
import io.triad.platform.macos.ffi.Macos;
import io.triad.platform.macos.ffi.cmsghdr;
import io.triad.platform.macos.ffi.iovec;
import io.triad.platform.macos.ffi.msghdr;
import io.triad.platform.macos.ffi.pollfd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls on sockets that never wait: socket(2), send(2), recv(2), sendfile(2).
 *
 * <p>What macOS lacks of Linux, each made up for here: SOCK_CLOEXEC, SOCK_NONBLOCK and accept4, by
 * fcntl(2) after the fact, so a child that another thread starts in between inherits the descriptor;
 * MSG_NOSIGNAL, by SO_NOSIGPIPE on every socket; MSG_CMSG_CLOEXEC, by fcntl(2) on each descriptor that
 * comes. And MSG_DONTWAIT has a meaning for receives only: see {@link #withoutWaiting}.
 */
final class MacosCalls implements NonBlockingCalls {
  private static final int HEADER_BYTES = (int) msghdr.sizeof();
  private static final int RANGE_BYTES = (int) iovec.sizeof();
  private static final int CONTROL_HEADER_BYTES = (int) cmsghdr.sizeof();
  private static final int CONTROL_ALIGNMENT = 4;

  /**
   * The send buffer of a socket of datagrams is nothing but a limit to the size of one, 9216 bytes unless
   * it is set (net.inet.udp.maxdgram). Here it is as on other systems, and as the JDK has it: none but
   * that of the protocol.
   */
  private static final int MAX_DATAGRAM_BYTES = 65_535;

  private final Darwin darwin;
  private final MacosOptions options;
  private final MemorySegment lengthValue;
  private final MemorySegment longValue;
  private final MemorySegment pair;
  private final MemorySegment polled;

  MacosCalls(Darwin darwin, MacosOptions options, Arena arena) {
    this.darwin = darwin;
    this.options = options;
    lengthValue = arena.allocate(JAVA_INT);
    longValue = arena.allocate(JAVA_LONG);
    pair = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
    polled = arena.allocate(pollfd.layout());
  }

  private static int again(int result) {
    return result == -Macos.EAGAIN() || result == -Macos.EINPROGRESS() ? AGAIN : result;
  }

  // ---- descriptors ----

  @Override
  public int socket(int family, int type, int protocol, boolean nonBlocking) {
    int descriptor = darwin.socket(family, type, protocol);
    if (descriptor < 0) {
      return descriptor;
    }
    boolean datagrams =
        type == Macos.SOCK_DGRAM() && (family == Macos.AF_INET() || family == Macos.AF_INET6());
    if (datagrams) {
      int result = options.set(descriptor, SocketOption.SEND_BUFFER, MAX_DATAGRAM_BYTES);
      if (result < 0) {
        darwin.close(descriptor);
        return result;
      }
    }
    return settle(descriptor, nonBlocking);
  }

  @Override
  public int socketPair(int family, int type, int protocol, boolean nonBlocking, int[] into) {
    int result = darwin.socketpair(family, type, protocol, pair);
    if (result < 0) {
      return result;
    }
    into[0] = pair.get(JAVA_INT, 0);
    into[1] = pair.get(JAVA_INT, Integer.BYTES);
    result = settle(into[0], nonBlocking);
    if (result < 0) {
      darwin.close(into[1]);
      return result;
    }
    result = settle(into[1], nonBlocking);
    if (result < 0) {
      darwin.close(into[0]);
      return result;
    }
    return 0;
  }

  /** Makes a new socket what it should have been from the start; closes it if that fails. */
  private int settle(int descriptor, boolean nonBlocking) {
    int result = setInheritable(descriptor, false);
    if (result >= 0) {
      result = options.refuseSignal(descriptor);
    }
    if (result >= 0) {
      result = setNonBlocking(descriptor, nonBlocking);
    }
    if (result < 0) {
      darwin.close(descriptor);
      return result;
    }
    return descriptor;
  }

  @Override
  public int duplicate(int descriptor) {
    return darwin.fcntl(descriptor, Macos.F_DUPFD_CLOEXEC(), 0);
  }

  @Override
  public int setNonBlocking(int descriptor, boolean nonBlocking) {
    int flags = darwin.fcntl(descriptor, Macos.F_GETFL(), 0);
    if (flags < 0) {
      return flags;
    }
    int wanted = nonBlocking ? flags | Macos.O_NONBLOCK() : flags & ~Macos.O_NONBLOCK();
    return wanted == flags ? 0 : darwin.fcntl(descriptor, Macos.F_SETFL(), wanted);
  }

  @Override
  public int inheritable(int descriptor) {
    int flags = darwin.fcntl(descriptor, Macos.F_GETFD(), 0);
    return flags < 0 ? flags : (flags & Macos.FD_CLOEXEC()) == 0 ? 1 : 0;
  }

  @Override
  public int setInheritable(int descriptor, boolean inheritable) {
    return darwin.fcntl(descriptor, Macos.F_SETFD(), inheritable ? 0 : Macos.FD_CLOEXEC());
  }

  // ---- connections ----

  /**
   * A connection that was over before it was taken has no address: the kernel hands it out as if
   * nothing were. It is passed over here.
   */
  @Override
  public int accept(int descriptor, boolean nonBlocking, NativeAddress peer) {
    for (;;) {
      lengthValue.set(JAVA_INT, 0, Platform.ADDRESS_BYTES);
      int accepted = darwin.accept(descriptor, peer.memory(), lengthValue);
      if (accepted < 0) {
        return again(accepted);
      }
      int length = Math.min(lengthValue.get(JAVA_INT, 0), Platform.ADDRESS_BYTES);
      if (length == 0) {
        darwin.close(accepted);
        continue;
      }
      peer.setLength(length);
      return settle(accepted, nonBlocking);
    }
  }

  @Override
  public int connect(int descriptor, NativeAddress to) {
    int result = darwin.connect(descriptor, to.memory(), to.length());
    return result == -Macos.EINPROGRESS() ? AGAIN : result;
  }

  /**
   * The pending error tells what has failed, and a second connect(2) whether it has succeeded. In the
   * other order the error would be lost: connecting a socket that was refused is EINVAL, and it cannot
   * be connected anew.
   */
  @Override
  public int connected(int descriptor, NativeAddress to) {
    int error = options.get(descriptor, SocketOption.ERROR);
    if (error != 0) {
      return error < 0 ? error : -error;
    }
    int result = darwin.connect(descriptor, to.memory(), to.length());
    if (result == -Macos.EALREADY() || result == -Macos.EINPROGRESS()) {
      return AGAIN;
    }
    return result == -Macos.EISCONN() ? 0 : result;
  }

  @Override
  public int shutdown(int descriptor, int how) {
    return darwin.shutdown(descriptor, how);
  }

  // ---- sending and receiving ----

  /**
   * Makes sure that a send does not wait. It waits for room unless the descriptor is in non-blocking
   * mode, whatever its flags say. So the mode is looked at, which costs little beside a send, and a
   * descriptor in the other mode, which somebody else has opened, changes it for the length of a call.
   *
   * @return for {@link #restoreMode}; or {@code -errno}
   */
  private int withoutWaiting(int descriptor) {
    int flags = darwin.fcntl(descriptor, Macos.F_GETFL(), 0);
    if (flags < 0 || (flags & Macos.O_NONBLOCK()) != 0) {
      return flags;
    }
    int result = darwin.fcntl(descriptor, Macos.F_SETFL(), flags | Macos.O_NONBLOCK());
    return result < 0 ? result : flags;
  }

  private void restoreMode(int descriptor, int flags) {
    if ((flags & Macos.O_NONBLOCK()) == 0) {
      MacosErrors.require(darwin, darwin.fcntl(descriptor, Macos.F_SETFL(), flags), "fcntl");
    }
  }

  /**
   * While a connection is torn down a send may answer EPROTOTYPE instead of EPIPE. The same call made
   * again tells the truth, which may be EPROTOTYPE as well, if the address is of another kind of socket.
   */
  @Override
  public int send(int descriptor, long address, int length, int flags) {
    int mode = withoutWaiting(descriptor);
    if (mode < 0) {
      return mode;
    }
    int result = darwin.send(descriptor, address, length, flags);
    if (result == -Macos.EPROTOTYPE()) {
      result = darwin.send(descriptor, address, length, flags);
    }
    restoreMode(descriptor, mode);
    return again(result);
  }

  @Override
  public int send(int descriptor, Message message, int flags) {
    int mode = withoutWaiting(descriptor);
    if (mode < 0) {
      return mode;
    }
    MemorySegment header = layOut(message, message.address().length());
    int result = darwin.sendmsg(descriptor, header, flags);
    if (result == -Macos.EPROTOTYPE()) {
      result = darwin.sendmsg(descriptor, header, flags);
    }
    restoreMode(descriptor, mode);
    return again(result);
  }

  @Override
  public int receive(int descriptor, long address, int length, int flags) {
    return again(darwin.recv(descriptor, address, length, flags | Macos.MSG_DONTWAIT()));
  }

  @Override
  public int receive(int descriptor, Message message, int flags) {
    MemorySegment header = layOut(message, Platform.ADDRESS_BYTES);
    int result = darwin.recvmsg(descriptor, header, flags | Macos.MSG_DONTWAIT());
    if (result < 0) {
      return again(result);
    }
    message.address().setLength(Math.min(msghdr.msg_namelen(header), Platform.ADDRESS_BYTES));
    message.setControlLength(msghdr.msg_controllen(header));
    message.setFlags(msghdr.msg_flags(header));
    if (message.controlLength() > 0) {
      keepFromChildren(controls(message));
    }
    return result;
  }

  private void keepFromChildren(List<ControlMessage> controls) {
    for (ControlMessage control : controls) {
      if (control.level() == Macos.SOL_SOCKET() && control.type() == Macos.SCM_RIGHTS()) {
        MemorySegment descriptors = MemorySegment.ofArray(control.data());
        for (long at = 0; at + Integer.BYTES <= descriptors.byteSize(); at += Integer.BYTES) {
          int descriptor = descriptors.get(JAVA_INT_UNALIGNED, at);
          MacosErrors.require(darwin, setInheritable(descriptor, false), "fcntl");
        }
      }
    }
  }

  private static MemorySegment layOut(Message message, int addressBytes) {
    int count = message.count();
    MemorySegment header = message.scratch(HEADER_BYTES + (long) count * RANGE_BYTES);
    MemorySegment ranges = header.asSlice(HEADER_BYTES);
    for (int i = 0; i < count; i++) {
      ranges.set(JAVA_LONG, (long) i * RANGE_BYTES, message.startOf(i));
      ranges.set(JAVA_LONG, (long) i * RANGE_BYTES + Long.BYTES, message.lengthOf(i));
    }
    msghdr.msg_name(header, addressBytes == 0 ? MemorySegment.NULL : message.address().memory());
    msghdr.msg_namelen(header, addressBytes);
    msghdr.msg_iov(header, count == 0 ? MemorySegment.NULL : ranges);
    msghdr.msg_iovlen(header, count);
    msghdr.msg_control(
        header, message.controlLength() == 0 ? MemorySegment.NULL : message.control());
    msghdr.msg_controllen(header, message.controlLength());
    msghdr.msg_flags(header, 0);
    return header;
  }

  /** A call that is interrupted or finds the socket full may have sent something nevertheless. */
  @Override
  public int sendFile(int descriptor, int file, long offset, int length) {
    if (length == 0) {
      return 0; // which the call would take for everything
    }
    int mode = withoutWaiting(descriptor);
    if (mode < 0) {
      return mode;
    }
    longValue.set(JAVA_LONG, 0, length);
    int result = darwin.sendfile(file, descriptor, offset, longValue);
    restoreMode(descriptor, mode);
    int sent = (int) longValue.get(JAVA_LONG, 0);
    boolean partly = result == -Macos.EAGAIN() || result == -Macos.EINTR();
    return result == 0 || (partly && sent > 0) ? sent : again(result);
  }

  @Override
  public boolean sendsFiles() {
    return true;
  }

  @Override
  public int isReady(int descriptor, int readiness) {
    pollfd.fd(polled, descriptor);
    pollfd.events(
        polled,
        (short) (readiness == Operation.READABLE ? Macos.POLLIN() : Macos.POLLOUT()));
    pollfd.revents(polled, (short) 0);
    int result = darwin.poll(polled, 1, 0);
    if (result <= 0) {
      return result == -Macos.EINTR() ? 0 : result;
    }
    boolean open = (pollfd.revents(polled) & Macos.POLLNVAL()) == 0;
    return open ? 1 : -Macos.EBADF();
  }

  // ---- control messages ----

  @Override
  public int controlBytes(int dataBytes) {
    return CONTROL_HEADER_BYTES + aligned(dataBytes);
  }

  private static int aligned(int bytes) {
    return Math.addExact(bytes, CONTROL_ALIGNMENT - 1) & -CONTROL_ALIGNMENT;
  }

  @Override
  public void addControl(Message message, int level, int type, byte[] data) {
    int at = message.controlLength();
    message.setControlLength(at + controlBytes(data.length));
    MemorySegment entry = message.control().asSlice(at, controlBytes(data.length)).fill((byte) 0);
    cmsghdr.cmsg_len(entry, CONTROL_HEADER_BYTES + data.length);
    cmsghdr.cmsg_level(entry, level);
    cmsghdr.cmsg_type(entry, type);
    MemorySegment.copy(data, 0, entry, JAVA_BYTE, CONTROL_HEADER_BYTES, data.length);
  }

  @Override
  public List<ControlMessage> controls(Message message) {
    List<ControlMessage> controls = new ArrayList<>();
    int end = message.controlLength();
    int at = 0;
    while (end - at >= CONTROL_HEADER_BYTES) {
      MemorySegment entry = message.control().asSlice(at);
      int length = cmsghdr.cmsg_len(entry);
      if (length < CONTROL_HEADER_BYTES || length > end - at) {
        break; // cut off by the kernel, which says so in the flags
      }
      controls.add(
          new ControlMessage(
              cmsghdr.cmsg_level(entry),
              cmsghdr.cmsg_type(entry),
              entry.asSlice(CONTROL_HEADER_BYTES, length - CONTROL_HEADER_BYTES)
                  .toArray(JAVA_BYTE)));
      at += aligned(length);
    }
    return controls;
  }
}
