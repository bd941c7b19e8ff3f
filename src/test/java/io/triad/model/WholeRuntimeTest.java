package io.triad.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.ExceptionGroup;
import io.triad.Triad;
import io.triad.testing.Faults;
import io.triad.testing.Simulation;
import java.time.Duration;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random programs, one for each seed, until they have executed {@code triad.model.operations} in all.
 * A violation names its seed; with {@code -Dtriad.model.seed=N} that program alone is run.
 */
@Timeout(1200)
final class WholeRuntimeTest {
  private static final String SEED = "triad.model.seed";
  private static final long OPERATIONS = Long.getLong("triad.model.operations", 1_000_000);
  private static final int OPERATIONS_PER_PROGRAM = 2000;

  /** Nothing takes so long, and no walker waits without a limit. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** So many programs are enough to find each planted defect. */
  private static final long SEEDS_FOR_A_DEFECT = 60;

  @Test
  void nothing_is_lost_leaked_or_reordered() {
    Long only = Long.getLong(SEED);
    if (only != null) {
      execute(Parts.REAL, only);
      return;
    }
    long executed = 0;
    for (long seed = 0; executed < OPERATIONS; seed++) {
      executed += execute(Parts.REAL, seed);
    }
    assertThat(executed).isGreaterThanOrEqualTo(OPERATIONS);
  }

  /** A reset that only a send was told; a stock of buffers that streams without a reader used up. */
  @ParameterizedTest
  @ValueSource(longs = {3216, 3258})
  void what_has_gone_wrong_before_goes_well(long seed) {
    assertThat(execute(Parts.REAL, seed)).isGreaterThanOrEqualTo(OPERATIONS_PER_PROGRAM);
  }

  @ParameterizedTest
  @EnumSource
  void planted_defect_is_found(Defect defect) {
    assertThatThrownBy(
        () -> LongStream.range(0, SEEDS_FOR_A_DEFECT).forEach(seed -> execute(defect, seed)))
        .isInstanceOf(Violation.class)
        .hasMessageContaining(defect.symptom)
        .hasMessageContaining("-D" + SEED + "=");
  }

  @Test
  void same_seed_is_the_same_program_in_the_same_world() throws Exception {
    assertThat(traceOf(4711)).isEqualTo(traceOf(4711)).isNotEqualTo(traceOf(4712));
  }

  private static Simulation.Trace traceOf(long seed) throws Exception {
    Simulation simulation = simulation(seed);
    simulation.run(() -> program(Parts.REAL, seed).run());
    return simulation.trace();
  }

  /** Every other world behaves well, so that what must arrive is checked to its end. */
  private static Simulation simulation(long seed) {
    return Simulation.withSeed(seed).withFaults(isChaotic(seed) ? Faults.CHAOS : Faults.NONE);
  }

  private static boolean isChaotic(long seed) {
    return seed % 2 == 0;
  }

  private static Program program(Parts parts, long seed) {
    return new Program(parts, seed, OPERATIONS_PER_PROGRAM, isChaotic(seed));
  }

  /** Runs one program; how many operations it executed. */
  private static long execute(Parts parts, long seed) {
    Program program = program(parts, seed);
    try {
      // Virtual time: whoever waits for something that never happens is found at once.
      simulation(seed).run(() -> Triad.failAfter(LONGEST, program::run));
    } catch (Throwable thrown) {
      Violation first = program.violation != null ? program.violation : violationIn(thrown);
      Violation described =
          new Violation(
              (first == null ? thrown.toString() : first.getMessage())
                  + "; again: mvn test -Dtest=WholeRuntimeTest -D" + SEED + "=" + seed);
      described.initCause(thrown);
      throw described;
    }
    return program.executed();
  }

  private static @Nullable Violation violationIn(Throwable thrown) {
    if (thrown instanceof Violation violation) {
      return violation;
    }
    if (thrown instanceof ExceptionGroup group) {
      for (Throwable each : group.exceptions()) {
        Violation found = violationIn(each);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }
}
