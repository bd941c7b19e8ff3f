package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.lowlevel.Lowlevel;
import io.triad.sync.Event;
import io.triad.testing.Settling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SystemTaskTest {
  private final List<String> log = new ArrayList<>();

  /** Starts a system task that waits for its end, and does something then. */
  private static void atTheEnd(Action<?> action) {
    Lowlevel.spawnSystemTask(
        () -> {
          try {
            Triad.sleepForever();
          } finally {
            action.run();
          }
        });
  }

  private static <E extends Throwable> void throwIt(E failure) throws E {
    throw failure;
  }

  // ---- the life of a system task ----

  @Test
  void core_05_low_41_system_task_runs_beside_the_main_task_and_in_no_nursery() {
    Triad.run(
        () -> {
          Task task = Lowlevel.spawnSystemTask("helper", () -> log.add("ran"));
          assertThat(task.name()).isEqualTo("helper");
          assertThat(task.parentNursery()).isNull();
          assertThat(log).isEmpty();
          Settling.waitAllTasksBlocked();
          assertThat(Lowlevel.spawnSystemTask(() -> log.add("ran too")).name()).isEqualTo("task");
          Settling.waitAllTasksBlocked();
        });
    assertThat(log).containsExactly("ran", "ran too");
  }

  @Test
  void core_05_system_tasks_are_cancelled_when_main_has_ended() {
    Triad.run(
        () -> {
          Lowlevel.spawnSystemTask(
              () -> {
                Cancelled cancelled = (Cancelled) catchThrowable(Triad::sleepForever);
                log.add("cancelled, " + cancelled.source());
                throw cancelled;
              });
          Settling.waitAllTasksBlocked();
          log.add("main ends");
        });
    assertThat(log).containsExactly("main ends", "cancelled, SHUTDOWN");
  }

  @Test
  void core_05_system_tasks_outlive_every_other_task() {
    Triad.run(
        () -> {
          Event request = new Event();
          Event answer = new Event();
          Lowlevel.spawnSystemTask(
              () -> {
                request.await();
                answer.set();
              });
          CancelScope cancelled = new CancelScope();
          cancelled.cancel();
          cancelled.enter(
              _ -> Nursery.open(
                  nursery -> nursery.startSoon(
                      () -> new CancelScope().setShield(true)
                          .enter(
                              _ -> {
                                request.set();
                                answer.await(); // all else is cancelled, but not whom this needs
                                log.add("answered");
                              }))));
        });
    assertThat(log).containsExactly("answered");
  }

  @Test
  void core_05_run_waits_for_what_system_tasks_still_do() {
    Triad.run(
        () -> {
          atTheEnd(
              () -> new CancelScope().setShield(true)
                  .enter(
                      _ -> {
                        Triad.checkpoint();
                        Triad.checkpoint();
                        log.add("cleaned up");
                      }));
          Settling.waitAllTasksBlocked();
        });
    assertThat(log).containsExactly("cleaned up");
  }

  @Test
  void core_05_result_of_main_is_that_of_the_run() {
    String result =
        Triad.run(
            () -> {
              Lowlevel.spawnSystemTask(Triad::sleepForever);
              return "result";
            });
    assertThat(result).isEqualTo("result");

    IOException failure = new IOException("main");
    assertThatThrownBy(
        () -> Triad.run(
            () -> {
              Lowlevel.spawnSystemTask(Triad::sleepForever);
              throw failure;
            }))
        .isSameAs(failure);
  }

  @Test
  void core_05_none_is_started_when_main_has_ended() {
    Triad.run(
        () -> {
          atTheEnd(
              () -> {
                assertThatIllegalStateException()
                    .isThrownBy(() -> Lowlevel.spawnSystemTask(() -> log.add("late")))
                    .withMessage("Nursery is closed to new arrivals");
                log.add("refused");
              });
          Settling.waitAllTasksBlocked();
        });
    assertThat(log).containsExactly("refused");
  }

  @Test
  void core_05_system_task_may_start_another() {
    Triad.run(
        () -> {
          Event done = new Event();
          Lowlevel.spawnSystemTask(() -> Lowlevel.spawnSystemTask(done::set));
          done.await();
        });
  }

  // ---- failures ----

  private static Throwable outcomeOf(Action<? extends Exception> main) {
    return catchThrowable(() -> Triad.run(main));
  }

  private static Throwable outcomeWith(Action<?> systemTask) {
    return outcomeOf(
        () -> {
          Lowlevel.spawnSystemTask(systemTask);
          Triad.sleepForever();
        });
  }

  /** The errors in the cause, which is one group: of all system tasks that failed. */
  private static List<Throwable> failures(Throwable outcome) {
    assertThat(outcome).isExactlyInstanceOf(TriadInternalError.class);
    assertThat(outcome.getCause()).isInstanceOf(ExceptionGroup.class);
    return ((ExceptionGroup) outcome.getCause()).exceptions();
  }

  @Test
  void core_06_failing_system_task_ends_the_run() {
    IOException failure = new IOException("from a system task");
    Throwable outcome = outcomeWith(() -> throwIt(failure));
    assertThat(failures(outcome)).containsExactly(failure);
    assertThat(outcome).hasMessage("a system task failed").hasNoSuppressedExceptions();
  }

  @Test
  void core_06_everything_is_cancelled_and_waited_for() {
    Throwable outcome =
        outcomeOf(
            () -> {
              Lowlevel.spawnSystemTask(() -> sleepAndLog("other system task"));
              Nursery.open(
                  nursery -> {
                    nursery.startSoon(() -> sleepAndLog("child"));
                    Settling.waitAllTasksBlocked();
                    Lowlevel.spawnSystemTask(() -> throwIt(new IllegalStateException("crash")));
                    sleepAndLog("main");
                  });
            });
    assertThat(outcome).isInstanceOf(TriadInternalError.class);
    assertThat(log)
        .containsExactlyInAnyOrder(
            "other system task: NURSERY", "child: NURSERY", "main: NURSERY");
  }

  private void sleepAndLog(String who) {
    try {
      Triad.sleepForever();
    } catch (Cancelled cancelled) {
      log.add(who + ": " + cancelled.source());
      throw cancelled;
    }
  }

  @Test
  void core_06_nursery_of_the_system_task_adds_its_group() {
    IllegalStateException failure = new IllegalStateException("in a nursery");
    Throwable outcome =
        outcomeWith(
            () -> Nursery.open(nursery -> nursery.startSoon(() -> throwIt(failure))));
    assertIsGroupOf(failure, outcome);
  }

  private static void assertIsGroupOf(Throwable failure, Throwable outcome) {
    assertThat(failures(outcome))
        .singleElement()
        .isInstanceOfSatisfying(
            ExceptionGroup.class, group -> assertThat(group.exceptions()).containsExactly(failure));
  }

  @Test
  void core_06_cancelled_leaves_are_taken_out() {
    IllegalStateException failure = new IllegalStateException("after a cancellation");
    Throwable outcome =
        outcomeWith(
            () -> {
              Throwable cancelled = cancellationOfThisTask();
              throw new ExceptionGroup("both", List.of(failure, cancelled));
            });
    assertIsGroupOf(failure, outcome);
  }

  /** A cancellation of the run's scope, as against one that a scope of the task would catch. */
  private static Throwable cancellationOfThisTask() {
    List<Throwable> caught = new ArrayList<>();
    new CancelScope().enter(
        scope -> {
          scope.cancel();
          caught.add(catchThrowable(Triad::checkpoint));
        });
    return caught.getFirst();
  }

  @Test
  void core_06_failure_of_main_that_follows_is_attached() {
    IllegalStateException failure = new IllegalStateException("crash");
    IllegalStateException second = new IllegalStateException("main could not bear it");
    Throwable outcome =
        outcomeOf(
            () -> {
              Lowlevel.spawnSystemTask(() -> throwIt(failure));
              try {
                Triad.sleepForever();
              } finally {
                throwIt(second);
              }
            });
    assertThat(failures(outcome)).containsExactly(failure);
    assertThat(outcome).hasSuppressedException(second);
  }

  @Test
  void core_06_several_failures_come_in_one_group() {
    IllegalStateException first = new IllegalStateException("first");
    IllegalStateException second = new IllegalStateException("second");
    Throwable outcome =
        outcomeOf(
            () -> {
              Lowlevel.spawnSystemTask(() -> throwIt(first));
              Lowlevel.spawnSystemTask(() -> throwIt(second));
              Triad.sleepForever();
            });
    assertThat(failures(outcome)).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void core_06_failure_while_the_run_ends_is_not_lost() {
    IllegalStateException failure = new IllegalStateException("while cleaning up");
    Throwable outcome =
        outcomeOf(
            () -> {
              atTheEnd(() -> throwIt(failure));
              Settling.waitAllTasksBlocked();
            });
    assertThat(failures(outcome)).containsExactly(failure);
  }

  @Test
  void core_06_interrupt_from_the_keyboard_is_a_failure_like_any_other() {
    KeyboardInterrupt interrupt = new KeyboardInterrupt(new StackTraceElement[0]);
    Throwable outcome = outcomeWith(() -> throwIt(interrupt));
    assertThat(failures(outcome)).containsExactly(interrupt);
  }

  @Test
  void core_06_cancellation_alone_is_no_failure() {
    Triad.run(
        () -> {
          Lowlevel.spawnSystemTask(
              () -> Nursery.open(
                  nursery -> {
                    nursery.startSoon(Triad::sleepForever);
                    Triad.sleepForever();
                  }));
          Settling.waitAllTasksBlocked();
          log.add("main ends");
        });
    assertThat(log).containsExactly("main ends");
  }
}
