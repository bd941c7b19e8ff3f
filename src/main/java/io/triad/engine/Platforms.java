package io.triad.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The ladder: the one place that asks which system this is. It imports none of them.
 *
 * <p>The system property {@code triad.engine} takes another rung: {@code simulated} is an engine in
 * memory, the same one for the whole process; any other value must name an engine of the system at
 * hand.
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
      return make("io.triad.engine.simulated.SimulatedPlatform", "simulated");
    }
    String system = System.getProperty("os.name", "unknown");
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
    return make(name, system);
  }

  private static Platform make(String name, String system) {
    try {
      Class<?> platform = Class.forName(name);
      return (Platform) MethodHandles.privateLookupIn(platform, MethodHandles.lookup())
          .findConstructor(platform, MethodType.methodType(void.class))
          .invoke();
    } catch (ClassNotFoundException e) {
      throw new EngineUnavailableException(
          "this jar of Triad holds no engine for "
              + system
              + "; use the jar without classifier, or the one whose classifier names this system");
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
