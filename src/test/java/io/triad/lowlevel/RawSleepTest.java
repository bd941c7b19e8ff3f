package io.triad.lowlevel;

import static io.triad.lowlevel.AbortFunction.Result.FAILED;
import static io.triad.lowlevel.AbortFunction.Result.SUCCEEDED;
import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.onForeignThread;
import static io.triad.testkit.Tasks.startInScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.Task;
import io.triad.Triad;
import io.triad.TriadInternalError;
import io.triad.sync.Event;
import io.triad.testing.Settling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RawSleepTest {
  private final List<String> log = new ArrayList<>();
  private @Nullable Task sleeper;

  private Task sleeper() {
    assertThat(sleeper).isNotNull();
    return sleeper;
  }

  /** Sleeps as a task that others find as {@link #sleeper}. */
  private @Nullable Object sleep(AbortFunction abortFunction) {
    sleeper = Triad.currentTask();
    return Lowlevel.waitTaskRescheduled(abortFunction);
  }

  /** Starts a task that sleeps, notes what it is passed, and may be cancelled. */
  private void startSleeper(Nursery nursery) {
    nursery.startSoon(() -> log.add("got " + sleep(() -> SUCCEEDED)));
    Settling.waitAllTasksBlocked();
  }

  private void startSleeperWith(Nursery nursery, Object data) {
    nursery.startSoon(
        () -> {
          sleeper = Triad.currentTask();
          Lowlevel.waitTaskRescheduled(data, () -> SUCCEEDED);
        });
    Settling.waitAllTasksBlocked();
  }

  @Test
  void low_37_sleep_returns_what_reschedule_passes() {
    inNursery(
        nursery -> {
          startSleeper(nursery);
          Lowlevel.reschedule(sleeper(), 17);
          log.add("not yet");
          Settling.waitAllTasksBlocked();

          startSleeper(nursery);
          Lowlevel.reschedule(sleeper());
        });
    assertThat(log).containsExactly("not yet", "got 17", "got null");
  }

  @Test
  void low_37_sleep_throws_what_reschedule_passes() {
    IOException failure = new IOException("passed");
    inNursery(
        nursery -> {
          nursery.startSoon(
              () -> assertThat(catchThrowable(() -> sleep(() -> SUCCEEDED)))
                  .isSameAs(failure));
          Settling.waitAllTasksBlocked();
          Lowlevel.rescheduleThrowing(sleeper(), failure);
        });
  }

  @Test
  void low_37_abort_that_succeeds_lets_the_cancellation_through() {
    inNursery(
        nursery -> {
          nursery.startSoon(
              "sleeper",
              () -> {
                assertThatThrownBy(
                    () -> sleep(
                        () -> {
                          log.add("abort by " + Triad.currentTask());
                          return SUCCEEDED;
                        }))
                    .isInstanceOf(Cancelled.class);
                log.add("cancelled");
              });
          Settling.waitAllTasksBlocked();
          nursery.cancelScope().cancel();
          log.add("aborted");
        });
    assertThat(log).containsExactly("abort by main", "aborted", "cancelled");
  }

  @Test
  void low_37_abort_that_fails_leaves_the_task_asleep_and_is_called_once() {
    inNursery(
        nursery -> {
          CancelScope inner = startInScope(
              nursery,
              () -> {
                log.add("got " + sleep(
                    () -> {
                      log.add("abort");
                      return FAILED;
                    }));
                assertThatThrownBy(Triad::checkpoint).isInstanceOf(Cancelled.class);
              });
          Settling.waitAllTasksBlocked();
          inner.cancel();
          nursery.cancelScope().cancel();
          CancelScope shield = new CancelScope().setShield(true);
          shield.enter(_ -> Settling.waitAllTasksBlocked());
          log.add("asleep");
          Lowlevel.reschedule(sleeper(), 17);
        });
    assertThat(log).containsExactly("abort", "asleep", "got 17");
  }

  @Test
  void low_37_cancellation_that_was_held_back_can_be_let_through_later() {
    inNursery(
        nursery -> {
          CancelScope scope = startInScope(
              nursery,
              () -> assertThatThrownBy(() -> sleep(() -> FAILED))
                  .isInstanceOfSatisfying(
                      Cancelled.class,
                      cancelled -> assertThat(cancelled.reason()).isEqualTo("enough")));
          Settling.waitAllTasksBlocked();
          scope.cancel("enough");
          scope.setShield(true); // must not change what has been held back
          Settling.waitAllTasksBlocked();
          Lowlevel.rescheduleCancelled(sleeper());
        });
  }

  @Test
  void low_37_without_a_cancellation_there_is_none_to_let_through() {
    inNursery(
        nursery -> {
          nursery.startSoon(() -> sleep(() -> SUCCEEDED));
          Settling.waitAllTasksBlocked();
          assertThatIllegalStateException()
              .isThrownBy(() -> Lowlevel.rescheduleCancelled(sleeper()))
              .withMessageStartingWith("no cancellation was held back");
          Lowlevel.reschedule(sleeper());
        });
  }

  @Test
  void low_37_only_a_task_in_this_sleep_is_rescheduled_and_only_once() {
    inNursery(
        nursery -> {
          Event event = new Event();
          nursery.startSoon(
              () -> {
                sleeper = Triad.currentTask();
                event.await();
              });
          Settling.waitAllTasksBlocked();
          assertThatIllegalStateException().isThrownBy(() -> Lowlevel.reschedule(sleeper()));
          event.set();
          Settling.waitAllTasksBlocked();
          assertThatIllegalStateException().isThrownBy(() -> Lowlevel.reschedule(sleeper()));

          startSleeper(nursery);
          Lowlevel.reschedule(sleeper(), 1);
          assertThatIllegalStateException()
              .isThrownBy(() -> Lowlevel.reschedule(sleeper(), 2))
              .withMessageStartingWith("this task is not in waitTaskRescheduled");
        });
    assertThat(log).containsExactly("got 1");
  }

  @Test
  void low_37_other_threads_cannot_reschedule() throws Exception {
    inNursery(
        nursery -> {
          nursery.startSoon(() -> sleep(() -> SUCCEEDED));
          Settling.waitAllTasksBlocked();
          assertThat(onForeignThread(() -> Lowlevel.reschedule(sleeper())).get())
              .isInstanceOf(IllegalStateException.class)
              .hasMessageStartingWith("this is not the thread of the run");
          Lowlevel.reschedule(sleeper());
        });
  }

  @Test
  void low_38_going_to_sleep_when_cancelled_calls_the_abort_function_at_once() {
    Triad.run(
        () -> {
          new CancelScope().enter(
              scope -> {
                scope.cancel();
                assertThatThrownBy(
                    () -> sleep(
                        () -> {
                          log.add("abort by " + Triad.currentTask());
                          return SUCCEEDED;
                        }))
                    .isInstanceOf(Cancelled.class);
              });
        });
    assertThat(log).containsExactly("abort by main");
  }

  @Test
  void low_39_abort_function_that_throws_ends_the_run() {
    IllegalStateException broken = new IllegalStateException("broken");
    assertThatThrownBy(
        () -> Triad.run(
            () -> new CancelScope().enter(
                scope -> {
                  scope.cancel();
                  sleep(
                      () -> {
                        throw broken;
                      });
                })))
        .isInstanceOf(TriadInternalError.class)
        .hasRootCause(broken);
  }

  @Test
  @SuppressWarnings("NullAway") // what happens to a null is the question
  void low_39_core_07_abort_function_that_answers_nothing_ends_the_run() {
    assertThatThrownBy(
        () -> Triad.run(
            () -> new CancelScope().enter(
                scope -> {
                  scope.cancel();
                  sleep(() -> null);
                })))
        .isInstanceOf(TriadInternalError.class)
        .hasRootCauseMessage("an abort function must answer SUCCEEDED or FAILED");
  }

  @Test
  void low_40_sleeping_task_has_data_until_it_is_rescheduled() {
    inNursery(
        nursery -> {
          startSleeperWith(nursery, "first");
          assertThat(Lowlevel.customSleepData(sleeper())).isEqualTo("first");
          Lowlevel.setCustomSleepData(sleeper(), "second");
          assertThat(Lowlevel.customSleepData(sleeper())).isEqualTo("second");

          Lowlevel.reschedule(sleeper());

          assertThat(Lowlevel.customSleepData(sleeper())).isNull();
          assertThatIllegalStateException()
              .isThrownBy(() -> Lowlevel.setCustomSleepData(sleeper(), "third"));
          Settling.waitAllTasksBlocked();
          assertThat(Lowlevel.customSleepData(sleeper())).isNull();
          assertThat(Lowlevel.customSleepData(Triad.currentTask())).isNull();
        });
  }

  @Test
  void low_40_cancellation_clears_the_data_as_well() {
    inNursery(
        nursery -> {
          startSleeperWith(nursery, "data");
          nursery.cancelScope().cancel();
          assertThat(Lowlevel.customSleepData(sleeper())).isNull();
        });
  }

  @Test
  void outside_of_a_task_nobody_sleeps() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Lowlevel.waitTaskRescheduled(() -> SUCCEEDED));
    assertThatIllegalStateException().isThrownBy(() -> Lowlevel.spawnSystemTask(() -> {}));
    assertThatIllegalStateException().isThrownBy(Lowlevel::currentStatistics);
    assertThatIllegalStateException().isThrownBy(() -> Lowlevel.waitReadable(0));
    assertThatIllegalStateException().isThrownBy(() -> Lowlevel.notifyClosing(0));
  }
}
