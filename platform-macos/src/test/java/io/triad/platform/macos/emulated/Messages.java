package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * sendmsg(2) and recvmsg(2). struct iovec is the same in both systems. In Darwin's struct msghdr the
 * counts have 32 bits, and a control message has a header of 12 bytes and an alignment of 4; on Linux
 * the counts have 64, and it is 16 and 8.
 */
final class Messages {
  // struct msghdr of Darwin; up to the ranges that of Linux is the same
  private static final int HEADER_BYTES = 48;
  private static final int NAME_LENGTH_AT = 8;
  private static final int RANGES_AT = 16;
  private static final int RANGE_COUNT_AT = 24;
  private static final int CONTROL_AT = 32;
  private static final int CONTROL_LENGTH_AT = 40;
  private static final int FLAGS_AT = 44;

  private static final int LINUX_HEADER_BYTES = 56;
  private static final int LINUX_FLAGS_AT = 48;

  private static final int CONTROL_HEADER_BYTES = 12;
  private static final int CONTROL_ALIGNMENT = 4;
  private static final int LINUX_CONTROL_HEADER_BYTES = 16;
  private static final int LINUX_CONTROL_ALIGNMENT = 8;

  private static final int RANGE_BYTES = 16;

  private final Host host;

  Messages(Host host) {
    this.host = host;
  }

  /** How many bytes a message has. */
  static long length(long message) {
    MemorySegment header = Host.at(message, HEADER_BYTES);
    int count = header.get(JAVA_INT, RANGE_COUNT_AT);
    MemorySegment ranges =
        Host.at(header.get(JAVA_LONG, RANGES_AT), (long) count * RANGE_BYTES);
    long length = 0;
    for (int i = 0; i < count; i++) {
      length += ranges.get(JAVA_LONG, (long) i * RANGE_BYTES + 8);
    }
    return length;
  }

  int send(int descriptor, long message, int flags) {
    MemorySegment header = Host.at(message, HEADER_BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment linux = arena.allocate(LINUX_HEADER_BYTES, 8);
      int nameLength = header.get(JAVA_INT, NAME_LENGTH_AT);
      if (header.get(JAVA_LONG, 0) != 0) {
        MemorySegment name = arena.allocate(Addresses.MAX_BYTES, 8);
        int length =
            Addresses.toLinux(Host.at(header.get(JAVA_LONG, 0), nameLength), nameLength, name);
        if (length < 0) {
          return length;
        }
        linux.set(JAVA_LONG, 0, name.address());
        linux.set(JAVA_INT, NAME_LENGTH_AT, length);
      }
      copyRanges(header, linux);
      MemorySegment control = control(header);
      if (control.byteSize() > 0) {
        MemorySegment translated = arena.allocate(2 * control.byteSize() + 64, 8);
        linux.set(JAVA_LONG, CONTROL_AT, translated.address());
        linux.set(JAVA_LONG, CONTROL_LENGTH_AT, controlToLinux(control, translated));
      }
      return host.call(
          "sendmsg", descriptor, linux.address(), MessageFlags.sending(flags));
    }
  }

  int receive(int descriptor, long message, int flags) {
    MemorySegment header = Host.at(message, HEADER_BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment linux = arena.allocate(LINUX_HEADER_BYTES, 8);
      MemorySegment name = arena.allocate(Addresses.MAX_BYTES, 8);
      int capacity = header.get(JAVA_LONG, 0) == 0 ? 0 : header.get(JAVA_INT, NAME_LENGTH_AT);
      linux.set(JAVA_LONG, 0, capacity == 0 ? 0 : name.address());
      linux.set(JAVA_INT, NAME_LENGTH_AT, capacity == 0 ? 0 : Addresses.MAX_BYTES);
      copyRanges(header, linux);
      MemorySegment control = control(header);
      MemorySegment received = arena.allocate(2 * control.byteSize() + 64, 8);
      linux.set(JAVA_LONG, CONTROL_AT, control.byteSize() == 0 ? 0 : received.address());
      linux.set(JAVA_LONG, CONTROL_LENGTH_AT, control.byteSize() == 0 ? 0 : received.byteSize());
      int result =
          host.call(
              "recvmsg", descriptor, linux.address(), MessageFlags.receiving(flags));
      if (result < 0) {
        return result;
      }
      int nameLength =
          Addresses.toDarwin(name, linux.get(JAVA_INT, NAME_LENGTH_AT), Addresses.MAX_BYTES);
      if (capacity != 0) {
        MemorySegment.copy(
            name,
            0,
            Host.at(header.get(JAVA_LONG, 0), capacity),
            0,
            Math.min(capacity, nameLength));
      }
      header.set(JAVA_INT, NAME_LENGTH_AT, capacity == 0 ? 0 : nameLength);
      int darwinFlags = MessageFlags.received(linux.get(JAVA_INT, LINUX_FLAGS_AT));
      int controlLength =
          controlToDarwin(
              received.asSlice(0, linux.get(JAVA_LONG, CONTROL_LENGTH_AT)), control);
      if (controlLength < 0) {
        controlLength = ~controlLength;
        darwinFlags |= MessageFlags.MSG_CTRUNC;
      }
      header.set(JAVA_INT, CONTROL_LENGTH_AT, controlLength);
      header.set(JAVA_INT, FLAGS_AT, darwinFlags);
      return result;
    }
  }

  private static void copyRanges(MemorySegment header, MemorySegment linux) {
    linux.set(JAVA_LONG, RANGES_AT, header.get(JAVA_LONG, RANGES_AT));
    linux.set(JAVA_LONG, RANGE_COUNT_AT, header.get(JAVA_INT, RANGE_COUNT_AT));
  }

  private static MemorySegment control(MemorySegment header) {
    long address = header.get(JAVA_LONG, CONTROL_AT);
    return Host.at(address, address == 0 ? 0 : header.get(JAVA_INT, CONTROL_LENGTH_AT));
  }

  // ---- control messages ----

  private static long aligned(long bytes, int alignment) {
    return bytes + alignment - 1 & -alignment;
  }

  private static long controlToLinux(MemorySegment from, MemorySegment to) {
    long at = 0;
    long end = 0;
    while (from.byteSize() - at >= CONTROL_HEADER_BYTES) {
      long length = from.get(JAVA_INT_UNALIGNED, at);
      if (length < CONTROL_HEADER_BYTES || length > from.byteSize() - at) {
        throw new AssertionError("a control message of " + length + " bytes");
      }
      long data = length - CONTROL_HEADER_BYTES;
      ControlTypes.Type type =
          ControlTypes.linux(
              from.get(JAVA_INT_UNALIGNED, at + 4), from.get(JAVA_INT_UNALIGNED, at + 8));
      to.set(JAVA_LONG, end, LINUX_CONTROL_HEADER_BYTES + data);
      to.set(JAVA_INT, end + 8, type.level());
      to.set(JAVA_INT, end + 12, type.type());
      MemorySegment.copy(
          from, at + CONTROL_HEADER_BYTES, to, end + LINUX_CONTROL_HEADER_BYTES, data);
      end += aligned(LINUX_CONTROL_HEADER_BYTES + data, LINUX_CONTROL_ALIGNMENT);
      at += aligned(length, CONTROL_ALIGNMENT);
    }
    return end;
  }

  /** Answers how many bytes were written; their complement if there was more than room for. */
  private int controlToDarwin(MemorySegment from, MemorySegment to) {
    long at = 0;
    long end = 0;
    boolean cut = false;
    while (from.byteSize() - at >= LINUX_CONTROL_HEADER_BYTES) {
      long data = from.get(JAVA_LONG_UNALIGNED, at) - LINUX_CONTROL_HEADER_BYTES;
      ControlTypes.Type type =
          ControlTypes.darwin(
              from.get(JAVA_INT_UNALIGNED, at + 8), from.get(JAVA_INT_UNALIGNED, at + 12));
      long room = Math.max(0, to.byteSize() - end - CONTROL_HEADER_BYTES);
      MemorySegment content = from.asSlice(at + LINUX_CONTROL_HEADER_BYTES, data);
      byte[] bytes = ControlTypes.toDarwin(type, content.toArray(JAVA_BYTE));
      boolean descriptors = type.equals(ControlTypes.RIGHTS);
      long fitting = Math.min(bytes.length, descriptors ? room & -4L : room);
      cut |= fitting < bytes.length;
      if (descriptors) {
        closeFrom(content, fitting);
      }
      if (to.byteSize() - end >= CONTROL_HEADER_BYTES && (fitting > 0 || bytes.length == 0)) {
        to.set(JAVA_INT_UNALIGNED, end, (int) (CONTROL_HEADER_BYTES + fitting));
        to.set(JAVA_INT_UNALIGNED, end + 4, type.level());
        to.set(JAVA_INT_UNALIGNED, end + 8, type.type());
        MemorySegment.copy(bytes, 0, to, JAVA_BYTE, end + CONTROL_HEADER_BYTES, (int) fitting);
        end += Math.min(
            aligned(CONTROL_HEADER_BYTES + fitting, CONTROL_ALIGNMENT), to.byteSize() - end);
      }
      at += aligned(LINUX_CONTROL_HEADER_BYTES + data, LINUX_CONTROL_ALIGNMENT);
    }
    return cut ? ~(int) end : (int) end;
  }

  /** Closes the descriptors that the receiver has no room for. */
  private void closeFrom(MemorySegment descriptors, long start) {
    for (long at = start; at < descriptors.byteSize(); at += Integer.BYTES) {
      host.call("close", descriptors.get(JAVA_INT_UNALIGNED, at));
    }
  }
}
