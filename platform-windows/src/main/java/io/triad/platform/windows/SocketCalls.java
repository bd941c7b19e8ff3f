package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.platform.windows.ffi.WSAPROTOCOL_INFOW;
import io.triad.platform.windows.ffi.Windows;
import io.triad.platform.windows.ffi.Winsock;
import io.triad.platform.windows.ffi.linger;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Options and addresses of sockets: setsockopt, getsockopt, getsockname, getpeername. */
final class SocketCalls {
  private static final int TWO_INTS = 2 * Integer.BYTES;

  private final Winsock winsock;
  private final MemorySegment intValue;
  private final MemorySegment lengthValue;
  private final MemorySegment lingerValue;
  private final MemorySegment info;

  SocketCalls(Winsock winsock, Arena arena) {
    this.winsock = winsock;
    intValue = arena.allocate(JAVA_INT);
    lengthValue = arena.allocate(JAVA_INT);
    lingerValue = linger.allocate(arena);
    info = WSAPROTOCOL_INFOW.allocate(arena);
  }

  // ---- by what they mean ----

  int setOption(int descriptor, SocketOption option, int value) {
    return switch (option) {
      case REUSE_PORT, NOT_SENT_LOW_WATER, BIND_ADDRESS_NO_PORT -> Platform.UNSUPPORTED;
      case REUSE_ADDRESS -> setReuse(descriptor, value);
      case FAMILY, PROTOCOL -> -Windows.WSAENOPROTOOPT();
      default -> setInt(descriptor, level(option), name(option), value);
    };
  }

  /**
   * A listener may be bound although connections of an earlier one linger, whatever the options. What
   * is called SO_REUSEADDR here lets anybody take a port away from whoever has it, so for streams this
   * option says the opposite: that nobody may. Several receivers of datagrams on one port, of a group
   * for instance, are made by the true SO_REUSEADDR, as elsewhere.
   */
  private int setReuse(int descriptor, int value) {
    int name = reuse(descriptor);
    return name == 0
        ? getInt(descriptor, Windows.SOL_SOCKET(), Windows.SO_TYPE())
        : setInt(descriptor, Windows.SOL_SOCKET(), name, value);
  }

  /** The option that stands for REUSE_ADDRESS; 0 if the kind of socket cannot be known. */
  private int reuse(int descriptor) {
    int type = getInt(descriptor, Windows.SOL_SOCKET(), Windows.SO_TYPE());
    if (type < 0) {
      return 0;
    }
    return type == Windows.SOCK_DGRAM() ? Windows.SO_REUSEADDR() : Windows.SO_EXCLUSIVEADDRUSE();
  }

  int getOption(int descriptor, SocketOption option) {
    return switch (option) {
      case REUSE_PORT, NOT_SENT_LOW_WATER, BIND_ADDRESS_NO_PORT -> Platform.UNSUPPORTED;
      case REUSE_ADDRESS -> {
        int name = reuse(descriptor);
        int wanted = name == 0 ? Windows.SO_TYPE() : name;
        int result = getInt(descriptor, Windows.SOL_SOCKET(), wanted);
        yield result > 0 ? 1 : result;
      }
      case FAMILY -> {
        int result = readInfo(descriptor);
        yield result < 0 ? result : WSAPROTOCOL_INFOW.iAddressFamily(info);
      }
      case PROTOCOL -> {
        int result = readInfo(descriptor);
        yield result < 0 ? result : WSAPROTOCOL_INFOW.iProtocol(info);
      }
      default -> getInt(descriptor, level(option), name(option));
    };
  }

  private int readInfo(int descriptor) {
    int length = (int) WSAPROTOCOL_INFOW.sizeof();
    return getOption(
        descriptor, Windows.SOL_SOCKET(), Windows.SO_PROTOCOL_INFOW(), info, length);
  }

  private int setInt(int descriptor, int level, int name, int value) {
    intValue.set(JAVA_INT, 0, value);
    return winsock.setsockopt(descriptor, level, name, intValue, Integer.BYTES);
  }

  /** Some options fill but the first byte. */
  private int getInt(int descriptor, int level, int name) {
    intValue.set(JAVA_INT, 0, 0);
    lengthValue.set(JAVA_INT, 0, Integer.BYTES);
    int result = winsock.getsockopt(descriptor, level, name, intValue, lengthValue);
    return result < 0 ? result : intValue.get(JAVA_INT, 0);
  }

  private static int level(SocketOption option) {
    return switch (option) {
      case NO_DELAY -> Windows.IPPROTO_TCP();
      case IPV6_ONLY -> Windows.IPPROTO_IPV6();
      default -> Windows.SOL_SOCKET();
    };
  }

  private static int name(SocketOption option) {
    return switch (option) {
      case NO_DELAY -> Windows.TCP_NODELAY();
      case IPV6_ONLY -> Windows.IPV6_V6ONLY();
      case ACCEPTING -> Windows.SO_ACCEPTCONN();
      case TYPE -> Windows.SO_TYPE();
      case ERROR -> Windows.SO_ERROR();
      case RECEIVE_BUFFER -> Windows.SO_RCVBUF();
      case SEND_BUFFER -> Windows.SO_SNDBUF();
      case REUSE_ADDRESS, REUSE_PORT, NOT_SENT_LOW_WATER, BIND_ADDRESS_NO_PORT, FAMILY, PROTOCOL ->
          throw new AssertionError(option);
    };
  }

  // ---- by number ----

  /** The time to linger is two ints everywhere else, and two shorts here; either is taken. */
  private static boolean isForeignLinger(int level, int name, int length) {
    return level == Windows.SOL_SOCKET() && name == Windows.SO_LINGER() && length == TWO_INTS;
  }

  int setOption(int descriptor, int level, int name, MemorySegment value, int length) {
    if (!isForeignLinger(level, name, length)) {
      return winsock.setsockopt(descriptor, level, name, value, length);
    }
    linger.l_onoff(lingerValue, (short) value.get(JAVA_INT, 0));
    int seconds = value.get(JAVA_INT, Integer.BYTES);
    linger.l_linger(lingerValue, (short) Math.min(seconds, Short.MAX_VALUE));
    return winsock.setsockopt(descriptor, level, name, lingerValue, (int) linger.sizeof());
  }

  int getOption(int descriptor, int level, int name, MemorySegment value, int capacity) {
    lengthValue.set(JAVA_INT, 0, capacity);
    int result = winsock.getsockopt(descriptor, level, name, value, lengthValue);
    if (result < 0) {
      return result;
    }
    if (isForeignLinger(level, name, capacity)) {
      int onOff = Short.toUnsignedInt(value.get(JAVA_SHORT, 0));
      int seconds = Short.toUnsignedInt(value.get(JAVA_SHORT, Short.BYTES));
      value.set(JAVA_INT, 0, onOff);
      value.set(JAVA_INT, Integer.BYTES, seconds);
      return TWO_INTS;
    }
    return lengthValue.get(JAVA_INT, 0);
  }

  // ---- addresses ----

  /** A socket that is not bound has an address everywhere else: that of no interface in particular. */
  int readAddress(int descriptor, boolean peer, MemorySegment to) {
    lengthValue.set(JAVA_INT, 0, Platform.ADDRESS_BYTES);
    int result =
        peer
            ? winsock.getpeername(descriptor, to, lengthValue)
            : winsock.getsockname(descriptor, to, lengthValue);
    if (result == -Windows.WSAEINVAL() && !peer) {
      int family = getOption(descriptor, SocketOption.FAMILY);
      return family < 0 ? family : SocketAddresses.encodeAny(family, to);
    }
    return result < 0 ? result : lengthValue.get(JAVA_INT, 0);
  }
}
