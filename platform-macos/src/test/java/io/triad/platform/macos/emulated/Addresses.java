package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Socket addresses: Darwin's begin with a byte that says their length and one for the family, Linux's
 * with two bytes for the family. What follows is the same for IPv4 and IPv6: inet(4), inet6(4),
 * unix(4).
 */
final class Addresses {
  static final int AF_UNSPEC = 0;
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 30;
  private static final int LINUX_AF_INET6 = 10;

  /** Room for any address, sockaddr_storage, in both systems. */
  static final int MAX_BYTES = 128;

  /** struct sockaddr: as long is the address of a Unix socket without a name. */
  private static final int NO_NAME_BYTES = 16;

  private static final int PATH_AT = 2;
  private static final int DARWIN_PATH_BYTES = 104;

  private Addresses() {}

  /** Linux's number for a family; -1 if there is none that both have. */
  static int linuxFamily(int darwin) {
    return switch (darwin) {
      case AF_UNSPEC, AF_UNIX, AF_INET -> darwin;
      case AF_INET6 -> LINUX_AF_INET6;
      default -> -1;
    };
  }

  /** Darwin's number for a family. */
  static int darwinFamily(int linux) {
    return linux == LINUX_AF_INET6 ? AF_INET6 : linux;
  }

  /**
   * Translates an address for Linux.
   *
   * @return its length there, or {@code -errno} as Darwin would answer
   */
  static int toLinux(MemorySegment from, int length, MemorySegment to) {
    if (length < PATH_AT || length > MAX_BYTES) {
      return -(length > MAX_BYTES ? Errors.ENAMETOOLONG : Errors.EINVAL);
    }
    int family = linuxFamily(Byte.toUnsignedInt(from.get(JAVA_BYTE, 1)));
    if (family < 0) {
      return -Errors.EAFNOSUPPORT;
    }
    if (family == AF_UNIX) {
      if (length > PATH_AT + DARWIN_PATH_BYTES) {
        return -Errors.ENAMETOOLONG;
      }
      // No abstract names here: a path that begins with a zero is one without a character.
      if (length == PATH_AT || from.get(JAVA_BYTE, PATH_AT) == 0) {
        return -Errors.EINVAL;
      }
    }
    MemorySegment.copy(from, 0, to, 0, length);
    to.set(JAVA_SHORT_UNALIGNED, 0, (short) family);
    return length;
  }

  /**
   * Translates an address of Linux where it lies.
   *
   * @param capacity how many bytes may be written
   * @return its length here, which is more than the capacity if it was cut off
   */
  static int toDarwin(MemorySegment address, int linuxLength, int capacity) {
    if (linuxLength < PATH_AT) {
      return 0; // a stream's data come with no address
    }
    int family = darwinFamily(Short.toUnsignedInt(address.get(JAVA_SHORT_UNALIGNED, 0)));
    int length = linuxLength;
    if (family == AF_UNIX && linuxLength == PATH_AT) {
      length = NO_NAME_BYTES;
      address.asSlice(0, Math.min(capacity, NO_NAME_BYTES)).fill((byte) 0);
    }
    address.set(JAVA_BYTE, 0, (byte) length);
    address.set(JAVA_BYTE, 1, (byte) family);
    return length;
  }
}
