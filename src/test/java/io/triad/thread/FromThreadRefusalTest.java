package io.triad.thread;

import static io.triad.testkit.Tasks.assertCancelled;
import static io.triad.testkit.Tasks.onForeignThread;
import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.Action;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Clock;
import io.triad.Nursery;
import io.triad.RunFinishedException;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.TriadInternalError;
import io.triad.TriadToken;
import io.triad.loop.Loop;
import io.triad.sync.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Which calls from threads are refused, and which end with their run. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class FromThreadRefusalTest {
  private final List<Object> steps = new CopyOnWriteArrayList<>();

  @Test
  void core_76_the_thread_of_a_run_cannot_call_into_one() {
    TriadToken[] inner = new TriadToken[1];
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          inner[0] = token;
          assertThatIllegalStateException().isThrownBy(() -> Threads.fromThread(() -> 1));
          assertThatIllegalStateException().isThrownBy(() -> Threads.fromThread(token, () -> 1));
          assertThatIllegalStateException().isThrownBy(() -> Threads.fromThreadSync(() -> 1));
          assertThatIllegalStateException()
              .isThrownBy(() -> Threads.fromThreadSync(token, () -> 1));
        });
  }

  @Test
  void core_76_a_foreign_thread_needs_a_token() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Threads.fromThread(() -> 1))
        .withMessageContaining("TriadToken");
    assertThatIllegalStateException().isThrownBy(() -> Threads.fromThreadSync(() -> 1));
    assertThatNullPointerException()
        .isThrownBy(() -> Threads.<Integer, RuntimeException>fromThread(noToken(), () -> 1));
  }

  @SuppressWarnings("NullAway") // on purpose
  private static TriadToken noToken() {
    return null;
  }

  @Test
  void core_76_after_the_run_calls_are_refused() {
    TriadToken token = Triad.run(TriadToken::current);
    assertThatThrownBy(() -> Threads.fromThread(token, () -> steps.add("too late")))
        .isInstanceOf(RunFinishedException.class);
    assertThatThrownBy(() -> Threads.fromThreadSync(token, () -> steps.add("too late")))
        .isInstanceOf(RunFinishedException.class);
    assertThat(steps).isEmpty();
  }

  @Test
  void core_76_an_abandoned_worker_that_outlives_the_run_is_refused() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Triad.run(
        () -> assertCancelled(
            () -> Threads.toThread(
                ThreadOptions.ABANDON,
                () -> {
                  over.await();
                  steps.add(
                      catchThrowable(() -> Threads.fromThread(() -> 1)).getClass());
                  steps.add(catchThrowable(Threads::checkCancelled).getClass());
                  ended.countDown();
                }),
            scope -> {
              settle();
              scope.cancel();
            }));
    over.countDown();
    ended.await();
    assertThat(steps).containsExactly(RunFinishedException.class, Cancelled.class);
  }

  /** After the main task's end, while another system task keeps the run alive. */
  @Test
  void core_05_core_76_a_run_that_ends_takes_no_new_system_tasks_but_still_calls()
      throws Exception {
    AtomicReference<FutureTask<Throwable>> foreign = new AtomicReference<>();
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          Loop loop = Loop.requireFiber().loop();
          Event released = new Event();
          loop.access()
              .spawnSystemTask(
                  "lingering",
                  () -> {
                    try {
                      Triad.sleepForever();
                    } finally {
                      // The main task has ended, and with it this one was cancelled.
                      steps.add("system task is cancelled");
                      assertThatIllegalStateException()
                          .isThrownBy(() -> loop.access().spawnSystemTask("late", () -> null))
                          .withMessage("Nursery is closed to new arrivals");
                      foreign.set(
                          onForeignThread(
                              () -> {
                                assertThatThrownBy(
                                    () -> Threads.fromThread(token, () -> steps.add("never")))
                                    .isInstanceOf(RunFinishedException.class);
                                Threads.fromThreadSync(token, () -> steps.add("sync"));
                                Threads.fromThreadSync(token, released::set);
                              }));
                      CancelScope.open(
                          scope -> {
                            scope.setShield(true);
                            released.await();
                          });
                      steps.add("system task ends");
                    }
                    return null;
                  });
          Triad.checkpoint();
          steps.add("main ends");
        });
    steps.add("run ends");
    assertThat(foreign.get().get()).isNull();
    assertThat(steps)
        .containsExactly(
            "main ends", "system task is cancelled", "sync", "system task ends", "run ends");
  }

  @Test
  void core_76_a_call_under_way_when_main_ends_is_cancelled() throws Exception {
    AtomicReference<FutureTask<Throwable>> foreign = new AtomicReference<>();
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          Event begun = new Event();
          foreign.set(
              onForeignThread(
                  () -> Threads.fromThread(
                      token,
                      () -> {
                        begun.set();
                        Triad.sleepForever();
                      })));
          begun.await();
        });
    assertThat(foreign.get().get())
        .isInstanceOfSatisfying(
            Cancelled.class,
            thrown -> assertThat(thrown.source()).isEqualTo(Cancelled.Source.SHUTDOWN));
  }

  /** Tasks go on no more then, but whoever waits for one must. */
  @Test
  void core_76_a_fault_of_the_runtime_leaves_no_thread_waiting() throws Exception {
    IllegalStateException broken = new IllegalStateException("broken clock");
    boolean[] isBroken = new boolean[1];
    Clock clock =
        new Clock() {
          @Override
          public long nanos() {
            if (isBroken[0]) {
              throw broken;
            }
            return 0;
          }

          @Override
          public long untilNanos(long deadlineNanos) {
            return 0;
          }
        };
    AtomicReference<FutureTask<Throwable>> foreign = new AtomicReference<>();
    AtomicReference<Throwable> ofWorker = new AtomicReference<>();
    CountDownLatch workerEnded = new CountDownLatch(1);
    Action<RuntimeException> main =
        () -> Nursery.open(
            nursery -> {
              TriadToken token = TriadToken.current();
              Event inHost = new Event();
              Event inSystemTask = new Event();
              nursery.startSoon(
                  () -> Threads.toThread(
                      () -> {
                        ofWorker.set(
                            catchThrowable(
                                () -> Threads.fromThread(
                                    () -> {
                                      inHost.set();
                                      Triad.sleepForever();
                                    })));
                        workerEnded.countDown();
                      }));
              foreign.set(
                  onForeignThread(
                      () -> Threads.fromThread(
                          token,
                          () -> {
                            inSystemTask.set();
                            Triad.sleepForever();
                          })));
              inHost.await();
              inSystemTask.await();
              nursery.cancelScope().setTimeout(Duration.ofHours(1));
              isBroken[0] = true;
              Triad.sleepForever();
            });
    assertThatThrownBy(() -> Triad.run(RunOptions.DEFAULT.withClock(clock), main))
        .isInstanceOf(TriadInternalError.class)
        .hasRootCause(broken);
    assertThat(foreign.get().get()).isInstanceOf(RunFinishedException.class);
    workerEnded.await();
    assertThat(ofWorker.get()).isInstanceOf(RunFinishedException.class);
  }
}
