package io.triad.platform.linux;

import io.triad.platform.linux.ffi.Linux;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The constants of sockets and names that the system's headers define, by their names. */
final class LinuxConstants {
  private static final Pattern OF_SOCKETS =
      Pattern.compile(
          "(AF|SOCK|SOL|SO|IPPROTO|IP|IPV6|MCAST|TCP|UDP|MSG|SHUT|SCM|AI|EAI|NI)_[A-Z0-9_]+|SOMAXCONN");

  private LinuxConstants() {}

  static OptionalInt byName(String name) {
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
