package io.triad.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.triad.OsException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An option of Java as one of the system. The name of the option says which one it is, whoever has
 * defined it: the constant of the system's headers that is called the same, of the protocol that its
 * name begins with. Its type says how the value is written. A few have another name in the JDK, or
 * another one for IPv6.
 *
 * @param <T> the type of the values
 */
final class TypedOption<T> {
  private static final int MAX_STRING_BYTES = 64;

  /** Of the JDK, where the system calls it otherwise. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("TCP_KEEPINTERVAL", "TCP_KEEPINTVL", "TCP_KEEPCOUNT", "TCP_KEEPCNT");

  /** What options of IPv4 are called for IPv6. */
  private static final Map<String, String> OF_IPV6 =
      Map.of(
          "IP_TOS", "IPV6_TCLASS",
          "IP_MULTICAST_IF", "IPV6_MULTICAST_IF",
          "IP_MULTICAST_TTL", "IPV6_MULTICAST_HOPS",
          "IP_MULTICAST_LOOP", "IPV6_MULTICAST_LOOP");

  private final String name;
  private final Class<T> type;

  private TypedOption(String name, Class<T> type) {
    this.name = name;
    this.type = type;
  }

  static <T> TypedOption<T> of(SocketOption<T> option) {
    String name = option.name();
    return new TypedOption<>(OTHER_NAMES.getOrDefault(name, name), option.type());
  }

  @SuppressWarnings("NullAway") // as SocketOption has it, null is a value of some options
  T get(Socket socket) throws OsException {
    return type.cast(read(socket));
  }

  private @Nullable Object read(Socket socket) throws OsException {
    String constant = constant(socket);
    int level = level(socket.run, constant);
    int number = socket.run.constant(constant);
    if (constant.equals("SO_LINGER")) {
      ByteBuffer linger = ints(RawOptions.get(socket, level, number, 2 * Integer.BYTES));
      return linger.getInt(0) == 0 ? -1 : linger.getInt(Integer.BYTES);
    }
    if (type == NetworkInterface.class) {
      return networkInterface(socket, constant, level, number);
    }
    if (type == String.class) {
      byte[] text = RawOptions.get(socket, level, number, MAX_STRING_BYTES);
      int end = 0;
      while (end < text.length && text[end] != 0) {
        end++;
      }
      return new String(text, 0, end, US_ASCII);
    }
    int value = RawOptions.get(socket, level, number);
    return type == Boolean.class ? (Object) (value != 0) : (Object) value;
  }

  void set(Socket socket, T value) throws OsException {
    String constant = constant(socket);
    int level = level(socket.run, constant);
    int number = socket.run.constant(constant);
    switch (value) {
      case Boolean on -> RawOptions.set(socket, level, number, on ? 1 : 0);
      case Integer seconds when constant.equals("SO_LINGER") -> {
        byte[] linger = new byte[2 * Integer.BYTES];
        ints(linger).putInt(seconds < 0 ? 0 : 1).putInt(Math.max(0, seconds));
        RawOptions.set(socket, level, number, linger);
      }
      case Integer integer -> RawOptions.set(socket, level, number, integer);
      case String text -> RawOptions.set(socket, level, number, text.getBytes(US_ASCII));
      case NetworkInterface on -> setInterface(socket, constant, level, number, on);
      default -> throw unsupported();
    }
  }

  private String constant(Socket socket) {
    String constant =
        socket.family() == socket.run.inet6 ? OF_IPV6.getOrDefault(name, name) : name;
    if (socket.run.find(constant).isEmpty() || !isKnownType()) {
      throw unsupported();
    }
    return constant;
  }

  private boolean isKnownType() {
    return type == Boolean.class
        || type == Integer.class
        || type == String.class
        || type == NetworkInterface.class;
  }

  private UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "this system has no option " + name + " of type " + type.getSimpleName());
  }

  private int level(SocketRun run, String constant) {
    String prefix = constant.substring(0, constant.indexOf('_') + 1);
    return switch (prefix) {
      case "SO_" -> run.constant("SOL_SOCKET");
      case "TCP_" -> run.constant("IPPROTO_TCP");
      case "UDP_" -> run.constant("IPPROTO_UDP");
      case "IP_" -> run.constant("IPPROTO_IP");
      case "IPV6_" -> run.constant("IPPROTO_IPV6");
      default -> throw unsupported();
    };
  }

  // ---- interfaces: a number for IPv6, struct ip_mreqn for IPv4, which is answered as an address ----

  private void setInterface(
      Socket socket, String constant, int level, int number, NetworkInterface on)
      throws OsException {
    if (constant.startsWith("IPV6_")) {
      RawOptions.set(socket, level, number, on.getIndex());
    } else {
      byte[] request = new byte[3 * Integer.BYTES];
      ints(request).putInt(2 * Integer.BYTES, on.getIndex());
      RawOptions.set(socket, level, number, request);
    }
  }

  private static @Nullable NetworkInterface networkInterface(
      Socket socket, String constant, int level, int number) throws OsException {
    try {
      if (constant.startsWith("IPV6_")) {
        int index = RawOptions.get(socket, level, number);
        return index == 0 ? null : NetworkInterface.getByIndex(index);
      }
      byte[] request = RawOptions.get(socket, level, number, 3 * Integer.BYTES);
      int index = request.length < 12 ? 0 : ints(request).getInt(8);
      return index == 0 ? null : NetworkInterface.getByIndex(index);
    } catch (SocketException e) {
      throw new IllegalStateException("the interfaces of this machine cannot be listed", e);
    }
  }

  private static ByteBuffer ints(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
