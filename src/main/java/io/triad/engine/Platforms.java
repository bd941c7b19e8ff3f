package io.triad.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The ladder: the one place that asks which system this is. It imports none of them.
 *
 * <p>The system property {@code triad.engine} takes another rung: {@code simulated} is an engine in
 * memory, the same one for the whole process; any other value must name an engine of the system at
 * hand. The property {@code triad.platform} names the class of another platform altogether: how an
 * emulated one gets in.
 */
public final class Platforms {
  /** While this is bound, {@link #open} takes what it gives: how a simulation gets in. */
  public static final ScopedValue<Supplier<Platform>> CHOSEN = ScopedValue.newInstance();

  private Platforms() {}

  /**
   * Makes the platform of the system at hand, or the one that was chosen.
   *
   * @throws EngineUnavailableException if Triad does not know the system, or if this jar was made
   *     for another one
   */
  public static Platform open() {
    if (CHOSEN.isBound()) {
      return CHOSEN.get().get();
    }
    if (System.getProperty("triad.engine", "").equals("simulated")) {
      return make(
          "io.triad.engine.simulated.SimulatedPlatform", "this jar of Triad is not complete");
    }
    String other = System.getProperty("triad.platform");
    if (other != null) {
      return make(other, "-Dtriad.platform=" + other + " names no class that is there");
    }
    String system = systemName();
    String lower = system.toLowerCase(Locale.ROOT);
    String name;
    if (lower.startsWith("linux")) {
      name = "io.triad.platform.linux.LinuxPlatform";
    } else if (lower.startsWith("mac")) {
      name = "io.triad.platform.macos.MacosPlatform";
    } else if (lower.startsWith("windows")) {
      name = "io.triad.platform.windows.WindowsPlatform";
    } else {
      throw new EngineUnavailableException("Triad has no engine for the system \"" + system + "\"");
    }
    return make(name, wrongJar(system, System.getProperty("os.arch", "unknown")));
  }

  /** What the JDK calls this system, to be told to people; whoever decides by it is in the wrong place. */
  public static String systemName() {
    return System.getProperty("os.name", "unknown");
  }

  /** What to say if the platform of this system is not there: which jar has it. */
  static String wrongJar(String system, String machine) {
    String classifier = classifier(system.toLowerCase(Locale.ROOT), machine);
    return "this jar of Triad is for another system than "
        + system
        + " on "
        + machine
        + "; use the jar without classifier"
        + (classifier == null ? "" : ", or the one that has the classifier " + classifier);
  }

  /** The classifier of the jar for a system, in the names that os-maven-plugin gives; or null. */
  private static @Nullable String classifier(String system, String machine) {
    String processor =
        switch (machine) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch_64";
          default -> null;
        };
    if (processor == null) {
      return null;
    }
    if (system.startsWith("windows")) {
      return processor.equals("x86_64") ? "windows-x86_64" : null;
    }
    return (system.startsWith("mac") ? "osx-" : "linux-") + processor;
  }

  private static Platform make(String name, String absence) {
    try {
      Class<?> platform = Class.forName(name);
      return (Platform) MethodHandles.privateLookupIn(platform, MethodHandles.lookup())
          .findConstructor(platform, MethodType.methodType(void.class))
          .invoke();
    } catch (ClassNotFoundException e) {
      throw new EngineUnavailableException(absence);
    } catch (IllegalCallerException | ExceptionInInitializerError e) {
      if (!(e instanceof IllegalCallerException)
          && !(e.getCause() instanceof IllegalCallerException)) {
        throw e;
      }
      throw new EngineUnavailableException(
          "native access is denied, and Triad calls the system: start with"
              + " --enable-native-access=io.triad (module path) or"
              + " --enable-native-access=ALL-UNNAMED (class path)");
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
