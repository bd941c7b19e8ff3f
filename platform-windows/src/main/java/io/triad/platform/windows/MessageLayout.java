package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.engine.Message;
import io.triad.engine.NativeAddress;
import io.triad.engine.NonBlockingCalls.ControlMessage;
import io.triad.engine.Platform;
import io.triad.platform.windows.ffi.WSABUF;
import io.triad.platform.windows.ffi.WSACMSGHDR;
import io.triad.platform.windows.ffi.WSAMSG;
import io.triad.platform.windows.ffi.Windows;
import io.triad.platform.windows.ffi.in_pktinfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A message as WSASendMsg and WSARecvMsg want it: WSAMSG, WSABUF, WSACMSGHDR. */
final class MessageLayout {
  private static final int BUFFER_BYTES = (int) WSABUF.sizeof();
  private static final int CONTROL_HEADER_BYTES = (int) WSACMSGHDR.sizeof();
  private static final int CONTROL_ALIGNMENT = 8;

  /** More than all control messages have together that can be asked for. */
  private static final int CONTROL_BYTES = 1024;

  /** Of ip(7), three words; and of Windows, two. */
  private static final int PACKET_INFO_BYTES = 12;

  private static final int OWN_PACKET_INFO_BYTES = (int) in_pktinfo.sizeof();

  private final Arena arena;
  private final MemorySegment header;
  private MemorySegment buffers;
  private MemorySegment control;

  MessageLayout(Arena arena) {
    this.arena = arena;
    header = WSAMSG.allocate(arena);
    buffers = WSABUF.allocateArray(16, arena);
    control = arena.allocate(CONTROL_BYTES, CONTROL_ALIGNMENT);
  }

  /** Memory for something else, until the next message. */
  MemorySegment scratch(long bytes) {
    return buffers.asSlice(0, bytes);
  }

  /** Writes a message's ranges; answers how many there are, at least one, which may be empty. */
  int layOut(Message message) {
    int count = Math.max(1, message.count());
    if ((long) count * BUFFER_BYTES > buffers.byteSize()) {
      buffers = WSABUF.allocateArray(Message.MAX_RANGES, arena);
    }
    for (int i = 0; i < count; i++) {
      MemorySegment buffer = buffers.asSlice((long) i * BUFFER_BYTES, BUFFER_BYTES);
      boolean empty = message.count() == 0;
      WSABUF.buf(buffer, MemorySegment.ofAddress(empty ? 0 : message.startOf(i)));
      WSABUF.len(buffer, empty ? 0 : message.lengthOf(i));
    }
    return count;
  }

  /** What {@link #layOut} wrote. */
  MemorySegment buffers() {
    return buffers;
  }

  MemorySegment forSend(Message message) {
    int addressBytes = message.address().length();
    return fill(message, addressBytes, message.control(), message.controlLength());
  }

  /**
   * Control messages come into memory of ours, which has room for all that there are: where there is
   * too little, a receive is a failure that does not say how much data came.
   */
  MemorySegment forReceive(Message message, int flags) {
    message.address().memory().set(JAVA_SHORT, 0, (short) Windows.AF_UNSPEC());
    if (control.byteSize() < message.controlLength()) {
      control = arena.allocate(message.controlLength(), CONTROL_ALIGNMENT);
    }
    fill(message, Platform.ADDRESS_BYTES, control, (int) control.byteSize());
    WSAMSG.dwFlags(header, flags);
    return header;
  }

  private MemorySegment fill(
      Message message, int addressBytes, MemorySegment controls, int controlBytes) {
    WSAMSG.name(
        header, addressBytes == 0 ? MemorySegment.NULL : message.address().memory());
    WSAMSG.namelen(header, addressBytes);
    WSAMSG.lpBuffers(header, buffers);
    WSAMSG.dwBufferCount(header, Math.max(1, message.count()));
    MemorySegment range = WSAMSG.Control(header);
    WSABUF.len(range, controlBytes);
    WSABUF.buf(range, controls);
    WSAMSG.dwFlags(header, 0);
    return header;
  }

  /** Takes address, control messages and flags out after a receive; one cut off is a failure here. */
  int received(Message message, int result) {
    boolean truncated = result == -Windows.WSAEMSGSIZE();
    if (result < 0 && !truncated) {
      return result;
    }
    setAddressLength(message, WSAMSG.namelen(header));
    int flags = WSAMSG.dwFlags(header) | (truncated ? Windows.MSG_TRUNC() : 0);
    int came = WSABUF.len(WSAMSG.Control(header));
    int wanted = message.controlLength();
    MemorySegment.copy(control, 0, message.control(), 0, Math.min(came, wanted));
    message.setControlLength(Math.min(came, wanted));
    message.setFlags(came > wanted ? flags | Windows.MSG_CTRUNC() : flags);
    return truncated ? room(message) : result;
  }

  /** A stream leaves the address as it was, and says nothing of its length. */
  static void setAddressLength(Message message, int length) {
    NativeAddress from = message.address();
    boolean known = SocketAddresses.family(from.memory()) != Windows.AF_UNSPEC();
    from.setLength(known ? Math.min(length, Platform.ADDRESS_BYTES) : 0);
  }

  /** How many bytes a message has room for. */
  static int room(Message message) {
    int room = 0;
    for (int i = 0; i < message.count(); i++) {
      room += message.lengthOf(i);
    }
    return room;
  }

  // ---- control messages ----

  static int controlBytes(int dataBytes) {
    return CONTROL_HEADER_BYTES + aligned(dataBytes);
  }

  private static int aligned(int bytes) {
    return Math.addExact(bytes, CONTROL_ALIGNMENT - 1) & -CONTROL_ALIGNMENT;
  }

  static void addControl(Message message, int level, int type, byte[] data) {
    if (isPacketInfo(level, type) && data.length == PACKET_INFO_BYTES) {
      addRaw(message, level, type, ownPacketInfo(data));
    } else {
      addRaw(message, level, type, data);
    }
  }

  private static void addRaw(Message message, int level, int type, byte[] data) {
    int at = message.controlLength();
    int bytes = controlBytes(data.length);
    message.setControlLength(at + bytes);
    MemorySegment entry = message.control().asSlice(at, bytes).fill((byte) 0);
    WSACMSGHDR.cmsg_len(entry, CONTROL_HEADER_BYTES + data.length);
    WSACMSGHDR.cmsg_level(entry, level);
    WSACMSGHDR.cmsg_type(entry, type);
    MemorySegment.copy(data, 0, entry, JAVA_BYTE, CONTROL_HEADER_BYTES, data.length);
  }

  static List<ControlMessage> controls(Message message) {
    List<ControlMessage> controls = new ArrayList<>();
    int end = message.controlLength();
    int at = 0;
    while (end - at >= CONTROL_HEADER_BYTES) {
      MemorySegment entry = message.control().asSlice(at);
      int length = (int) WSACMSGHDR.cmsg_len(entry);
      if (length < CONTROL_HEADER_BYTES || length > end - at) {
        break; // cut off by the system, which says so in the flags
      }
      int level = WSACMSGHDR.cmsg_level(entry);
      int type = WSACMSGHDR.cmsg_type(entry);
      byte[] data =
          entry.asSlice(CONTROL_HEADER_BYTES, length - CONTROL_HEADER_BYTES).toArray(JAVA_BYTE);
      boolean own = isPacketInfo(level, type) && data.length == OWN_PACKET_INFO_BYTES;
      controls.add(new ControlMessage(level, type, own ? packetInfo(data) : data));
      at += aligned(length);
    }
    return controls;
  }

  // ---- IP_PKTINFO, which is laid out in one way here and in another everywhere else ----

  private static boolean isPacketInfo(int level, int type) {
    return level == Windows.IPPROTO_IP() && type == Windows.IP_PKTINFO();
  }

  /**
   * From address and interface to interface, local address and address in the header, of which Windows
   * tells the last.
   */
  private static byte[] packetInfo(byte[] own) {
    byte[] info = new byte[PACKET_INFO_BYTES];
    System.arraycopy(own, 4, info, 0, 4);
    System.arraycopy(own, 0, info, 4, 4);
    System.arraycopy(own, 0, info, 8, 4);
    return info;
  }

  /** For a datagram that is to be sent, where the local address counts. */
  private static byte[] ownPacketInfo(byte[] info) {
    byte[] own = new byte[OWN_PACKET_INFO_BYTES];
    System.arraycopy(info, 4, own, 0, 4);
    System.arraycopy(info, 0, own, 4, 4);
    return own;
  }
}
