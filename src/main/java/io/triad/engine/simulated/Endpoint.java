package io.triad.engine.simulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An address and a port. An IPv4 address that came in IPv6 clothes is an IPv4 address here, and is
 * dressed again for a socket of IPv6. In memory it looks as on Linux: ip(7), ipv6(7).
 */
record Endpoint(InetAddress address, int port) implements Address {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  private static final int IPV4_BYTES = 16;
  private static final int IPV6_BYTES = 28;
  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");
  static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");
  static final InetAddress LOOPBACK_IPV4 = InetAddress.ofLiteral("127.0.0.1");
  static final InetAddress LOOPBACK_IPV6 = InetAddress.ofLiteral("::1");

  boolean isIpv6() {
    return address instanceof Inet6Address;
  }

  boolean isAny() {
    return address.isAnyLocalAddress();
  }

  Endpoint withPort(int newPort) {
    return new Endpoint(address, newPort);
  }

  /** Where a connection goes that is asked for this: 0.0.0.0 and :: mean this machine. */
  Endpoint destination() {
    return isAny() ? new Endpoint(isIpv6() ? LOOPBACK_IPV6 : LOOPBACK_IPV4, port) : this;
  }

  /** Whether it begins with these bytes. */
  boolean hasPrefix(int... bytes) {
    byte[] raw = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      if (raw[i] != (byte) bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Writes it for a socket of this family; answers its length. */
  int write(MemorySegment to, boolean ipv6Socket) {
    byte[] raw = address.getAddress();
    if (!ipv6Socket) {
      return writeIpv4(to, raw, port);
    }
    if (raw.length == 16) {
      return writeIpv6(to, raw, port, 0);
    }
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(raw, 0, mapped, 12, 4);
    return writeIpv6(to, mapped, port, 0);
  }

  static int encode(InetSocketAddress socketAddress, MemorySegment to) {
    byte[] raw = socketAddress.getAddress().getAddress();
    return socketAddress.getAddress() instanceof Inet6Address scoped
        ? writeIpv6(to, raw, socketAddress.getPort(), scoped.getScopeId())
        : writeIpv4(to, raw, socketAddress.getPort());
  }

  private static int writeIpv4(MemorySegment to, byte[] raw, int port) {
    writeHead(to, IPV4_BYTES, AF_INET, port);
    MemorySegment.copy(raw, 0, to, JAVA_BYTE, 4, raw.length);
    return IPV4_BYTES;
  }

  private static int writeIpv6(MemorySegment to, byte[] raw, int port, int scope) {
    writeHead(to, IPV6_BYTES, AF_INET6, port);
    MemorySegment.copy(raw, 0, to, JAVA_BYTE, 8, raw.length);
    to.set(JAVA_INT, 24, scope);
    return IPV6_BYTES;
  }

  private static void writeHead(MemorySegment to, int length, int family, int port) {
    to.asSlice(0, length).fill((byte) 0);
    to.set(JAVA_SHORT, 0, (short) family);
    to.set(PORT, 2, (short) port);
  }

  static InetSocketAddress decode(MemorySegment from, int length) {
    Endpoint endpoint = read(from, length);
    if (endpoint == null) {
      throw new IllegalStateException("not an internet address, " + length + " bytes");
    }
    int scope = from.get(JAVA_SHORT, 0) == AF_INET6 ? from.get(JAVA_INT, 24) : 0;
    return new InetSocketAddress(
        scope == 0 ? endpoint.address : scoped(endpoint.address, scope), endpoint.port);
  }

  private static InetAddress scoped(InetAddress address, int scope) {
    try {
      return Inet6Address.getByAddress(null, address.getAddress(), scope);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }

  /** What is in memory; null if that is no internet address. The JDK undresses mapped addresses. */
  static @Nullable Endpoint read(MemorySegment from, int length) {
    if (length < IPV4_BYTES) {
      return null;
    }
    boolean ipv6 = from.get(JAVA_SHORT, 0) == AF_INET6;
    if (ipv6 ? length < IPV6_BYTES : from.get(JAVA_SHORT, 0) != AF_INET) {
      return null;
    }
    byte[] raw = from.asSlice(ipv6 ? 8 : 4, ipv6 ? 16 : 4).toArray(JAVA_BYTE);
    try {
      return new Endpoint(
          InetAddress.getByAddress(raw), Short.toUnsignedInt(from.get(PORT, 2)));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** The family of an address in memory. */
  static int family(MemorySegment from) {
    return Short.toUnsignedInt(from.get(JAVA_SHORT, 0));
  }

  /** Whether memory holds an address of IPv6, mapped or not. */
  static boolean looksLikeIpv6(MemorySegment from) {
    return from.get(JAVA_SHORT, 0) == AF_INET6;
  }

  /** The address of which connections to this one come: this machine's, of the same family. */
  static boolean isOnThisMachine(InetAddress address) {
    return address.isLoopbackAddress() || address.isAnyLocalAddress();
  }

  /** Whether one socket bound to each would be asked for the same connection. */
  static boolean overlap(InternetSocket a, Endpoint at, InternetSocket b, Endpoint bt) {
    if (at.isIpv6() == bt.isIpv6()) {
      return at.isAny() || bt.isAny() || at.address.equals(bt.address);
    }
    return at.isIpv6() ? at.isAny() && a.takesIpv4() : bt.isAny() && b.takesIpv4();
  }

  @Override
  public String toString() {
    String host = address instanceof Inet4Address ? address.getHostAddress() : shortIpv6();
    return host + ":" + port;
  }

  private String shortIpv6() {
    byte[] raw = address.getAddress();
    if (Arrays.equals(raw, LOOPBACK_IPV6.getAddress())) {
      return "[::1]";
    }
    return isAny() ? "[::]" : "[" + address.getHostAddress() + "]";
  }
}
