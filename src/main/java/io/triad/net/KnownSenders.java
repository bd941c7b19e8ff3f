package io.triad.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Platform;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses in the system's form that were seen before, and the objects for them, so that a datagram
 * from a known sender makes none. Of two whose hashes collide, the last one stays.
 */
final class KnownSenders {
  private static final int SIZE = 1024;
  private static final int IPV4_BYTES = 16;
  private static final int IPV6_BYTES = 28;

  private final long[] first = new long[SIZE];
  private final long[] second = new long[SIZE];
  private final long[] third = new long[SIZE];
  private final int[] last = new int[SIZE];
  private final @Nullable InetSocketAddress[] addresses = new InetSocketAddress[SIZE];
  private final Platform platform;

  KnownSenders(Platform platform) {
    this.platform = platform;
  }

  /** The address at some place of some memory. */
  InetSocketAddress at(MemorySegment memory, long offset, int length) {
    if (length != IPV4_BYTES && length != IPV6_BYTES) {
      return platform.decode(memory.asSlice(offset), length);
    }
    boolean ipv6 = length == IPV6_BYTES;
    long one = memory.get(JAVA_LONG, offset);
    long two = ipv6 ? memory.get(JAVA_LONG, offset + 8) : 0; // IPv4 has nothing but padding there
    long three = ipv6 ? memory.get(JAVA_LONG, offset + 16) : 0;
    int four = ipv6 ? memory.get(JAVA_INT, offset + 24) : 0;
    int index = index(one ^ Long.rotateLeft(two, 21) ^ Long.rotateLeft(three, 42) ^ four);
    InetSocketAddress known = addresses[index];
    if (known != null
        && first[index] == one
        && second[index] == two
        && third[index] == three
        && last[index] == four) {
      return known;
    }
    InetSocketAddress decoded = platform.decode(memory.asSlice(offset), length);
    first[index] = one;
    second[index] = two;
    third[index] = three;
    last[index] = four;
    addresses[index] = decoded;
    return decoded;
  }

  private static int index(long bits) {
    return (int) ((bits * 0x9E3779B97F4A7C15L) >>> 54);
  }
}
