package io.triad.thread;

import static io.triad.testkit.Tasks.assertCancelled;
import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.onForeignThread;
import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.Action;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.Task;
import io.triad.Triad;
import io.triad.TriadToken;
import io.triad.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class FromThreadTest {
  private final List<Object> steps = new CopyOnWriteArrayList<>();

  // ---- in the host ----

  @Test
  void core_75_an_ordinary_worker_calls_into_the_task_that_waits_for_it() {
    inNursery(
        nursery -> nursery.startSoon(
            "host",
            () -> {
              Task host = Triad.currentTask();
              Threads.toThread(
                  () -> {
                    assertThat(Threads.fromThread(Triad::currentTask)).isSameAs(host);
                    assertThat(Threads.fromThreadSync(Triad::currentTask)).isSameAs(host);
                    Threads.fromThread(
                        () -> {
                          Triad.sleep(Duration.ofMillis(1)); // may block
                          steps.add(Triad.currentTask().name());
                        });
                    Threads.fromThreadSync(() -> steps.add("sync"));
                  });
            }));
    assertThat(steps).containsExactly("host", "sync");
  }

  @Test
  void core_75_calls_into_the_host_are_inside_its_scopes() {
    Triad.run(
        () -> {
          CancelScope scope = CancelScope.open(
              s -> Threads.toThread(
                  () -> {
                    Threads.fromThread(
                        () -> {
                          assertThat(Triad.currentEffectiveDeadline()).isEqualTo(Triad.FOREVER);
                          s.setTimeout(Duration.ofHours(1));
                        });
                    Threads.fromThread(
                        () -> assertThat(Triad.currentEffectiveDeadline())
                            .isEqualTo(s.deadline()));
                  }));
          assertThat(scope.cancelledCaught()).isFalse();
        });
  }

  @Test
  void core_75_what_is_thrown_there_comes_out_here() {
    IOException failure = new IOException("in the run");
    Triad.run(
        () -> Threads.toThread(
            () -> {
              Action<IOException> failing =
                  () -> {
                    throw failure;
                  };
              assertThatThrownBy(() -> Threads.fromThread(failing)).isSameAs(failure);
              assertThatThrownBy(() -> Threads.fromThreadSync(failing)).isSameAs(failure);
            }));
  }

  @Test
  void core_75_threads_and_run_may_call_each_other_in_turn() {
    int result =
        Triad.run(
            () -> Threads.toThread(
                () -> 1 + Threads.fromThread(
                    () -> 1 + Threads.toThread(
                        () -> 1 + Threads.fromThread(
                            () -> 1 + Threads.toThread(() -> 1))))));
    assertThat(result).isEqualTo(5);
  }

  @Test
  void core_75_a_call_into_the_host_may_open_a_nursery() {
    Triad.run(
        () -> Threads.toThread(
            () -> Threads.fromThread(
                () -> Nursery.open(
                    nursery -> {
                      nursery.startSoon(() -> steps.add(Threads.toThread(() -> "one")));
                      nursery.startSoon(() -> steps.add(Threads.toThread(() -> "two")));
                    }))));
    assertThat(steps).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void core_75_what_must_not_block_is_told_so() {
    Triad.run(
        () -> {
          Threads.toThread(
              () -> assertThatIllegalStateException()
                  .isThrownBy(() -> Threads.fromThreadSync(Triad::checkpoint))
                  .withMessageContaining("must not block"));
          TriadToken token = TriadToken.current();
          Threads.toThread(
              () -> assertThatIllegalStateException()
                  .isThrownBy(() -> Threads.fromThreadSync(token, Triad::checkpoint)));
        });
  }

  // ---- in system tasks ----

  @Test
  void core_75_an_abandonable_worker_calls_into_a_system_task() {
    Triad.run(
        () -> {
          Task main = Triad.currentTask();
          Threads.toThread(
              ThreadOptions.ABANDON,
              () -> {
                Task system = Threads.fromThread(Triad::currentTask);
                assertThat(system).isNotSameAs(main);
                assertThat(system.parentNursery()).isNull();
                assertThat(system.name()).isEqualTo("call from FromThreadTest from main");
                steps.add(Threads.fromThreadSync(Triad::inTask));
                steps.add(Threads.fromThreadSync(Triad::inRun));
                Threads.fromThread(() -> Triad.sleep(Duration.ofMillis(1)));
              });
        });
    assertThat(steps).containsExactly(false, true);
  }

  @Test
  void core_75_a_token_names_the_run_for_any_thread() throws Exception {
    IOException failure = new IOException("in the run");
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          Event done = new Event();
          FutureTask<Throwable> foreign =
              onForeignThread(
                  () -> {
                    Task system = Threads.fromThread(token, Triad::currentTask);
                    steps.add(system.parentNursery() == null);
                    steps.add(Threads.fromThreadSync(token, Triad::inTask));
                    Action<IOException> failing =
                        () -> {
                          Triad.checkpointIfCancelled();
                          throw failure;
                        };
                    steps.add(catchThrowable(() -> Threads.fromThread(token, failing)));
                    Threads.fromThread(token, () -> Triad.sleep(Duration.ofMillis(1)));
                    Threads.fromThreadSync(token, done::set);
                  });
          done.await();
          assertThat(foreign.get()).isNull();
          // a worker may ask for a system task as well
          Task main = Triad.currentTask();
          Threads.toThread(
              () -> assertThat(Threads.fromThread(token, Triad::currentTask)).isNotSameAs(main));
        });
    assertThat(steps).containsExactly(true, false, failure);
  }

  @Test
  void core_75_an_interrupt_is_kept_until_the_call_is_done() throws Exception {
    Triad.run(
        () -> {
          TriadToken token = TriadToken.current();
          Event begun = new Event();
          Event goOn = new Event();
          Event done = new Event();
          Thread caller =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        Threads.fromThread(
                            token,
                            () -> {
                              begun.set();
                              goOn.await();
                              steps.add("whole");
                            });
                        steps.add(Thread.currentThread().isInterrupted());
                        Threads.fromThreadSync(token, done::set);
                      });
          begun.await();
          caller.interrupt();
          goOn.set();
          done.await();
        });
    assertThat(steps).containsExactly("whole", true);
  }

  // ---- cancelled hosts ----

  @Test
  void core_77_with_a_cancelled_host_blocking_calls_are_cancelled_and_others_are_not() {
    CountDownLatch cancelled = new CountDownLatch(1);
    Triad.run(
        () -> assertCancelled(
            () -> {
              Threads.toThread(
                  () -> {
                    cancelled.await();
                    steps.add(Threads.fromThreadSync(() -> "sync"));
                    steps.add(Threads.fromThread(() -> "no checkpoint"));
                    steps.add(
                        catchThrowable(() -> Threads.fromThread(Triad::checkpoint))
                            .getClass());
                    steps.add(Threads.fromThreadSync(() -> "sync again"));
                  });
              steps.add("the function has returned");
              Triad.checkpoint();
              steps.add("not reached");
            },
            scope -> {
              settle();
              scope.cancel();
              cancelled.countDown();
            }));
    assertThat(steps)
        .containsExactly(
            "sync",
            "no checkpoint",
            Cancelled.class,
            "sync again",
            "the function has returned");
  }

  @Test
  void core_77_a_cancellation_thrown_into_the_worker_leaves_the_call() {
    CountDownLatch cancelled = new CountDownLatch(1);
    Triad.run(
        () -> assertCancelled(
            () -> {
              try {
                Threads.toThread(
                    () -> {
                      cancelled.await();
                      Threads.fromThread(Triad::sleepForever);
                    });
              } catch (Cancelled expected) {
                steps.add(String.valueOf(expected.reason()));
                throw expected;
              }
            },
            scope -> {
              settle();
              scope.cancel("my reason");
              cancelled.countDown();
            }));
    assertThat(steps).containsExactly("my reason");
  }

  @Test
  void core_77_a_call_that_waits_in_the_host_is_cancelled_with_it() {
    Triad.run(
        () -> {
          Event begun = new Event();
          assertCancelled(
              () -> Threads.toThread(
                  () -> Threads.fromThread(
                      () -> {
                        begun.set();
                        Triad.sleepForever();
                      })),
              scope -> {
                begun.await();
                scope.cancel();
              });
        });
  }
}
