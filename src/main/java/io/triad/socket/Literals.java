package io.triad.socket;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Internet addresses in numbers, as strictly as inet_pton(3) reads them. */
final class Literals {
  static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");
  static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");
  static final InetAddress LOOPBACK_IPV4 = InetAddress.ofLiteral("127.0.0.1");
  static final InetAddress LOOPBACK_IPV6 = InetAddress.ofLiteral("::1");
  static final InetAddress BROADCAST = InetAddress.ofLiteral("255.255.255.255");

  /** Four numbers without leading zeros, which some take for octal. */
  private static final String FOUR = "(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}";

  private static final Pattern IPV4 = Pattern.compile(FOUR);
  private static final Pattern IPV6 =
      Pattern.compile("[0-9A-Fa-f:]*:(?:" + FOUR + ")?[0-9A-Fa-f]*");

  private Literals() {}

  /**
   * The address that a text denotes, and null if it denotes none, or has a scope, or is abbreviated
   * like {@code 127.1}. What is written in IPv6 form is an IPv6 address, also {@code ::ffff:1.2.3.4}.
   */
  static @Nullable InetAddress parse(String text) {
    boolean ipv6 = IPV6.matcher(text).matches();
    if (!ipv6 && !IPV4.matcher(text).matches()) {
      return null;
    }
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      return ipv6 && address instanceof Inet4Address ? mapped(address) : address;
    } catch (IllegalArgumentException e) {
      return null; // a number too many, or too large
    }
  }

  /** An IPv4 address in IPv6 form, and of the class of those, which the JDK makes in this way only. */
  static InetAddress mapped(InetAddress ipv4) {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    System.arraycopy(ipv4.getAddress(), 0, bytes, 12, 4);
    try {
      return Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }
}
