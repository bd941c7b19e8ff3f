package io.triad.platform.macos;

import io.triad.platform.macos.ffi.Macos;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The constants of sockets, names and events that the system's headers define, by their names. */
final class MacosConstants {
  private static final Pattern KNOWN =
      Pattern.compile(
          "(AF|SOCK|SOL|SO|LOCAL|IPPROTO|IP|IPV6|MCAST|TCP|UDP|MSG|SHUT|SCM|AI|EAI|NI"
              + "|EVFILT|EV|NOTE)_[A-Z0-9_]+|SOMAXCONN");

  /**
   * Where a name of others means the same under another one here. SO_LINGER counts in ticks of the
   * clock unless a program asks for POSIX and nothing else; then the headers give it the number of
   * SO_LINGER_SEC, and that is what everybody means by it. What is TCP_KEEPIDLE elsewhere has an older
   * name: tcp(4).
   */
  private static final Map<String, Integer> MEANT =
      Map.of("SO_LINGER", Macos.SO_LINGER_SEC(), "TCP_KEEPIDLE", Macos.TCP_KEEPALIVE());

  private MacosConstants() {}

  static OptionalInt byName(String name) {
    Integer meant = MEANT.get(name);
    if (meant != null) {
      return OptionalInt.of(meant);
    }
    if (!KNOWN.matcher(name).matches()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of((int) Macos.class.getMethod(name).invoke(null));
    } catch (NoSuchMethodException e) {
      return OptionalInt.empty();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
