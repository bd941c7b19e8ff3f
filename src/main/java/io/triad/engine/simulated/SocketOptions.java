package io.triad.engine.simulated;

import io.triad.engine.SocketOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The options of one socket, by the level and name that they have on Linux: socket(7), tcp(7),
 * ip(7), ipv6(7), unix(7). Most are only remembered. What has an effect: the sizes of the buffers, the low water of
 * what is not sent, the re-use of address and port, whether a port is chosen in time, whether IPv6
 * takes IPv4, the permission to broadcast, and a linger time of 0.
 *
 * <p>As on Linux a buffer gets twice the size that was asked for, within limits, and that is what one
 * reads. Here it is also exactly how many bytes the buffer holds.
 */
final class SocketOptions {
  private static final int SOL_SOCKET = Constants.SOL_SOCKET;
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_TCP = Constants.IPPROTO_TCP;
  private static final int IPPROTO_IPV6 = Constants.IPPROTO_IPV6;
  private static final int LEAST_SEND_BUFFER = 4608;
  private static final int LEAST_RECEIVE_BUFFER = 2304;
  private static final int GREATEST_BUFFER = 2 * 212_992;

  /** What there is, its value in a new socket, and whether it can be set. */
  private enum Known {
    REUSE_ADDRESS(SOL_SOCKET, 2, 0, true),
    TYPE(SOL_SOCKET, 3, 0, false),
    ERROR(SOL_SOCKET, 4, 0, false),
    BROADCAST(SOL_SOCKET, 6, 0, true),
    SEND_BUFFER(SOL_SOCKET, 7, 0, true),
    RECEIVE_BUFFER(SOL_SOCKET, 8, 0, true),
    KEEP_ALIVE(SOL_SOCKET, 9, 0, true),
    REUSE_PORT(SOL_SOCKET, 15, 0, true),
    ACCEPTING(SOL_SOCKET, 30, 0, false),
    PROTOCOL(SOL_SOCKET, 38, 0, false),
    FAMILY(SOL_SOCKET, 39, 0, false),
    SERVICE(IPPROTO_IP, 1, 0, true),
    HOPS(IPPROTO_IP, 2, 64, true),
    BIND_ADDRESS_NO_PORT(IPPROTO_IP, 24, 0, true),
    NO_DELAY(IPPROTO_TCP, 1, 0, true),
    KEEP_ALIVE_IDLE(IPPROTO_TCP, 4, 7200, true),
    KEEP_ALIVE_INTERVAL(IPPROTO_TCP, 5, 75, true),
    KEEP_ALIVE_COUNT(IPPROTO_TCP, 6, 9, true),
    NOT_SENT_LOW_WATER(IPPROTO_TCP, 25, 0, true),
    IPV6_HOPS(IPPROTO_IPV6, 16, 64, true),
    IPV6_ONLY(IPPROTO_IPV6, 26, 0, true),
    IPV6_CLASS(IPPROTO_IPV6, 67, 0, true);

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

  /**
   * Those of a new socket.
   *
   * @param bufferBytes the size of its buffers
   */
  SocketOptions(int bufferBytes, int family, int type, int protocol) {
    values = new HashMap<>();
    values.put(Known.FAMILY, family);
    values.put(Known.TYPE, type);
    values.put(Known.PROTOCOL, protocol);
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
    Known known = Known.valueOf(option.name());
    int refusal = refuses(known);
    return refusal < 0 ? refusal : value(known);
  }

  int set(SocketOption option, int value) {
    return set(Known.valueOf(option.name()), value);
  }

  /** Why this kind of socket has no options of a level, or 0. */
  private int refuses(Known option) {
    int family = value(Known.FAMILY);
    if (option.level == SOL_SOCKET) {
      return 0;
    }
    if (family == UnixName.AF_UNIX) {
      return Errno.EOPNOTSUPP.negated();
    }
    boolean missing =
        (option.level == IPPROTO_TCP && value(Known.PROTOCOL) != IPPROTO_TCP)
            || (option.level == IPPROTO_IPV6 && family != Endpoint.AF_INET6);
    return missing ? Errno.ENOPROTOOPT.negated() : 0;
  }

  /** Whether it may send to everybody. */
  boolean broadcasts() {
    return value(Known.BROADCAST) != 0;
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
        int refusal = refuses(each);
        return refusal < 0 ? refusal : value(each);
      }
    }
    return unknown(level);
  }

  int set(int level, int name, int value) {
    for (Known each : Known.values()) {
      if (each.level == level && each.name == name) {
        return set(each, value);
      }
    }
    return unknown(level);
  }

  private int unknown(int level) {
    return value(Known.FAMILY) == UnixName.AF_UNIX && level != SOL_SOCKET
        ? Errno.EOPNOTSUPP.negated()
        : Errno.ENOPROTOOPT.negated();
  }

  private int set(Known option, int value) {
    int refusal = refuses(option);
    if (refusal < 0 || !option.settable) {
      return refusal < 0 ? refusal : Errno.ENOPROTOOPT.negated();
    }
    values.put(
        option,
        switch (option) {
          case SEND_BUFFER -> doubled(value, LEAST_SEND_BUFFER);
          case RECEIVE_BUFFER -> doubled(value, LEAST_RECEIVE_BUFFER);
          case REUSE_ADDRESS, REUSE_PORT, KEEP_ALIVE, BROADCAST, NO_DELAY, IPV6_ONLY,
              BIND_ADDRESS_NO_PORT -> value == 0 ? 0 : 1;
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
