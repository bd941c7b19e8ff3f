package io.triad.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.descriptor.Errors;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Platform;
import io.triad.engine.SocketOption;
import io.triad.loop.Loop;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code java.net.Socket}, by the numbers of {@link SocketOptions}, on a descriptor.
 * What was set is remembered, because a socket may get another descriptor until it is connected.
 */
final class SocketSettings {
  /** TCP_KEEPIDLE and its like have no number in {@link SocketOptions}; these are ours. */
  private static final Map<String, Integer> BY_NAME =
      Map.of("TCP_KEEPIDLE", -1, "TCP_KEEPINTERVAL", -2, "TCP_KEEPCOUNT", -3);

  static final Set<java.net.SocketOption<?>> SUPPORTED =
      Set.of(
          StandardSocketOptions.SO_RCVBUF,
          StandardSocketOptions.SO_SNDBUF,
          StandardSocketOptions.SO_REUSEADDR,
          StandardSocketOptions.SO_REUSEPORT,
          StandardSocketOptions.SO_KEEPALIVE,
          StandardSocketOptions.SO_LINGER,
          StandardSocketOptions.IP_TOS,
          StandardSocketOptions.TCP_NODELAY);

  private final Map<Integer, Object> set = new LinkedHashMap<>();
  private final Loop loop;

  SocketSettings(Loop loop) {
    this.loop = loop;
  }

  /** The number of an option, ours or one of {@link SocketOptions}; fails if there is none. */
  static int numberOf(java.net.SocketOption<?> option) {
    Integer ours = BY_NAME.get(option.name());
    if (ours != null) {
      return ours;
    }
    return switch (option.name()) {
      case "SO_RCVBUF" -> SocketOptions.SO_RCVBUF;
      case "SO_SNDBUF" -> SocketOptions.SO_SNDBUF;
      case "SO_REUSEADDR" -> SocketOptions.SO_REUSEADDR;
      case "SO_REUSEPORT" -> SocketOptions.SO_REUSEPORT;
      case "SO_KEEPALIVE" -> SocketOptions.SO_KEEPALIVE;
      case "SO_LINGER" -> SocketOptions.SO_LINGER;
      case "IP_TOS" -> SocketOptions.IP_TOS;
      case "TCP_NODELAY" -> SocketOptions.TCP_NODELAY;
      default -> throw new UnsupportedOperationException("'" + option + "' not supported");
    };
  }

  /** Sets an option now, and again on the next descriptor. */
  void set(int descriptor, int option, Object value) throws SocketException {
    apply(descriptor, option, value);
    set.put(option, value);
  }

  /** Sets on another descriptor what was set on the one before. */
  void applyAll(int descriptor) throws SocketException {
    for (Map.Entry<Integer, Object> setting : set.entrySet()) {
      apply(descriptor, setting.getKey(), setting.getValue());
    }
  }

  private void apply(int descriptor, int option, Object value) throws SocketException {
    if (option == SocketOptions.SO_LINGER) {
      int seconds = value instanceof Integer number && number >= 0 ? number : -1;
      require(linger(descriptor, seconds), "SO_LINGER");
      return;
    }
    int number = value instanceof Boolean on ? (on ? 1 : 0) : (Integer) value;
    SocketOption known = known(option);
    if (known != null) {
      require(loop.platform().setOption(descriptor, known, number), known.toString());
      return;
    }
    Raw raw = raw(option);
    int result = setRaw(descriptor, raw, number);
    if (option == SocketOptions.IP_TOS) {
      // IPv6 calls it the traffic class, and each family refuses the other's.
      Raw trafficClass = Raw.of(loop.platform(), "IPPROTO_IPV6", "IPV6_TCLASS");
      int other = trafficClass == null ? result : setRaw(descriptor, trafficClass, number);
      result = Math.max(result, other);
    }
    require(result, raw.name);
  }

  Object get(int descriptor, int option) throws SocketException {
    if (option == SocketOptions.SO_LINGER) {
      int seconds = lingerSeconds(descriptor);
      return seconds < 0 ? (Object) false : (Object) seconds;
    }
    SocketOption known = known(option);
    int value;
    if (known != null) {
      value = require(loop.platform().getOption(descriptor, known), known.toString());
    } else {
      value = getRaw(descriptor, raw(option));
    }
    return isFlag(option) ? (Object) (value != 0) : (Object) value;
  }

  private static boolean isFlag(int option) {
    return option == SocketOptions.TCP_NODELAY
        || option == SocketOptions.SO_REUSEADDR
        || option == SocketOptions.SO_REUSEPORT
        || option == SocketOptions.SO_KEEPALIVE
        || option == SocketOptions.SO_OOBINLINE;
  }

  private static @Nullable SocketOption known(int option) {
    return switch (option) {
      case SocketOptions.TCP_NODELAY -> SocketOption.NO_DELAY;
      case SocketOptions.SO_REUSEADDR -> SocketOption.REUSE_ADDRESS;
      case SocketOptions.SO_REUSEPORT -> SocketOption.REUSE_PORT;
      case SocketOptions.SO_RCVBUF -> SocketOption.RECEIVE_BUFFER;
      case SocketOptions.SO_SNDBUF -> SocketOption.SEND_BUFFER;
      default -> null;
    };
  }

  private Raw raw(int option) throws SocketException {
    Platform platform = loop.platform();
    Raw raw =
        switch (option) {
          case SocketOptions.SO_KEEPALIVE -> Raw.of(platform, "SOL_SOCKET", "SO_KEEPALIVE");
          case SocketOptions.SO_OOBINLINE -> Raw.of(platform, "SOL_SOCKET", "SO_OOBINLINE");
          case SocketOptions.SO_LINGER -> Raw.of(platform, "SOL_SOCKET", "SO_LINGER");
          case SocketOptions.IP_TOS -> Raw.of(platform, "IPPROTO_IP", "IP_TOS");
          case -1 -> Raw.of(platform, "IPPROTO_TCP", "TCP_KEEPIDLE");
          case -2 -> Raw.of(platform, "IPPROTO_TCP", "TCP_KEEPINTVL");
          case -3 -> Raw.of(platform, "IPPROTO_TCP", "TCP_KEEPCNT");
          default -> null;
        };
    if (raw == null) {
      throw new SocketException("this system has no option " + option);
    }
    return raw;
  }

  private int setRaw(int descriptor, Raw raw, int value) {
    NativeBlocks.Block block = loop.blocks().take();
    try {
      block.memory().set(JAVA_INT, 0, value);
      return loop.platform()
          .setOption(descriptor, raw.level, raw.number, block.memory(), Integer.BYTES);
    } finally {
      loop.blocks().give(block);
    }
  }

  private int getRaw(int descriptor, Raw raw) throws SocketException {
    NativeBlocks.Block block = loop.blocks().take();
    try {
      MemorySegment memory = block.memory();
      memory.set(JAVA_INT, 0, 0);
      require(
          loop.platform().getOption(descriptor, raw.level, raw.number, memory, Integer.BYTES),
          raw.name);
      return memory.get(JAVA_INT, 0);
    } finally {
      loop.blocks().give(block);
    }
  }

  /** socket(7): struct linger is a flag and a number of seconds. */
  private int linger(int descriptor, int seconds) throws SocketException {
    Raw raw = raw(SocketOptions.SO_LINGER);
    NativeBlocks.Block block = loop.blocks().take();
    try {
      block.memory().set(JAVA_INT, 0, seconds < 0 ? 0 : 1);
      block.memory().set(JAVA_INT, Integer.BYTES, Math.max(0, seconds));
      return loop.platform()
          .setOption(descriptor, raw.level, raw.number, block.memory(), 2 * Integer.BYTES);
    } finally {
      loop.blocks().give(block);
    }
  }

  private int lingerSeconds(int descriptor) throws SocketException {
    Raw raw = raw(SocketOptions.SO_LINGER);
    NativeBlocks.Block block = loop.blocks().take();
    try {
      MemorySegment memory = block.memory();
      require(
          loop.platform().getOption(descriptor, raw.level, raw.number, memory, 2 * Integer.BYTES),
          raw.name);
      return memory.get(JAVA_INT, 0) == 0 ? -1 : memory.get(JAVA_INT, Integer.BYTES);
    } finally {
      loop.blocks().give(block);
    }
  }

  private int require(int result, String option) throws SocketException {
    if (result < 0) {
      var error = Errors.of(loop.platform(), result, option);
      SocketException exception = new SocketException(error.getMessage());
      exception.initCause(error);
      throw exception;
    }
    return result;
  }

  /** An option as the system at hand numbers it. */
  private record Raw(String name, int level, int number) {
    static @Nullable Raw of(Platform platform, String level, String name) {
      OptionalInt levelNumber = platform.constant(level);
      OptionalInt number = platform.constant(name);
      return levelNumber.isPresent() && number.isPresent()
          ? new Raw(name, levelNumber.getAsInt(), number.getAsInt())
          : null;
    }
  }
}
