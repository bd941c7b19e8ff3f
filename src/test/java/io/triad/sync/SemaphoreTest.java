package io.triad.sync;

import static io.triad.testkit.Tasks.assertCancelPoint;
import static io.triad.testkit.Tasks.inNursery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.Triad;
import io.triad.WouldBlockException;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class SemaphoreTest {
  private final List<String> steps = new ArrayList<>();

  @Test
  void core_65_initial_and_maximum_value_are_checked() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Semaphore(-1))
        .withMessageContaining("initial").withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> new Semaphore(-1, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> new Semaphore(2, 1))
        .withMessageContaining("maximum");
    assertThat(new Semaphore(1, 1).maxValue()).isEqualTo(1);
    assertThat(new Semaphore(0).maxValue()).isEqualTo(Integer.MAX_VALUE);
    assertThat(new Semaphore(0, 5)).hasToString("Semaphore, value 0 of 5, 0 waiting");
    assertThat(new Semaphore(2)).hasToString("Semaphore, value 2, 0 waiting");
  }

  @Test
  void core_65_acquire_takes_one_off_and_release_adds_one() {
    Triad.run(
        () -> {
          Semaphore semaphore = new Semaphore(1);
          Checkpoints.assertNoCheckpoints(semaphore::release);
          assertThat(semaphore.value()).isEqualTo(2);
          Checkpoints.assertCheckpoints(semaphore::acquire);
          assertThat(semaphore.value()).isEqualTo(1);
          Checkpoints.assertNoCheckpoints(semaphore::acquireNowait);
          assertThat(semaphore.value()).isZero();
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(semaphore::acquireNowait);
          semaphore.release();
          try (var _ = semaphore.hold()) {
            assertThat(semaphore.value()).isZero();
          }
          assertThat(semaphore.value()).isEqualTo(1);
        });
  }

  @Test
  void core_65_release_above_the_maximum_is_refused() {
    Semaphore semaphore = new Semaphore(1, 2);
    semaphore.release();
    assertThatIllegalStateException().isThrownBy(semaphore::release)
        .withMessageContaining("more often than acquired");
    assertThat(semaphore.value()).isEqualTo(2);
  }

  @Test
  void core_64_core_65_a_released_unit_goes_to_the_first_waiter_and_the_value_stays_zero() {
    Semaphore semaphore = new Semaphore(0, 1);
    inNursery(
        nursery -> {
          for (int i = 0; i < 3; i++) {
            int number = i;
            nursery.startSoon(
                () -> {
                  semaphore.acquire();
                  steps.add("waiter " + number);
                });
            Settling.waitAllTasksBlocked();
          }
          assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(3));
          semaphore.release();
          semaphore.release();
          assertThat(semaphore.value()).isZero();
          assertThat(semaphore.statistics().tasksWaiting()).isEqualTo(1);
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(semaphore::acquireNowait);
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("waiter 0", "waiter 1");
          semaphore.release();
        });

    assertThat(steps).containsExactly("waiter 0", "waiter 1", "waiter 2");
    assertThat(semaphore.value()).isZero();
  }

  @Test
  void core_15_a_cancelled_acquire_takes_nothing() {
    Semaphore semaphore = new Semaphore(0);
    inNursery(
        nursery -> {
          nursery.startSoon(semaphore::acquire);
          Settling.waitAllTasksBlocked();
          nursery.cancelScope().cancel();
          assertThat(semaphore.statistics().tasksWaiting()).isZero();
          semaphore.release();
          assertThat(semaphore.value()).isEqualTo(1);
          assertCancelPoint(semaphore::acquire);
          assertThat(semaphore.value()).isEqualTo(1);
        });
  }

  @Test
  void core_65_any_task_may_release_but_waiting_needs_a_task() {
    Semaphore semaphore = new Semaphore(1);
    assertThatIllegalStateException().isThrownBy(semaphore::acquire);
    inNursery(
        nursery -> {
          semaphore.acquire();
          nursery.startSoon(semaphore::release);
        });
    assertThat(semaphore.value()).isEqualTo(1);
  }
}
