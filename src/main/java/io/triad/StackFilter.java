package io.triad;

import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Leaves the frames of the JDK and of Triad out of a stack trace: what remains is the program's. */
final class StackFilter {
  private static final String TRIAD = Triad.class.getPackageName();

  /** The classes looked at, by name. */
  private final Map<String, Boolean> known = new HashMap<>();

  List<StackTraceElement> cleaned(StackTraceElement[] stack) {
    List<StackTraceElement> frames = new ArrayList<>();
    for (StackTraceElement frame : stack) {
      String module = frame.getModuleName();
      boolean ofJdk = module != null && (module.startsWith("java.") || module.startsWith("jdk."));
      if (!ofJdk && !known.computeIfAbsent(frame.getClassName(), StackFilter::isTriads)) {
        frames.add(frame);
      }
    }
    return List.copyOf(frames);
  }

  /**
   * By name and origin: programs may have packages below ours, as the examples have, and may be
   * packed into one file with us.
   */
  private static boolean isTriads(String className) {
    if (!className.startsWith(TRIAD + ".")) {
      return false;
    }
    try {
      Class<?> type = Class.forName(className, false, Triad.class.getClassLoader());
      CodeSource source = type.getProtectionDomain().getCodeSource();
      CodeSource ours = Triad.class.getProtectionDomain().getCodeSource();
      return source != null
          && ours != null
          && Objects.equals(source.getLocation(), ours.getLocation());
    } catch (ClassNotFoundException | LinkageError e) {
      return false; // of another class loader, and so not ours
    }
  }
}
