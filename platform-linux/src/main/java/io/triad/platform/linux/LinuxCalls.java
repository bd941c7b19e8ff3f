package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Message;
import io.triad.engine.NativeAddress;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import io.triad.platform.linux.ffi.cmsghdr;
import io.triad.platform.linux.ffi.msghdr;
import io.triad.platform.linux.ffi.pollfd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The calls on sockets that never wait: socket(7), recvmsg(2), cmsg(3). */
final class LinuxCalls implements NonBlockingCalls {
  private static final int HEADER_BYTES = (int) msghdr.sizeof();
  private static final int CONTROL_HEADER_BYTES = (int) cmsghdr.sizeof();
  private static final int CONTROL_ALIGNMENT = 8;
  private static final int RANGE_BYTES = 16;

  private final Libc libc;
  private final MemorySegment lengthValue;
  private final MemorySegment longValue;
  private final MemorySegment pair;
  private final MemorySegment polled;

  LinuxCalls(Libc libc, Arena arena) {
    this.libc = libc;
    lengthValue = arena.allocate(JAVA_INT);
    longValue = arena.allocate(JAVA_LONG);
    pair = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
    polled = arena.allocate(pollfd.layout());
  }

  static int again(int result) {
    return result == -Linux.EAGAIN() || result == -Linux.EINPROGRESS() ? AGAIN : result;
  }

  private static int mode(boolean nonBlocking) {
    return nonBlocking ? Linux.SOCK_NONBLOCK() : 0;
  }

  @Override
  public int socket(int family, int type, int protocol, boolean nonBlocking) {
    return libc.socket(family, type | Linux.SOCK_CLOEXEC() | mode(nonBlocking), protocol);
  }

  @Override
  public int socketPair(int family, int type, int protocol, boolean nonBlocking, int[] into) {
    int result =
        libc.socketpair(family, type | Linux.SOCK_CLOEXEC() | mode(nonBlocking), protocol, pair);
    if (result >= 0) {
      into[0] = pair.get(JAVA_INT, 0);
      into[1] = pair.get(JAVA_INT, 4);
    }
    return result;
  }

  @Override
  public int duplicate(int descriptor) {
    return libc.fcntl(descriptor, Linux.F_DUPFD_CLOEXEC(), 0);
  }

  @Override
  public int setNonBlocking(int descriptor, boolean nonBlocking) {
    int flags = libc.fcntl(descriptor, Linux.F_GETFL(), 0);
    if (flags < 0) {
      return flags;
    }
    int wanted =
        nonBlocking ? flags | Linux.O_NONBLOCK() : flags & ~Linux.O_NONBLOCK();
    return wanted == flags ? 0 : libc.fcntl(descriptor, Linux.F_SETFL(), wanted);
  }

  @Override
  public int inheritable(int descriptor) {
    int flags = libc.fcntl(descriptor, Linux.F_GETFD(), 0);
    return flags < 0 ? flags : (flags & Linux.FD_CLOEXEC()) == 0 ? 1 : 0;
  }

  @Override
  public int setInheritable(int descriptor, boolean inheritable) {
    return libc.fcntl(descriptor, Linux.F_SETFD(), inheritable ? 0 : Linux.FD_CLOEXEC());
  }

  @Override
  public int accept(int descriptor, boolean nonBlocking, NativeAddress peer) {
    lengthValue.set(JAVA_INT, 0, Platform.ADDRESS_BYTES);
    int accepted =
        libc.accept4(
            descriptor, peer.memory(), lengthValue, Linux.SOCK_CLOEXEC() | mode(nonBlocking));
    if (accepted < 0) {
      return again(accepted);
    }
    peer.setLength(Math.min(lengthValue.get(JAVA_INT, 0), Platform.ADDRESS_BYTES));
    return accepted;
  }

  /** A Unix socket answers EAGAIN when the backlog is full, and nothing would say when it is not. */
  @Override
  public int connect(int descriptor, NativeAddress to) {
    int result = libc.connect(descriptor, to.memory(), to.length());
    return result == -Linux.EINPROGRESS() ? AGAIN : result;
  }

  /**
   * A second connect(2) tells, and unlike SO_ERROR it leaves a socket that was refused in a state in
   * which it can be connected anew; otherwise the next attempt would fail with ECONNABORTED.
   */
  @Override
  public int connected(int descriptor, NativeAddress to) {
    int result = libc.connect(descriptor, to.memory(), to.length());
    if (result == -Linux.EALREADY() || result == -Linux.EINPROGRESS()) {
      return AGAIN;
    }
    return result == -Linux.EISCONN() ? 0 : result;
  }

  @Override
  public int send(int descriptor, long address, int length, int flags) {
    return again(
        libc.send(
            descriptor, address, length, flags | Linux.MSG_DONTWAIT() | Linux.MSG_NOSIGNAL()));
  }

  @Override
  public int receive(int descriptor, long address, int length, int flags) {
    return again(libc.recv(descriptor, address, length, flags | Linux.MSG_DONTWAIT()));
  }

  @Override
  public int send(int descriptor, Message message, int flags) {
    MemorySegment header = layOut(message, message.address().length());
    return again(
        libc.sendmsg(
            descriptor, header, flags | Linux.MSG_DONTWAIT() | Linux.MSG_NOSIGNAL()));
  }

  @Override
  public int receive(int descriptor, Message message, int flags) {
    MemorySegment header = layOut(message, Platform.ADDRESS_BYTES);
    int result =
        libc.recvmsg(
            descriptor, header, flags | Linux.MSG_DONTWAIT() | Linux.MSG_CMSG_CLOEXEC());
    if (result < 0) {
      return again(result);
    }
    message.address().setLength(Math.min(msghdr.msg_namelen(header), Platform.ADDRESS_BYTES));
    message.setControlLength((int) msghdr.msg_controllen(header));
    // The kernel hands back what it was asked for as well.
    message.setFlags(msghdr.msg_flags(header) & ~Linux.MSG_CMSG_CLOEXEC());
    return result;
  }

  private static MemorySegment layOut(Message message, int addressBytes) {
    int count = message.count();
    MemorySegment header = message.scratch(HEADER_BYTES + (long) count * RANGE_BYTES);
    MemorySegment ranges = header.asSlice(HEADER_BYTES);
    for (int i = 0; i < count; i++) {
      ranges.set(JAVA_LONG, (long) i * RANGE_BYTES, message.startOf(i));
      ranges.set(JAVA_LONG, (long) i * RANGE_BYTES + 8, message.lengthOf(i));
    }
    msghdr.msg_name(
        header, addressBytes == 0 ? MemorySegment.NULL : message.address().memory());
    msghdr.msg_namelen(header, addressBytes);
    msghdr.msg_iov(header, count == 0 ? MemorySegment.NULL : ranges);
    msghdr.msg_iovlen(header, count);
    msghdr.msg_control(
        header, message.controlLength() == 0 ? MemorySegment.NULL : message.control());
    msghdr.msg_controllen(header, message.controlLength());
    msghdr.msg_flags(header, 0);
    return header;
  }

  @Override
  public int sendFile(int descriptor, int file, long offset, int length) {
    longValue.set(JAVA_LONG, 0, offset);
    return again(libc.sendfile(descriptor, file, longValue, length));
  }

  @Override
  public boolean sendsFiles() {
    return true;
  }

  @Override
  public int isReady(int descriptor, int readiness) {
    int events =
        readiness == Operation.READABLE ? Linux.POLLIN() | Linux.POLLRDHUP() : Linux.POLLOUT();
    pollfd.fd(polled, descriptor);
    pollfd.events(polled, (short) events);
    pollfd.revents(polled, (short) 0);
    int result = libc.poll(polled, 1, 0);
    if (result <= 0) {
      return result == -Linux.EINTR() ? 0 : result;
    }
    boolean open = (pollfd.revents(polled) & Linux.POLLNVAL()) == 0;
    return open ? 1 : -Linux.EBADF();
  }

  @Override
  public int shutdown(int descriptor, int how) {
    return libc.shutdown(descriptor, how);
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
    return controls(message.control(), message.controlLength());
  }

  /** The control messages in some memory. */
  static List<ControlMessage> controls(MemorySegment control, int end) {
    List<ControlMessage> controls = new ArrayList<>();
    int at = 0;
    while (end - at >= CONTROL_HEADER_BYTES) {
      MemorySegment entry = control.asSlice(at);
      int length = (int) cmsghdr.cmsg_len(entry);
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
