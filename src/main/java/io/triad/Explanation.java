package io.triad;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.Idna;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.loop.Loop;
import io.triad.loop.SchedulerAccess;
import io.triad.loop.ScopedBindings;
import java.util.ArrayList;
import java.util.List;

/** The text of {@link Triad#explain}. */
final class Explanation {
  private Explanation() {}

  static String text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "system: "
            + Platforms.systemName()
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    lines.add(
        "java: " + Runtime.version() + ", " + System.getProperty("java.vm.name"));
    lines.add("scheduler access: " + SchedulerAccess.rung().explanation());
    lines.add("scoped values: " + ScopedBindings.explanation());
    lines.add("host names: " + Idna.explanation());
    Loop loop = Triad.inRun() ? Loop.current() : null;
    if (loop != null) {
      lines.addAll(loop.platform().describe());
      lines.addAll(loop.engine().describe());
    } else {
      addFreshEngine(lines);
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static void addFreshEngine(List<String> lines) {
    try (Platform platform = Platforms.open()) {
      lines.addAll(platform.describe());
      try (Engine engine = platform.openEngine()) {
        lines.addAll(engine.describe());
      }
    } catch (EngineUnavailableException e) {
      lines.add("no engine: " + e.getMessage());
    }
  }
}
