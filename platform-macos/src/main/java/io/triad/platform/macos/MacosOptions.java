package io.triad.platform.macos;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.platform.macos.ffi.Darwin;
import io.triad.platform.macos.ffi.Macos;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The options of sockets: getsockopt(2), tcp(4), ip6(4).
 *
 * <p>A flag that is set is answered with the bit that it has in the kernel, 4 for TCP_NODELAY for
 * example; here it becomes 1. Family and protocol cannot be asked for: the first is that of the
 * socket's address, the second follows from family and type.
 */
final class MacosOptions {
  private static final int IPPROTO_OF_UNIX = 0;

  private final Darwin darwin;
  private final MemorySegment intValue;
  private final MemorySegment lengthValue;
  private final MemorySegment address;

  MacosOptions(Darwin darwin, Arena arena) {
    this.darwin = darwin;
    intValue = arena.allocate(JAVA_INT);
    lengthValue = arena.allocate(JAVA_INT);
    address = arena.allocate(Platform.ADDRESS_BYTES, 8);
  }

  int set(int descriptor, SocketOption option, int value) {
    return switch (option) {
      case BIND_ADDRESS_NO_PORT -> Platform.UNSUPPORTED;
      case ACCEPTING, TYPE, FAMILY, PROTOCOL, ERROR -> -Macos.ENOPROTOOPT(); // to be read only
      default -> set(descriptor, level(option), name(option), value);
    };
  }

  private int set(int descriptor, int level, int name, int value) {
    intValue.set(JAVA_INT, 0, value);
    return darwin.setsockopt(descriptor, level, name, intValue, Integer.BYTES);
  }

  /**
   * Has a send to a peer that is gone fail, and raise no SIGPIPE. A connection that is over in both
   * directions already takes no options (EINVAL), and its sends fail anyway.
   */
  int refuseSignal(int descriptor) {
    int result = set(descriptor, Macos.SOL_SOCKET(), Macos.SO_NOSIGPIPE(), 1);
    return result == -Macos.EINVAL() ? 0 : result;
  }

  int get(int descriptor, SocketOption option) {
    return switch (option) {
      case BIND_ADDRESS_NO_PORT -> Platform.UNSUPPORTED;
      case FAMILY -> family(descriptor);
      case PROTOCOL -> protocol(descriptor);
      case NO_DELAY, REUSE_ADDRESS, REUSE_PORT, IPV6_ONLY, ACCEPTING -> {
        int bit = get(descriptor, level(option), name(option));
        yield bit < 0 ? bit : bit == 0 ? 0 : 1;
      }
      default -> get(descriptor, level(option), name(option));
    };
  }

  private int get(int descriptor, int level, int name) {
    int result = get(descriptor, level, name, intValue, Integer.BYTES);
    return result < 0 ? result : intValue.get(JAVA_INT, 0);
  }

  int get(int descriptor, int level, int name, MemorySegment value, int capacity) {
    lengthValue.set(JAVA_INT, 0, capacity);
    int result = darwin.getsockopt(descriptor, level, name, value, lengthValue);
    return result < 0 ? result : lengthValue.get(JAVA_INT, 0);
  }

  private int family(int descriptor) {
    int result = readAddress(descriptor, false, address);
    return result < 0 ? result : MacosAddresses.family(address);
  }

  /** Of internet sockets of datagrams some few are ICMP's, which nothing tells from those of UDP. */
  private int protocol(int descriptor) {
    int type = get(descriptor, SocketOption.TYPE);
    int family = type < 0 ? type : family(descriptor);
    if (family < 0 || family == Macos.AF_UNIX()) {
      return family < 0 ? family : IPPROTO_OF_UNIX;
    }
    boolean internet = family == Macos.AF_INET() || family == Macos.AF_INET6();
    if (internet && type == Macos.SOCK_STREAM()) {
      return Macos.IPPROTO_TCP();
    }
    return internet && type == Macos.SOCK_DGRAM() ? Macos.IPPROTO_UDP() : Platform.UNSUPPORTED;
  }

  int readAddress(int descriptor, boolean peer, MemorySegment to) {
    lengthValue.set(JAVA_INT, 0, Platform.ADDRESS_BYTES);
    int result =
        peer
            ? darwin.getpeername(descriptor, to, lengthValue)
            : darwin.getsockname(descriptor, to, lengthValue);
    return result < 0 ? result : lengthValue.get(JAVA_INT, 0);
  }

  private static int level(SocketOption option) {
    return switch (option) {
      case NO_DELAY, NOT_SENT_LOW_WATER -> Macos.IPPROTO_TCP();
      case IPV6_ONLY -> Macos.IPPROTO_IPV6();
      default -> Macos.SOL_SOCKET();
    };
  }

  private static int name(SocketOption option) {
    return switch (option) {
      case NO_DELAY -> Macos.TCP_NODELAY();
      case NOT_SENT_LOW_WATER -> Macos.TCP_NOTSENT_LOWAT();
      case REUSE_ADDRESS -> Macos.SO_REUSEADDR();
      case REUSE_PORT -> Macos.SO_REUSEPORT();
      case IPV6_ONLY -> Macos.IPV6_V6ONLY();
      case ACCEPTING -> Macos.SO_ACCEPTCONN();
      case TYPE -> Macos.SO_TYPE();
      case ERROR -> Macos.SO_ERROR();
      case RECEIVE_BUFFER -> Macos.SO_RCVBUF();
      case SEND_BUFFER -> Macos.SO_SNDBUF();
      case FAMILY, PROTOCOL, BIND_ADDRESS_NO_PORT ->
          throw new IllegalArgumentException("macOS has no option " + option);
    };
  }
}
