package io.triad.lowlevel;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.Triad;
import io.triad.engine.KernelEvents;
import io.triad.loop.Loop;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is the same on every other system; the rest is tested where it runs. */
@Timeout(30)
class KqueueTest {

  @Test
  void other_systems_are_named_with_their_engine() {
    Triad.run(
        () -> {
          Loop loop = Loop.requireFiber().loop();
          Assumptions.assumeTrue(loop.engine().facility(KernelEvents.class) == null);
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(Kqueue::currentKqueue)
              .withMessageStartingWith("this needs a kqueue of macOS; here is ")
              .withMessageContaining(System.getProperty("os.name"))
              .withMessageContaining("engine: " + Lowlevel.currentStatistics().engine().name());
        });
  }

  @Test
  void outside_of_a_run_there_is_no_kqueue() {
    assertThatIllegalStateException().isThrownBy(Kqueue::currentKqueue);
  }
}
