package io.triad.sync;

import static io.triad.testkit.Tasks.assertCancelPoint;
import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.startInScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.triad.BrokenLockException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.WouldBlockException;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class LockTest {
  private final List<String> steps = new ArrayList<>();

  static Stream<FairLock> locks() {
    return Stream.of(new Lock(), new StrictFifoLock());
  }

  private void holdAndNote(FairLock lock, String step) {
    lock.acquire();
    steps.add(step);
    lock.release();
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_66_a_lock_is_held_by_its_owner_until_released(FairLock lock) {
    Triad.run(
        () -> {
          assertThat(lock.isLocked()).isFalse();
          assertThat(lock.statistics()).isEqualTo(new LockStatistics(null, 0));
          assertThat(lock).hasToString(lock.getClass().getSimpleName() + ", free");

          lock.acquire();
          assertThat(lock.isLocked()).isTrue();
          assertThat(lock.statistics()).isEqualTo(new LockStatistics(Triad.currentTask(), 0));
          assertThat(lock.statistics().locked()).isTrue();
          assertThat(lock)
              .hasToString(lock.getClass().getSimpleName() + ", held by main, 0 waiting");

          lock.release();
          assertThat(lock.isLocked()).isFalse();
          assertThat(lock.statistics().locked()).isFalse();
        });
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_66_it_is_not_reentrant(FairLock lock) {
    Triad.run(
        () -> {
          lock.acquire();
          assertThatIllegalStateException().isThrownBy(lock::acquire)
              .withMessageContaining("not re-entrant");
          assertThatIllegalStateException().isThrownBy(lock::acquireNowait)
              .withMessageContaining("not re-entrant");
          assertThat(lock.statistics().owner()).isSameAs(Triad.currentTask());
          lock.release();
        });
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_66_only_the_owner_may_release(FairLock lock) {
    Triad.run(
        () -> {
          assertThatIllegalStateException().isThrownBy(lock::release)
              .withMessageContaining("does not hold");
          Held held = lock.hold();
          Nursery.open(
              nursery -> nursery.startSoon(
                  () -> {
                    assertThatIllegalStateException().isThrownBy(lock::release);
                    assertThatIllegalStateException().isThrownBy(held::close);
                  }));
          assertThat(lock.statistics().owner()).isSameAs(Triad.currentTask());
          held.close();
          assertThatIllegalStateException().isThrownBy(held::close);
        });
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_66_release_makes_the_longest_waiter_the_owner_at_once(FairLock lock) {
    inNursery(
        nursery -> {
          lock.acquire();
          for (int i = 0; i < 3; i++) {
            nursery.startSoon(
                "waiter " + i, () -> holdAndNote(lock, Triad.currentTask().name()));
            Settling.waitAllTasksBlocked();
          }
          assertThat(lock.statistics().tasksWaiting()).isEqualTo(3);

          Checkpoints.assertNoCheckpoints(lock::release);
          assertThat(lock).asString().endsWith("held by waiter 0, 2 waiting");
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(lock::acquireNowait);
          holdAndNote(lock, "main");
        });

    assertThat(steps).containsExactly("waiter 0", "waiter 1", "waiter 2", "main");
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_11_core_13_core_16_acquire_is_a_checkpoint_and_the_immediate_calls_are_none(
      FairLock lock) {
    Triad.run(
        () -> {
          Checkpoints.assertCheckpoints(lock::acquire);
          Checkpoints.assertNoCheckpoints(lock::release);
          Checkpoints.assertNoCheckpoints(lock::acquireNowait);
          Checkpoints.assertNoCheckpoints(lock::release);
          assertCancelPoint(lock::acquire);
          assertThat(lock.isLocked()).isFalse();
        });
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_15_who_is_cancelled_neither_waits_nor_holds(FairLock lock) {
    inNursery(
        nursery -> {
          CancelScope scope = new CancelScope();
          lock.acquire();
          nursery.startSoon(
              () -> {
                scope.enter(_ -> lock.acquire());
                steps.add("cancelled");
              });
          nursery.startSoon(() -> holdAndNote(lock, "acquired"));
          Settling.waitAllTasksBlocked();
          scope.cancel();
          assertThat(lock.statistics().tasksWaiting()).isEqualTo(1);
          lock.release();
        });

    assertThat(steps).containsExactlyInAnyOrder("cancelled", "acquired");
    assertThat(lock.isLocked()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_16_a_lock_that_was_handed_over_is_not_lost_by_a_cancellation(FairLock lock) {
    inNursery(
        nursery -> {
          lock.acquire();
          CancelScope scope = startInScope(
              nursery,
              () -> {
                try (var _ = lock.hold()) {
                  steps.add("held");
                  Triad.checkpoint();
                  steps.add("not reached");
                }
              });
          Settling.waitAllTasksBlocked();
          lock.release();
          scope.cancel();
        });

    assertThat(steps).containsExactly("held");
    assertThat(lock.isLocked()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_66_hold_releases_at_the_end_of_the_block_and_is_always_the_same(FairLock lock) {
    Triad.run(
        () -> {
          Held first;
          try (var held = lock.hold()) {
            first = held;
            assertThat(lock.isLocked()).isTrue();
            throw new IllegalArgumentException("from the block");
          } catch (IllegalArgumentException expected) {
            assertThat(lock.isLocked()).isFalse();
          }
          first = lock.hold();
          first.close();
          try (var again = lock.hold()) {
            assertThat(again).isSameAs(first);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_67_waiters_learn_that_the_owner_ended_without_releasing(FairLock lock) {
    inNursery(
        nursery -> {
          Event end = new Event();
          nursery.startSoon("forgetful", () -> {
            lock.acquire();
            end.await();
          });
          Settling.waitAllTasksBlocked();
          for (int i = 0; i < 2; i++) {
            nursery.startSoon(
                () -> {
                  BrokenLockException broken =
                      catchThrowableOfType(BrokenLockException.class, lock::acquire);
                  steps.add(broken.getMessage());
                  assertThat(broken.getStackTrace())
                      .as("the trace of the waiter")
                      .anyMatch(frame -> frame.getClassName().contains("LockTest"));
                });
          }
          Settling.waitAllTasksBlocked();
          end.set();
        });

    assertThat(steps)
        .hasSize(2)
        .allMatch(step -> step.endsWith("ended without releasing it: forgetful"));
    assertThat(lock.statistics().tasksWaiting()).isZero();
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_67_later_callers_learn_it_too_and_the_lock_stays_broken(FairLock lock) {
    Triad.run(
        () -> {
          Nursery.open(nursery -> nursery.startSoon("forgetful", lock::acquire));
          for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(BrokenLockException.class).isThrownBy(lock::acquire)
                .withMessageContaining("forgetful");
            assertThatExceptionOfType(BrokenLockException.class).isThrownBy(lock::acquireNowait)
                .withMessageContaining("forgetful");
          }
          assertThatIllegalStateException().isThrownBy(lock::release);
          assertThat(lock.isLocked()).isTrue();
          assertThat(lock).asString().endsWith("broken: its owner forgetful has ended");
        });
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_67_an_owner_by_handover_that_ends_breaks_the_lock_as_well(FairLock lock) {
    Triad.run(
        () -> {
          Nursery.open(
              nursery -> {
                lock.acquire();
                nursery.startSoon("heir", lock::acquire);
                Settling.waitAllTasksBlocked();
                lock.release();
              });
          assertThatExceptionOfType(BrokenLockException.class).isThrownBy(lock::acquire)
              .withMessageContaining("heir");
        });
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_67_a_task_that_has_released_may_end(FairLock lock) {
    Triad.run(
        () -> {
          Nursery.open(
              nursery -> nursery.startSoon(
                  () -> {
                    for (int i = 0; i < 3; i++) {
                      lock.acquire();
                      lock.release();
                    }
                  }));
          lock.acquire();
          lock.release();
        });
    assertThat(lock.isLocked()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_67_only_the_locks_that_are_held_break(FairLock lock) {
    FairLock released = new Lock();
    FairLock held = new Lock();
    Triad.run(
        () -> {
          Nursery.open(
              nursery -> nursery.startSoon(
                  () -> {
                    lock.acquire();
                    released.acquire();
                    held.acquire();
                    released.release();
                  }));
          released.acquire();
          released.release();
          assertThatExceptionOfType(BrokenLockException.class).isThrownBy(lock::acquire);
          assertThatExceptionOfType(BrokenLockException.class).isThrownBy(held::acquire);
        });
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_66_outside_of_a_task_it_is_refused(FairLock lock) {
    assertThatIllegalStateException().isThrownBy(lock::acquire);
    assertThatIllegalStateException().isThrownBy(lock::acquireNowait);
    assertThatIllegalStateException().isThrownBy(lock::release);
    assertThat(lock.isLocked()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_64_nobody_overtakes_a_waiter_by_acquire_nowait(FairLock lock) {
    inNursery(
        nursery -> {
          lock.acquire();
          nursery.startSoon(() -> holdAndNote(lock, "waiter"));
          Settling.waitAllTasksBlocked();
          lock.release();
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(lock::acquireNowait);
          steps.add("refused");
          Settling.waitAllTasksBlocked();
          lock.acquireNowait();
          lock.release();
        });

    assertThat(steps).containsExactly("refused", "waiter");
  }

  @ParameterizedTest
  @MethodSource("locks")
  void core_66_it_excludes_however_often_its_users_yield(FairLock lock) {
    int[] inside = {0};
    inNursery(
        nursery -> {
          for (int task = 0; task < 5; task++) {
            nursery.startSoon(
                () -> {
                  for (int i = 0; i < 50; i++) {
                    try (var _ = lock.hold()) {
                      assertThat(++inside[0]).isOne();
                      Triad.checkpoint();
                      inside[0]--;
                    } catch (Cancelled unexpected) {
                      steps.add("cancelled");
                      throw unexpected;
                    }
                  }
                });
          }
        });
    assertThat(steps).isEmpty();
  }
}
