package io.triad.sync;

import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.startInScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.triad.BrokenLockException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.testing.Settling;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ConditionTest {
  private final Condition condition = new Condition();
  private final List<String> steps = new ArrayList<>();

  private void waitAndNote(String name) {
    try (var _ = condition.hold()) {
      condition.await();
      assertThat(condition.lock().statistics().owner()).isSameAs(Triad.currentTask());
      steps.add(name);
    }
  }

  private void startWaiters(Nursery nursery, int count) {
    for (int i = 0; i < count; i++) {
      String name = "waiter " + i;
      nursery.startSoon(name, () -> waitAndNote(name));
      Settling.waitAllTasksBlocked();
    }
    assertThat(condition.statistics().tasksWaiting()).isEqualTo(count);
    assertThat(condition.lock().isLocked()).isFalse();
  }

  @Test
  void core_68_signals_move_waiters_to_the_queue_of_the_lock_in_order() {
    inNursery(
        nursery -> {
          startWaiters(nursery, 5);
          try (var _ = condition.hold()) {
            condition.signal();
            condition.signal(2);
            assertThat(condition.statistics())
                .isEqualTo(
                    new Condition.Statistics(2, new LockStatistics(Triad.currentTask(), 3)));
            Settling.waitAllTasksBlocked();
            assertThat(steps).as("the lock is held").isEmpty();
          }
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("waiter 0", "waiter 1", "waiter 2");
          assertThat(condition)
              .hasToString("Condition, 2 waiting, on Lock, free");
          try (var _ = condition.hold()) {
            condition.signalAll();
          }
        });

    assertThat(steps)
        .containsExactly("waiter 0", "waiter 1", "waiter 2", "waiter 3", "waiter 4");
  }

  @Test
  void core_68_who_is_signalled_comes_after_those_who_wait_for_the_lock() {
    inNursery(
        nursery -> {
          startWaiters(nursery, 1);
          try (var _ = condition.hold()) {
            nursery.startSoon(
                () -> {
                  try (var _ = condition.hold()) {
                    steps.add("came for the lock");
                  }
                });
            Settling.waitAllTasksBlocked();
            condition.signal();
          }
        });

    assertThat(steps).containsExactly("came for the lock", "waiter 0");
  }

  @Test
  void core_68_a_signal_to_nobody_is_not_kept() {
    inNursery(
        nursery -> {
          try (var _ = condition.hold()) {
            condition.signal();
            condition.signalAll();
            condition.signal(0);
          }
          startWaiters(nursery, 1);
          nursery.cancelScope().cancel();
        });

    assertThat(steps).isEmpty();
  }

  @Test
  void core_68_the_caller_must_hold_the_lock() {
    Triad.run(
        () -> {
          assertThatIllegalStateException().isThrownBy(condition::await);
          assertThatIllegalStateException().isThrownBy(condition::signal);
          assertThatIllegalStateException().isThrownBy(() -> condition.signal(3));
          assertThatIllegalStateException().isThrownBy(condition::signalAll);
          condition.lock().acquire();
          Nursery.open(
              nursery -> nursery.startSoon(
                  () -> {
                    assertThatIllegalStateException().isThrownBy(condition::await);
                    assertThatIllegalStateException().isThrownBy(condition::signal);
                  }));
          assertThatIllegalArgumentException().isThrownBy(() -> condition.signal(-1))
              .withMessageContaining("-1");
          condition.lock().release();
        });
    assertThatIllegalStateException().isThrownBy(condition::await);
  }

  @Test
  void core_68_a_cancelled_wait_takes_the_lock_back_before_it_throws() {
    inNursery(
        nursery -> {
          CancelScope scope = startInScope(
              nursery,
              () -> {
                try (var _ = condition.hold()) {
                  assertThatExceptionOfType(Cancelled.class)
                      .isThrownBy(condition::await);
                  assertThat(condition.lock().statistics().owner())
                      .isSameAs(Triad.currentTask());
                  steps.add("cancelled");
                }
              });
          Settling.waitAllTasksBlocked();
          condition.lock().acquire();
          scope.cancel();
          Settling.waitAllTasksBlocked();
          assertThat(steps).as("shielded while it waits for the lock").isEmpty();
          assertThat(condition.statistics().tasksWaiting()).isZero();
          assertThat(condition.lock().statistics().tasksWaiting()).isEqualTo(1);
          condition.lock().release();
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("cancelled");
          assertThat(condition.lock().isLocked()).isFalse();
        });
  }

  @Test
  void core_68_cancelled_after_the_signal_it_takes_the_lock_back_as_well() {
    inNursery(
        nursery -> {
          CancelScope scope = startInScope(
              nursery,
              () -> {
                try {
                  waitAndNote("not reached");
                } finally {
                  steps.add("left");
                }
              });
          Settling.waitAllTasksBlocked();
          condition.lock().acquire();
          condition.signal();
          scope.cancel();
          Settling.waitAllTasksBlocked();
          assertThat(steps).isEmpty();
          assertThat(condition.lock().statistics().tasksWaiting()).isEqualTo(1);
          condition.lock().release();
        });

    assertThat(steps).containsExactly("left");
    assertThat(condition.lock().isLocked()).isFalse();
  }

  @Test
  void core_16_cancelled_before_the_wait_the_lock_is_not_even_given_away() {
    inNursery(
        nursery -> {
          condition.lock().acquire();
          nursery.startSoon(
              () -> {
                condition.lock().acquire();
                steps.add("next owner");
                condition.lock().release();
              });
          Settling.waitAllTasksBlocked();
          CancelScope.open(
              scope -> {
                scope.cancel();
                condition.await();
              });
          assertThat(steps).isEmpty();
          condition.lock().release();
        });

    assertThat(steps).containsExactly("next owner");
  }

  @Test
  void core_67_core_68_a_lock_that_breaks_in_the_meantime_cannot_be_taken_back() {
    inNursery(
        nursery -> {
          nursery.startSoon(
              () -> {
                condition.lock().acquire();
                assertThatExceptionOfType(BrokenLockException.class)
                    .isThrownBy(condition::await);
                steps.add("signalled");
              });
          CancelScope scope = startInScope(
              nursery,
              () -> {
                condition.lock().acquire();
                BrokenLockException broken =
                    catchThrowableOfType(BrokenLockException.class, condition::await);
                assertThat(broken).hasMessageContaining("forgetful");
                assertThat(broken.getSuppressed()).hasSize(1)
                    .hasOnlyElementsOfType(Cancelled.class);
                steps.add("cancelled");
              });
          Settling.waitAllTasksBlocked();
          nursery.startSoon("forgetful", () -> {
            condition.lock().acquire();
            condition.signal();
          });
          Settling.waitAllTasksBlocked();
          scope.cancel();
        });

    assertThat(steps).containsExactly("signalled", "cancelled");
  }

  @Test
  void core_68_only_a_plain_lock_is_accepted() {
    Lock lock = new Lock();
    assertThat(new Condition(lock).lock()).isSameAs(lock);
    assertThat(new Condition().lock()).isNotSameAs(new Condition().lock());
    assertThatNullPointerException().isThrownBy(() -> new Condition(null));
    assertThat(
        Stream.of(Condition.class.getConstructors())
            .map(Constructor::getParameterTypes)
            .flatMap(Stream::of))
        .containsExactly(Lock.class);
    assertThat(Lock.class.isAssignableFrom(StrictFifoLock.class)).isFalse();
  }

  @Test
  void core_68_several_conditions_share_a_lock() {
    Lock lock = new Lock();
    Condition empty = new Condition(lock);
    Condition full = new Condition(lock);
    List<Integer> buffer = new ArrayList<>();
    inNursery(
        nursery -> {
          nursery.startSoon(
              () -> {
                for (int i = 0; i < 20; i++) {
                  try (var _ = lock.hold()) {
                    while (buffer.size() == 3) {
                      full.await();
                    }
                    buffer.add(i);
                    empty.signal();
                  }
                }
              });
          for (int i = 0; i < 20; i++) {
            try (var _ = lock.hold()) {
              while (buffer.isEmpty()) {
                empty.await();
              }
              assertThat(buffer.removeFirst()).isEqualTo(i);
              full.signal();
            }
          }
        });
  }
}
