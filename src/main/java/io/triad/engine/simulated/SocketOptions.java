package io.triad.engine.simulated;

import io.triad.engine.SocketOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The options of one socket, by the level and name that they have on Linux: socket(7), tcp(7),
 * ipv6(7). Most are only remembered. What has an effect: the sizes of the buffers, the low water of
 * what is not sent, the re-use of address and port, whether IPv6 takes IPv4, and a linger time of 0.
 *
 * <p>As on Linux a buffer gets twice the size that was asked for, within limits, and that is what one
 * reads. Here it is also exactly how many bytes the buffer holds.
 */
final class SocketOptions {
  private static final int SOL_SOCKET = 1;
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_IPV6 = 41;
  private static final int STREAM = 1; // SOCK_STREAM
  private static final int LEAST_SEND_BUFFER = 4608;
  private static final int LEAST_RECEIVE_BUFFER = 2304;
  private static final int GREATEST_BUFFER = 2 * 212_992;

  /** What there is, its value in a new socket, and whether it can be set. */
  private enum Known {
    REUSE_ADDRESS(SOL_SOCKET, 2, 0, true),
    TYPE(SOL_SOCKET, 3, STREAM, false),
    ERROR(SOL_SOCKET, 4, 0, false),
    SEND_BUFFER(SOL_SOCKET, 7, 0, true),
    RECEIVE_BUFFER(SOL_SOCKET, 8, 0, true),
    KEEP_ALIVE(SOL_SOCKET, 9, 0, true),
    REUSE_PORT(SOL_SOCKET, 15, 0, true),
    ACCEPTING(SOL_SOCKET, 30, 0, false),
    NO_DELAY(IPPROTO_TCP, 1, 0, true),
    KEEP_ALIVE_IDLE(IPPROTO_TCP, 4, 7200, true),
    KEEP_ALIVE_INTERVAL(IPPROTO_TCP, 5, 75, true),
    KEEP_ALIVE_COUNT(IPPROTO_TCP, 6, 9, true),
    NOT_SENT_LOW_WATER(IPPROTO_TCP, 25, 0, true),
    IPV6_ONLY(IPPROTO_IPV6, 26, 0, true);

    private final int level;
    private final int name;
    private final int initial;
    private final boolean settable;

    Known(int level, int name, int initial, boolean settable) {
      this.level = level;
      this.name = name;
      this.initial = initial;
      this.settable = settable;
    }
  }

  static final int LINGER = 13; // SO_LINGER, whose value is two integers

  private final Map<Known, Integer> values;
  private int lingerSeconds = -1;

  SocketOptions(int bufferBytes) {
    values = new HashMap<>();
    values.put(Known.SEND_BUFFER, bufferBytes);
    values.put(Known.RECEIVE_BUFFER, bufferBytes);
  }

  /** Those of an accepted connection are its listener's. */
  SocketOptions(SocketOptions listener) {
    values = new HashMap<>(listener.values);
    lingerSeconds = listener.lingerSeconds;
  }

  private int value(Known option) {
    return values.getOrDefault(option, option.initial);
  }

  boolean is(SocketOption option) {
    return value(Known.valueOf(option.name())) != 0;
  }

  int get(SocketOption option) {
    return value(Known.valueOf(option.name()));
  }

  int set(SocketOption option, int value) {
    return set(Known.valueOf(option.name()), value);
  }

  /** Whether the two numbers are those of an option. */
  static boolean isOption(SocketOption option, int level, int name) {
    Known known = Known.valueOf(option.name());
    return known.level == level && known.name == name;
  }

  static boolean isLinger(int level, int name) {
    return level == SOL_SOCKET && name == LINGER;
  }

  /** The value of an option by numbers, or a negative error. */
  int get(int level, int name) {
    for (Known each : Known.values()) {
      if (each.level == level && each.name == name) {
        return value(each);
      }
    }
    return Errno.ENOPROTOOPT.negated();
  }

  int set(int level, int name, int value) {
    for (Known each : Known.values()) {
      if (each.level == level && each.name == name) {
        return set(each, value);
      }
    }
    return Errno.ENOPROTOOPT.negated();
  }

  private int set(Known option, int value) {
    if (!option.settable) {
      return Errno.ENOPROTOOPT.negated();
    }
    values.put(
        option,
        switch (option) {
          case SEND_BUFFER -> doubled(value, LEAST_SEND_BUFFER);
          case RECEIVE_BUFFER -> doubled(value, LEAST_RECEIVE_BUFFER);
          case REUSE_ADDRESS, REUSE_PORT, KEEP_ALIVE, NO_DELAY, IPV6_ONLY -> value == 0 ? 0 : 1;
          default -> value;
        });
    return 0;
  }

  private static int doubled(int asked, int least) {
    return Math.clamp(2L * asked, least, GREATEST_BUFFER);
  }

  /** How long close(2) was told to linger, in seconds; -1 if it was not told. */
  int lingerSeconds() {
    return lingerSeconds;
  }

  void setLinger(int seconds) {
    lingerSeconds = seconds;
  }

  int sendBufferBytes() {
    return value(Known.SEND_BUFFER);
  }

  int receiveBufferBytes() {
    return value(Known.RECEIVE_BUFFER);
  }

  /** How much may wait to be sent; no limit of its own if 0. */
  int notSentLowWater() {
    return value(Known.NOT_SENT_LOW_WATER);
  }
}
