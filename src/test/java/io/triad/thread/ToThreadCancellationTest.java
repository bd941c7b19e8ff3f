package io.triad.thread;

import static io.triad.testkit.Tasks.assertCancelled;
import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.Cancelled;
import io.triad.Triad;
import io.triad.TriadToken;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.sync.CapacityLimiter;
import io.triad.sync.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Threads that are left to themselves, and those that ask whether to go on. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class ToThreadCancellationTest {
  private final List<Object> steps = new CopyOnWriteArrayList<>();

  // ---- abandoning ----

  @Test
  void core_73_a_cancelled_caller_may_leave_the_thread_to_itself() {
    CountDownLatch latch = new CountDownLatch(1);
    Triad.run(
        () -> {
          CapacityLimiter limiter = Threads.defaultLimiter();
          assertCancelled(
              () -> Threads.toThread(
                  ThreadOptions.ABANDON,
                  () -> {
                    latch.await();
                    steps.add("the thread went on");
                    throw new IOException("nobody hears of this");
                  }),
              scope -> {
                settle();
                scope.cancel("enough");
              });
          assertThat(steps).isEmpty();
          assertThat(limiter.borrowedTokens()).as("tokens while the thread runs").isEqualTo(1);
          assertThat(Threads.activeThreadCount()).isEqualTo(1);
          latch.countDown();
          Threads.waitAllThreadsCompleted();
          assertThat(limiter.borrowedTokens()).as("tokens after it").isZero();
          assertThat(limiter.statistics().borrowers()).isEmpty();
        });
    assertThat(steps).containsExactly("the thread went on");
  }

  @Test
  void core_73_an_abandoned_thread_may_outlive_the_run() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicReference<Thread> worker = new AtomicReference<>();
    Triad.run(
        () -> assertCancelled(
            () -> Threads.toThread(
                ThreadOptions.ABANDON,
                () -> {
                  worker.set(Thread.currentThread());
                  try {
                    latch.await();
                  } finally {
                    ended.countDown();
                  }
                }),
            scope -> {
              settle();
              scope.cancel();
            }));
    latch.countDown();
    ended.await();
    // It is found in good health by the next who needs a thread.
    assertThat(Triad.run(() -> Threads.toThread(() -> "fine"))).isEqualTo("fine");
  }

  @Test
  void core_73_without_cancellation_an_abandonable_call_is_like_any_other() {
    Triad.run(
        () -> {
          assertThat(Threads.toThread(ThreadOptions.ABANDON, () -> 7)).isEqualTo(7);
          IOException failure = new IOException();
          assertThatThrownBy(
              () -> Threads.toThread(
                  ThreadOptions.ABANDON,
                  () -> {
                    throw failure;
                  }))
              .isSameAs(failure);
        });
  }

  // ---- asked by the worker ----

  @Test
  void core_78_a_worker_can_ask_whether_its_caller_was_cancelled() {
    for (ThreadOptions options : List.of(ThreadOptions.DEFAULT, ThreadOptions.ABANDON)) {
      CountDownLatch cancelled = new CountDownLatch(1);
      AtomicReference<Throwable> seen = new AtomicReference<>();
      Triad.run(
          () -> {
            Event checked = new Event();
            assertCancelled(
                () -> {
                  Threads.toThread(
                      options,
                      () -> {
                        Threads.checkCancelled(); // not yet
                        Threads.fromThreadSync(checked::set);
                        cancelled.await();
                        seen.set(catchThrowable(Threads::checkCancelled));
                        Threads.checkCancelled();
                      });
                  steps.add("not reached");
                },
                scope -> {
                  checked.await();
                  scope.cancel("my reason");
                  cancelled.countDown();
                });
            Threads.waitAllThreadsCompleted();
          });
      assertThat(seen.get())
          .isInstanceOfSatisfying(
              Cancelled.class,
              thrown -> {
                assertThat(thrown.reason()).isEqualTo("my reason");
                assertThat(thrown.source()).isEqualTo(Cancelled.Source.EXPLICIT);
                assertThat(thrown.sourceTask()).isEqualTo("main");
              });
    }
    assertThat(steps).isEmpty();
  }

  /** As Ctrl-C does it to the main task. */
  @Test
  void core_78_an_interrupt_from_outside_reaches_the_worker_once() {
    Error interrupt = new Error("from outside");
    for (boolean asks : List.of(true, false)) {
      CountDownLatch interrupted = new CountDownLatch(1);
      steps.clear();
      Triad.run(
          () -> {
            Fiber host = Loop.requireFiber();
            TriadToken token = TriadToken.current();
            Throwable ofCall = catchThrowable(
                () -> Threads.toThread(
                    () -> {
                      token.runSyncSoon( // while the host waits
                          () -> {
                            host.loop().interrupt(host, interrupt);
                            interrupted.countDown();
                          });
                      interrupted.await();
                      if (asks) {
                        Threads.checkCancelled();
                      }
                    }));
            steps.add(String.valueOf(ofCall));
            steps.add(String.valueOf(catchThrowable(Triad::checkpoint)));
          });
      List<Object> expected = new ArrayList<>(List.of(interrupt.toString(), "null"));
      assertThat(steps).isEqualTo(asks ? expected : expected.reversed());
    }
  }

  @Test
  void core_78_threads_that_are_no_workers_cannot_ask() {
    assertThatIllegalStateException().isThrownBy(Threads::checkCancelled);
    Triad.run(
        () -> {
          assertThatIllegalStateException().isThrownBy(Threads::checkCancelled);
          // nor can a task that was begun from a worker
          Threads.toThread(
              () -> Threads.fromThread(
                  () -> assertThatIllegalStateException().isThrownBy(Threads::checkCancelled)));
        });
  }
}
