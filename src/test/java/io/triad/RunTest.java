package io.triad;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class RunTest {

  @Test
  void core_01_run_hands_back_the_value_of_its_main_task() {
    List<String> order = new ArrayList<>();

    String result =
        Triad.run(
            () -> {
              Triad.sleep(Duration.ofNanos(1));
              order.add(Triad.currentTask().name());
              return "value";
            });
    order.add("after run");

    assertThat(result).isEqualTo("value");
    assertThat(order).containsExactly("main", "after run");
  }

  @Test
  void core_01_runs_follow_each_other_on_one_thread() {
    for (int i = 0; i < 20; i++) {
      int expected = i;
      assertThat(Triad.run(() -> expected)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {IOException.class, IllegalArgumentException.class, AssertionError.class})
  void core_02_what_the_main_task_throws_leaves_as_itself(Class<? extends Throwable> type)
      throws Exception {
    Throwable thrown = type.getConstructor().newInstance();

    Throwable caught =
        catchThrowable(
            () -> Triad.run(
                () -> {
                  Triad.checkpoint();
                  throw Runs.<RuntimeException>sneaky(thrown);
                }));

    assertThat(caught).isSameAs(thrown);
    assertThat(caught.getSuppressed()).isEmpty();
  }

  @Test
  void core_03_a_run_inside_a_run_is_refused() {
    Triad.run(
        () -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> Triad.run(() -> 1))
              .withMessageContaining("from inside a run()");
          Triad.checkpoint(); // the outer run is none the worse for it
        });
  }

  @Test
  void core_03_threads_may_each_have_a_run_at_the_same_time() throws Exception {
    int runs = 4;
    CyclicBarrier barrier = new CyclicBarrier(runs);
    List<FutureTask<Duration>> results = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      Callable<Duration> one =
          () -> Triad.run(
              () -> {
                Duration start = Triad.currentTime();
                for (int round = 0; round < 50; round++) {
                  barrier.await();
                  Triad.checkpoint();
                }
                return start;
              });
      FutureTask<Duration> result = new FutureTask<>(one);
      results.add(result);
      Thread.ofPlatform().daemon().start(result);
    }

    List<Duration> clocks = new ArrayList<>();
    for (FutureTask<Duration> result : results) {
      clocks.add(result.get(20, SECONDS));
    }
    assertThat(clocks).doesNotHaveDuplicates();
  }

  @Test
  void core_03_a_task_may_wait_for_a_run_on_another_thread() throws Exception {
    int inner =
        Triad.run(
            () -> {
              FutureTask<Integer> other = new FutureTask<>(() -> Triad.run(() -> 42));
              Thread.ofPlatform().daemon().start(other);
              return other.get();
            });

    assertThat(inner).isEqualTo(42);
  }

  @Test
  void core_03_a_virtual_thread_cannot_carry_a_run() throws Exception {
    FutureTask<Throwable> outcome =
        new FutureTask<>(() -> catchThrowable(() -> Triad.run(() -> 1)));
    Thread.startVirtualThread(outcome);

    assertThat(outcome.get(20, SECONDS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("virtual thread");
  }

  @Test
  @SuppressWarnings("NullAway")
  void core_04_null_is_refused_by_name() {
    assertThatNullPointerException()
        .isThrownBy(() -> Triad.run((Body<Object, RuntimeException>) null));
    assertThatNullPointerException()
        .isThrownBy(() -> Triad.run((Action<RuntimeException>) null))
        .withMessage("action");
    assertThatNullPointerException()
        .isThrownBy(() -> Triad.run(null, () -> 1))
        .withMessage("options");
    assertThatNullPointerException().isThrownBy(() -> Nursery.open((NurseryAction) null));
    assertThatNullPointerException()
        .isThrownBy(() -> new CancelScope().enter((ScopeAction<RuntimeException>) null));
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              assertThatNullPointerException().isThrownBy(() -> nursery.startSoon(null));
              assertThatNullPointerException()
                  .isThrownBy(() -> nursery.startSoon("name", null));
              assertThatNullPointerException().isThrownBy(() -> nursery.start(null));
              assertThat(nursery.childTasks()).isEmpty();
            }));
  }

  @Test
  void core_07_a_clock_that_misbehaves_ends_the_run() {
    IllegalStateException broken = new IllegalStateException("this clock is broken");
    Clock clock =
        new Clock() {
          @Override
          public long nanos() {
            return 0;
          }

          @Override
          public long untilNanos(long deadlineNanos) {
            throw broken;
          }
        };

    assertThatThrownBy(
        () -> Triad.run(RunOptions.DEFAULT.withClock(clock), Triad::sleepForever))
        .isInstanceOf(TriadInternalError.class)
        .hasCause(broken);
    assertThat(Triad.inRun()).isFalse();
    assertThat(Triad.run(() -> "the thread is free again")).isNotEmpty();
  }

  @Test
  void core_07_a_clock_that_cannot_start_ends_the_run() {
    IllegalStateException broken = new IllegalStateException("this clock does not start");
    Clock clock =
        new Clock() {
          @Override
          public void start() {
            throw broken;
          }

          @Override
          public long nanos() {
            return 0;
          }

          @Override
          public long untilNanos(long deadlineNanos) {
            return 0;
          }
        };

    assertThatThrownBy(() -> Triad.run(RunOptions.DEFAULT.withClock(clock), () -> 1))
        .isInstanceOf(TriadInternalError.class)
        .hasCause(broken);
  }

  @Test
  void core_08_outside_of_a_task_nothing_of_it_is_known() throws Exception {
    Triad.run(() -> 1); // from now on the question has to be answered and not only guessed
    assertThatNothingIsKnown();
    Triad.run(
        () -> {
          FutureTask<Object> onAnotherThread =
              new FutureTask<>(
                  () -> {
                    assertThatNothingIsKnown();
                    return null;
                  });
          Thread.ofPlatform().start(onAnotherThread);
          onAnotherThread.get();
        });
  }

  private static void assertThatNothingIsKnown() {
    assertThat(Triad.inRun()).isFalse();
    assertThat(Triad.inTask()).isFalse();
    List<Action<Exception>> needATask =
        List.of(
            Triad::currentTime,
            Triad::currentTask,
            Triad::currentEffectiveDeadline,
            Triad::checkpoint,
            Triad::checkpointIfCancelled,
            Triad::cancelShieldedCheckpoint,
            Triad::sleepForever,
            () -> Triad.sleep(Duration.ZERO),
            () -> Triad.sleepUntil(Duration.ZERO),
            () -> Nursery.open(_ -> {}),
            () -> CancelScope.open(_ -> {}));
    for (Action<Exception> action : needATask) {
      assertThatIllegalStateException()
          .isThrownBy(action::run)
          .withMessageContaining("must be called from a task of a run");
    }
  }

  @Test
  void core_08_a_task_knows_where_it_is() throws Exception {
    Triad.run(
        () -> {
          assertThat(Triad.inRun()).isTrue();
          assertThat(Triad.inTask()).isTrue();
          assertThat(Triad.currentTask()).hasToString("main");
          // A virtual thread that a task started is on the run's thread, but is no task.
          FutureTask<List<Boolean>> stranger =
              new FutureTask<>(() -> List.of(Triad.inRun(), Triad.inTask()));
          Thread.startVirtualThread(stranger);
          assertThat(stranger.get()).containsExactly(true, false);
          assertThat(Triad.inTask()).isTrue();
        });
  }

  @Test
  void core_08_an_abort_callback_is_in_the_task_that_cancels() {
    List<Boolean> answers = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> Runs.fiber()
                      .suspend(
                          () -> {
                            answers.add(Triad.inRun());
                            answers.add(Triad.inTask());
                            answers.add(Triad.currentTask().name().equals("main"));
                            return true;
                          }));
              Triad.checkpoint();
              nursery.cancelScope().cancel();
            }));

    assertThat(answers).containsExactly(true, true, true);
  }
}
