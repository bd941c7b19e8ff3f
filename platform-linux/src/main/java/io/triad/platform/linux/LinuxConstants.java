package io.triad.platform.linux;

import io.triad.platform.linux.ffi.Linux;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The constants of sockets and names that the system's headers define, by their names. */
final class LinuxConstants {
  private static final Pattern OF_SOCKETS =
      Pattern.compile(
          "(AF|SOCK|SOL|SO|IPPROTO|IP|IPV6|TCP|UDP|MSG|SHUT|SCM|AI|EAI|NI)_[A-Z0-9_]+|SOMAXCONN");

  /** Of linux/in.h, the same on every architecture. */
  private static final Map<String, Integer> OF_GROUPS =
      Map.of(
          "MCAST_JOIN_GROUP", 42,
          "MCAST_BLOCK_SOURCE", 43,
          "MCAST_UNBLOCK_SOURCE", 44,
          "MCAST_LEAVE_GROUP", 45,
          "MCAST_JOIN_SOURCE_GROUP", 46,
          "MCAST_LEAVE_SOURCE_GROUP", 47);

  private LinuxConstants() {}

  static OptionalInt byName(String name) {
    Integer ofGroups = OF_GROUPS.get(name);
    if (ofGroups != null) {
      return OptionalInt.of(ofGroups);
    }
    if (!OF_SOCKETS.matcher(name).matches()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of((int) Linux.class.getMethod(name).invoke(null));
    } catch (NoSuchMethodException e) {
      return OptionalInt.empty();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
