package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.engine.SocketFiles;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** Addresses as the system wants them: SOCKADDR_IN, SOCKADDR_IN6, and SOCKADDR_UN of afunix.h. */
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
    to.set(JAVA_SHORT, 0, (short) (ipv6 ? Windows.AF_INET6() : Windows.AF_INET()));
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
    if (family == Windows.AF_INET() && length >= IPV4_BYTES) {
      return new InetSocketAddress(ipv4(bytes(from, 4, 4)), port);
    }
    if (family == Windows.AF_INET6() && length >= IPV6_BYTES) {
      return new InetSocketAddress(ipv6(bytes(from, 8, 16), from.get(JAVA_INT, 24)), port);
    }
    throw new IllegalStateException(
        "not an internet address: family " + family + ", " + length + " bytes");
  }

  static int family(MemorySegment address) {
    return Short.toUnsignedInt(address.get(JAVA_SHORT, 0));
  }

  /** What a socket without an address has: all interfaces and no port, or no name. */
  static int encodeAny(int family, MemorySegment to) {
    int length =
        family == Windows.AF_UNIX()
            ? UNIX_NAME_AT
            : family == Windows.AF_INET6() ? IPV6_BYTES : IPV4_BYTES;
    to.asSlice(0, length).fill((byte) 0);
    to.set(JAVA_SHORT, 0, (short) family);
    return length;
  }

  /**
   * Windows reads the path as UTF-8, whatever the encoding of file names elsewhere, up to a zero, which
   * there is room for. It has no names beside those of files.
   */
  static int encodeUnix(byte[] name, MemorySegment to) {
    if (name.length > 0 && name[0] == 0) {
      return -Windows.WSAEOPNOTSUPP();
    }
    byte[] path = new String(name, SocketFiles.NAMES).getBytes(UTF_8);
    if (path.length >= UNIX_NAME_BYTES) {
      return -Windows.WSAENAMETOOLONG();
    }
    to.asSlice(0, UNIX_NAME_AT + UNIX_NAME_BYTES).fill((byte) 0);
    to.set(JAVA_SHORT, 0, (short) Windows.AF_UNIX());
    MemorySegment.copy(path, 0, to, JAVA_BYTE, UNIX_NAME_AT, path.length);
    return UNIX_NAME_AT + path.length + (path.length > 0 ? 1 : 0);
  }

  static byte[] decodeUnix(MemorySegment from, int length) {
    int count = Math.max(0, length - UNIX_NAME_AT);
    int end = 0;
    while (end < count && from.get(JAVA_BYTE, UNIX_NAME_AT + end) != 0) {
      end++;
    }
    return new String(bytes(from, UNIX_NAME_AT, end), UTF_8).getBytes(SocketFiles.NAMES);
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
