package io.triad.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.Triad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which platform is opened. */
@Timeout(60)
@ExtendWith(PlatformsTest.KeepsProperty.class)
final class PlatformsTest {
  private static final String PROPERTY = "triad.engine";

  /** Puts the property back after a test. */
  static final class KeepsProperty implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<java.lang.reflect.Method> method,
        ExtensionContext context)
        throws Throwable {
      String before = System.getProperty(PROPERTY);
      try {
        invocation.proceed();
      } finally {
        if (before == null) {
          System.clearProperty(PROPERTY);
        } else {
          System.setProperty(PROPERTY, before);
        }
      }
    }
  }

  @Test
  void the_simulated_engine_is_had_by_its_name_and_all_share_its_world() {
    System.setProperty(PROPERTY, "simulated");
    assertThat(Triad.explain()).contains("engine: simulated, in memory, with real time");
    try (Platform one = Platforms.open();
        Platform other = Platforms.open()) {
      int before = other.openDescriptors();
      int descriptor = one.openStreamSocket(false);
      assertThat(other.openDescriptors()).isEqualTo(before + 1);
      assertThat(other.close(descriptor)).isZero();
    }
  }

  @Test
  void a_name_that_is_no_engine_is_an_error_that_lists_those_there_are() {
    System.setProperty(PROPERTY, "steam");
    try (Platform platform = Platforms.open()) {
      assertThatExceptionOfType(EngineUnavailableException.class)
          .isThrownBy(platform::openEngine)
          .withMessageContaining("-Dtriad.engine=steam")
          .withMessageContaining("simulated");
    }
    assertThatExceptionOfType(EngineUnavailableException.class)
        .isThrownBy(() -> Triad.run(() -> {}));
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64",
    "Linux, aarch64, linux-aarch_64",
    "Mac OS X, x86_64, osx-x86_64",
    "Mac OS X, aarch64, osx-aarch_64",
    "Windows 11, amd64, windows-x86_64",
  })
  void the_jar_of_another_system_names_the_right_one(
      String system, String machine, String classifier) {
    assertThat(Platforms.wrongJar(system, machine))
        .startsWith("this jar of Triad is for another system than " + system + " on " + machine)
        .endsWith("without classifier, or the one that has the classifier " + classifier);
  }

  @ParameterizedTest
  @CsvSource({"Linux, riscv64", "Windows 11, aarch64"})
  void where_no_classifier_fits_the_jar_without_one_is_named(String system, String machine) {
    assertThat(Platforms.wrongJar(system, machine)).endsWith("use the jar without classifier");
  }

  @Test
  void a_platform_that_is_not_there_is_named() {
    System.clearProperty(PROPERTY);
    String before = System.getProperty("triad.platform");
    System.setProperty("triad.platform", "io.triad.platform.Nowhere");
    try {
      assertThatExceptionOfType(EngineUnavailableException.class)
          .isThrownBy(Platforms::open)
          .withMessage("-Dtriad.platform=io.triad.platform.Nowhere names no class that is there");
    } finally {
      if (before == null) {
        System.clearProperty("triad.platform");
      } else {
        System.setProperty("triad.platform", before);
      }
    }
  }

  @Test
  void what_was_chosen_for_a_scope_wins() {
    Platform chosen = Platforms.open();
    System.setProperty(PROPERTY, "steam");
    Platform opened =
        ScopedValue.where(Platforms.CHOSEN, () -> chosen).call(Platforms::open);
    assertThat(opened).isSameAs(chosen);
    chosen.close();
  }
}
