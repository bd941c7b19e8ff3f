package io.triad.platform.macos;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.platform.macos.ffi.Macos;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Addresses as the kernel wants them: ip(4) sockaddr_in, ip6(4) sockaddr_in6, unix(4). The first byte
 * is the length, the second the family.
 */
final class MacosAddresses {
  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int IPV4_BYTES = 16;
  private static final int IPV6_BYTES = 28;
  private static final int UNIX_NAME_AT = 2;
  private static final int UNIX_NAME_BYTES = 104;

  private MacosAddresses() {}

  static int encode(InetSocketAddress socketAddress, MemorySegment to) {
    InetAddress address = socketAddress.getAddress();
    byte[] bytes = address.getAddress();
    boolean ipv6 = address instanceof Inet6Address;
    int length = ipv6 ? IPV6_BYTES : IPV4_BYTES;
    to.asSlice(0, length).fill((byte) 0);
    begin(to, length, ipv6 ? Macos.AF_INET6() : Macos.AF_INET());
    to.set(PORT, 2, (short) socketAddress.getPort());
    MemorySegment.copy(bytes, 0, to, JAVA_BYTE, ipv6 ? 8 : 4, bytes.length);
    if (address instanceof Inet6Address scoped) {
      to.set(JAVA_INT, 24, scoped.getScopeId());
    }
    return length;
  }

  private static void begin(MemorySegment to, int length, int family) {
    to.set(JAVA_BYTE, 0, (byte) length);
    to.set(JAVA_BYTE, 1, (byte) family);
  }

  static InetSocketAddress decode(MemorySegment from, int length) {
    int family = family(from);
    boolean ipv4 = family == Macos.AF_INET() && length >= IPV4_BYTES;
    if (!ipv4 && !(family == Macos.AF_INET6() && length >= IPV6_BYTES)) {
      throw new IllegalStateException(
          "not an internet address: family " + family + ", " + length + " bytes");
    }
    int scope = ipv4 ? 0 : from.get(JAVA_INT, 24);
    byte[] bytes = bytes(from, ipv4 ? 4 : 8, ipv4 ? 4 : 16);
    try {
      // A mapped IPv4 address becomes an Inet4Address, as everywhere in the JDK.
      return new InetSocketAddress(
          scope == 0
              ? InetAddress.getByAddress(bytes)
              : Inet6Address.getByAddress(null, bytes, scope),
          port(from));
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }

  /** As a resolver means it: a mapped IPv4 address stays one of IPv6, it is for an IPv6 socket. */
  static InetSocketAddress decodeResolved(MemorySegment from) {
    boolean ipv6 = family(from) == Macos.AF_INET6();
    byte[] bytes = bytes(from, ipv6 ? 8 : 4, ipv6 ? 16 : 4);
    try {
      if (!ipv6) {
        return new InetSocketAddress(InetAddress.getByAddress(bytes), port(from));
      }
      int scope = from.get(JAVA_INT, 24);
      return new InetSocketAddress(
          Inet6Address.getByAddress(null, bytes, scope == 0 ? -1 : scope), port(from));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static int port(MemorySegment from) {
    return Short.toUnsignedInt(from.get(PORT, 2));
  }

  static int family(MemorySegment address) {
    return Byte.toUnsignedInt(address.get(JAVA_BYTE, 1));
  }

  /** unix(4): a path, and here with a zero behind it, or nothing. There are no abstract names. */
  static int encodeUnix(byte[] name, MemorySegment to) {
    if (name.length > 0 && name[0] == 0) {
      return -Macos.ENOTSUP();
    }
    if (name.length >= UNIX_NAME_BYTES) {
      return -Macos.ENAMETOOLONG();
    }
    int length = UNIX_NAME_AT + name.length + (name.length == 0 ? 0 : 1);
    to.asSlice(0, UNIX_NAME_AT + UNIX_NAME_BYTES).fill((byte) 0);
    begin(to, length, Macos.AF_UNIX());
    MemorySegment.copy(name, 0, to, JAVA_BYTE, UNIX_NAME_AT, name.length);
    return length;
  }

  /** A socket without a name has 14 zeros here: the kernel gives it an empty sockaddr. */
  static byte[] decodeUnix(MemorySegment from, int length) {
    byte[] name = bytes(from, UNIX_NAME_AT, Math.max(0, length - UNIX_NAME_AT));
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    return Arrays.copyOf(name, end);
  }

  private static byte[] bytes(MemorySegment from, int offset, int count) {
    return from.asSlice(offset, count).toArray(JAVA_BYTE);
  }
}
