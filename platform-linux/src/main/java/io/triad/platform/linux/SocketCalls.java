package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The calls on sockets that end at once: socket(7), tcp(7), ipv6(7). */
final class SocketCalls {
  private final Libc libc;
  private final MemorySegment intValue;
  private final MemorySegment lengthValue;

  SocketCalls(Libc libc, Arena arena) {
    this.libc = libc;
    intValue = arena.allocate(JAVA_INT);
    lengthValue = arena.allocate(JAVA_INT);
  }

  int setOption(int descriptor, SocketOption option, int value) {
    intValue.set(JAVA_INT, 0, value);
    return libc.setsockopt(descriptor, level(option), name(option), intValue, 4);
  }

  int getOption(int descriptor, SocketOption option) {
    lengthValue.set(JAVA_INT, 0, 4);
    int result =
        libc.getsockopt(descriptor, level(option), name(option), intValue, lengthValue);
    return result < 0 ? result : intValue.get(JAVA_INT, 0);
  }

  int getOption(int descriptor, int level, int name, MemorySegment value, int capacity) {
    lengthValue.set(JAVA_INT, 0, capacity);
    int result = libc.getsockopt(descriptor, level, name, value, lengthValue);
    return result < 0 ? result : lengthValue.get(JAVA_INT, 0);
  }

  int readAddress(int descriptor, boolean peer, MemorySegment to) {
    lengthValue.set(JAVA_INT, 0, Platform.ADDRESS_BYTES);
    int result =
        peer
            ? libc.getpeername(descriptor, to, lengthValue)
            : libc.getsockname(descriptor, to, lengthValue);
    return result < 0 ? result : lengthValue.get(JAVA_INT, 0);
  }

  private static int level(SocketOption option) {
    return switch (option) {
      case NO_DELAY, NOT_SENT_LOW_WATER -> Linux.IPPROTO_TCP();
      case IPV6_ONLY -> Linux.IPPROTO_IPV6();
      case BIND_ADDRESS_NO_PORT -> Linux.IPPROTO_IP();
      default -> Linux.SOL_SOCKET();
    };
  }

  private static int name(SocketOption option) {
    return switch (option) {
      case NO_DELAY -> Linux.TCP_NODELAY();
      case NOT_SENT_LOW_WATER -> Linux.TCP_NOTSENT_LOWAT();
      case REUSE_ADDRESS -> Linux.SO_REUSEADDR();
      case REUSE_PORT -> Linux.SO_REUSEPORT();
      case IPV6_ONLY -> Linux.IPV6_V6ONLY();
      case ACCEPTING -> Linux.SO_ACCEPTCONN();
      case TYPE -> Linux.SO_TYPE();
      case FAMILY -> Linux.SO_DOMAIN();
      case PROTOCOL -> Linux.SO_PROTOCOL();
      case BIND_ADDRESS_NO_PORT -> Linux.IP_BIND_ADDRESS_NO_PORT();
      case ERROR -> Linux.SO_ERROR();
      case RECEIVE_BUFFER -> Linux.SO_RCVBUF();
      case SEND_BUFFER -> Linux.SO_SNDBUF();
    };
  }
}
