package io.triad.platform.windows;

import io.triad.platform.windows.ffi.Windows;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The constants of sockets and names that the system's headers define, by their names. */
final class WindowsConstants {
  private static final Pattern OF_SOCKETS =
      Pattern.compile(
          "(AF|SOCK|SOL|SO|IPPROTO|IP|IPV6|TCP|UDP|MSG|MCAST|SD|AI|EAI|NI)_[A-Z0-9_]+|SOMAXCONN");

  /**
   * What every other system calls otherwise: the directions of shutdown, and the options by which
   * control messages are asked for, which here are those of the messages.
   */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "SHUT_RD", "SD_RECEIVE",
          "SHUT_WR", "SD_SEND",
          "SHUT_RDWR", "SD_BOTH",
          "IPV6_RECVPKTINFO", "IPV6_PKTINFO",
          "IPV6_RECVHOPLIMIT", "IPV6_HOPLIMIT");

  private WindowsConstants() {}

  static OptionalInt byName(String name) {
    String own = OTHER_NAMES.getOrDefault(name, name);
    if (!OF_SOCKETS.matcher(own).matches()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of((int) Windows.class.getMethod(own).invoke(null));
    } catch (NoSuchMethodException e) {
      return OptionalInt.empty();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
