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
