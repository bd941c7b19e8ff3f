package io.triad.testkit;

import java.util.Locale;

/**
 * Whose manners the sockets have that these tests run on: for tests of what only some kernels have,
 * by {@code @EnabledIf} and {@code @DisabledIf} with a reason.
 */
public final class Kernel {
  private Kernel() {}

  /** Linux, and the simulated network, which follows it. */
  public static boolean isLinux() {
    return !isDarwin() && !isWindows();
  }

  /** macOS, and the emulator of it. */
  public static boolean isDarwin() {
    return !isSimulated() && name().contains("mac");
  }

  /** Windows. */
  public static boolean isWindows() {
    return !isSimulated() && name().contains("windows");
  }

  private static boolean isSimulated() {
    return System.getProperty("triad.engine", "").equals("simulated");
  }

  /** The class of the platform that was asked for, or else the system's name. */
  private static String name() {
    String system = System.getProperty("os.name");
    return System.getProperty("triad.platform", system).toLowerCase(Locale.ROOT);
  }
}
