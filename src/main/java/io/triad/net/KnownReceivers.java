package io.triad.net;

import io.triad.engine.Platform;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that something was sent to before, in the system's form. Of two whose hashes collide, the
 * last one stays.
 */
final class KnownReceivers {
  private static final int SIZE = 1024;
  private static final int MAPPED_AT = 10;

  private final Platform platform;
  private final boolean ipv6;
  private final MemorySegment memory;
  private final @Nullable InetSocketAddress[] addresses = new InetSocketAddress[SIZE];
  private final int[] lengths = new int[SIZE];

  /**
   * Makes an empty one.
   *
   * @param ipv6 whether it is for sockets that take IPv6 only, and IPv4 in the form of IPv6: RFC 4291
   *     section 2.5.5.2
   */
  KnownReceivers(Platform platform, Arena arena, boolean ipv6) {
    this.platform = platform;
    this.ipv6 = ipv6;
    memory = arena.allocate((long) SIZE * Platform.ADDRESS_BYTES, 8);
  }

  /** All of them. */
  MemorySegment memory() {
    return memory;
  }

  /** Where in the memory a place begins. */
  static long offset(int place) {
    return (long) place * Platform.ADDRESS_BYTES;
  }

  /** How many bytes the address of a place has. */
  int length(int place) {
    return lengths[place];
  }

  /** The place of an address. */
  int place(InetSocketAddress address) {
    int hash = address.hashCode() * 0x9E3779B9;
    int place = hash >>> 22;
    InetSocketAddress known = addresses[place];
    if (known != address && !address.equals(known)) {
      addresses[place] = null;
      lengths[place] =
          platform.encode(
              usable(address), memory.asSlice(offset(place), Platform.ADDRESS_BYTES));
      addresses[place] = address;
    }
    return place;
  }

  private InetSocketAddress usable(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      throw new IllegalArgumentException(
          "the address is not resolved, and datagrams wait for no look-up: " + address);
    }
    return ipv6 && ip instanceof Inet4Address
        ? new InetSocketAddress(mapped(ip), address.getPort())
        : address;
  }

  private static InetAddress mapped(InetAddress ipv4) {
    byte[] bytes = new byte[16];
    bytes[MAPPED_AT] = -1;
    bytes[MAPPED_AT + 1] = -1;
    System.arraycopy(ipv4.getAddress(), 0, bytes, MAPPED_AT + 2, 4);
    try {
      return Inet6Address.getByAddress(null, bytes, -1); // stays IPv6, unlike InetAddress's
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // thrown for a wrong length only
    }
  }
}
