package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** Addresses as the kernel wants them: ip(7) sockaddr_in, ipv6(7) sockaddr_in6, unix(7). */
final class SocketAddresses {
  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int IPV4_BYTES = 16;
  private static final int IPV6_BYTES = 28;
  private static final int UNIX_NAME_AT = 2;
  private static final int UNIX_NAME_BYTES = 108;

  private SocketAddresses() {}

  static int encode(InetSocketAddress socketAddress, MemorySegment to) {
    InetAddress address = socketAddress.getAddress();
    byte[] bytes = address.getAddress();
    boolean ipv6 = address instanceof Inet6Address;
    int length = ipv6 ? IPV6_BYTES : IPV4_BYTES;
    to.asSlice(0, length).fill((byte) 0);
    to.set(JAVA_SHORT, 0, (short) (ipv6 ? Linux.AF_INET6() : Linux.AF_INET()));
    to.set(PORT, 2, (short) socketAddress.getPort());
    MemorySegment.copy(bytes, 0, to, JAVA_BYTE, ipv6 ? 8 : 4, bytes.length);
    if (address instanceof Inet6Address scoped) {
      to.set(JAVA_INT, 24, scoped.getScopeId());
    }
    return length;
  }

  static InetSocketAddress decode(MemorySegment from, int length) {
    int family = from.get(JAVA_SHORT, 0);
    int port = Short.toUnsignedInt(from.get(PORT, 2));
    if (family == Linux.AF_INET() && length >= IPV4_BYTES) {
      return new InetSocketAddress(ipv4(bytes(from, 4, 4)), port);
    }
    if (family == Linux.AF_INET6() && length >= IPV6_BYTES) {
      return new InetSocketAddress(ipv6(bytes(from, 8, 16), from.get(JAVA_INT, 24)), port);
    }
    throw new IllegalStateException(
        "not an internet address: family " + family + ", " + length + " bytes");
  }

  static int family(MemorySegment address) {
    return Short.toUnsignedInt(address.get(JAVA_SHORT, 0));
  }

  /**
   * unix(7): a path ends with a zero, which there is room for; an abstract name begins with one and
   * has the length that is given with it.
   */
  static int encodeUnix(byte[] name, MemorySegment to) {
    boolean path = name.length > 0 && name[0] != 0;
    if (name.length + (path ? 1 : 0) > UNIX_NAME_BYTES) {
      return -Linux.ENAMETOOLONG();
    }
    to.asSlice(0, UNIX_NAME_AT + UNIX_NAME_BYTES).fill((byte) 0);
    to.set(JAVA_SHORT, 0, (short) Linux.AF_UNIX());
    MemorySegment.copy(name, 0, to, JAVA_BYTE, UNIX_NAME_AT, name.length);
    return UNIX_NAME_AT + name.length + (path ? 1 : 0);
  }

  static byte[] decodeUnix(MemorySegment from, int length) {
    int count = Math.max(0, length - UNIX_NAME_AT);
    if (count > 0 && from.get(JAVA_BYTE, UNIX_NAME_AT) != 0) {
      int end = 0;
      while (end < count && from.get(JAVA_BYTE, UNIX_NAME_AT + end) != 0) {
        end++;
      }
      count = end;
    }
    return bytes(from, UNIX_NAME_AT, count);
  }

  private static byte[] bytes(MemorySegment from, int offset, int count) {
    return from.asSlice(offset, count).toArray(JAVA_BYTE);
  }

  private static InetAddress ipv4(byte[] bytes) {
    try {
      return Inet4Address.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }

  private static InetAddress ipv6(byte[] bytes, int scope) {
    try {
      // A mapped IPv4 address becomes an Inet4Address, as everywhere in the JDK.
      return scope == 0
          ? InetAddress.getByAddress(bytes)
          : Inet6Address.getByAddress(null, bytes, scope);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
