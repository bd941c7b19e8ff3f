package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What ends a run because the runtime itself is at fault. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class RuntimeFaultTest {

  @Test
  void core_07_an_abort_callback_that_throws_ends_the_run() {
    IllegalStateException broken = new IllegalStateException("broken abort");
    NurseryAction body =
        nursery -> {
          nursery.startSoon(
              () -> Runs.fiber()
                  .suspend(
                      () -> {
                        throw broken;
                      }));
          Triad.checkpoint();
          nursery.cancelScope().cancel();
          Triad.sleepForever();
        };

    assertThatThrownBy(() -> Triad.run(() -> Nursery.open(body)))
        .isInstanceOf(TriadInternalError.class)
        .hasRootCause(broken);
  }

  @Test
  @DisabledOnOs(
      value = OS.WINDOWS,
      disabledReason = "there the virtual machine sets aside two million frames and more")
  void a_stack_too_deep_to_be_set_aside_ends_the_run_and_says_so() throws Exception {
    FutureTask<Throwable> outcome =
        new FutureTask<>(
            () -> catchThrowable(
                () -> Triad.run(
                    () -> Nursery.open(
                        nursery -> {
                          nursery.startSoon(() -> checkpointBelow(300_000));
                        }))));
    new Thread(null, outcome, "large stack", 512 << 20).start();

    assertThat(outcome.get())
        .isInstanceOf(TriadInternalError.class)
        .rootCause()
        .isInstanceOf(StackOverflowError.class);
  }

  private static int checkpointBelow(int depth) {
    if (depth > 0) {
      return checkpointBelow(depth - 1) + 1;
    }
    Triad.sleep(Duration.ofNanos(1)); // a checkpoint need not leave the stack
    return 0;
  }

  @Test
  void after_a_fault_no_other_thread_goes_on_with_the_tasks() {
    List<Throwable> elsewhere = new CopyOnWriteArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> elsewhere.add(thrown));
    try {
      Clock clock =
          new Clock() {
            private boolean broken;

            @Override
            public long nanos() {
              if (broken) {
                throw new IllegalStateException("this clock is broken");
              }
              return 0;
            }

            @Override
            public long untilNanos(long deadlineNanos) {
              return 0;
            }

            @Override
            public String toString() {
              broken = true;
              return "broken from now on";
            }
          };
      NurseryAction body =
          nursery -> {
            nursery.startSoon(() -> Triad.sleep(Duration.ofSeconds(1)));
            nursery.startSoon(Triad::checkpoint);
            Triad.checkpoint();
            nursery.startSoon(() -> elsewhere.add(new Error("ran")));
            assertThat(clock.toString()).isNotEmpty();
            Triad.sleepForever();
          };
      assertThatThrownBy(
          () -> Triad.run(RunOptions.DEFAULT.withClock(clock), () -> Nursery.open(body)))
          .isInstanceOf(TriadInternalError.class);
      assertThat(ForkJoinPool.commonPool().awaitQuiescence(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(elsewhere).isEmpty();
  }
}
