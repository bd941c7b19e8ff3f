package io.triad.thread;

import static io.triad.testkit.Tasks.assertCancelPoint;
import static io.triad.testkit.Tasks.assertCancelled;
import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Nursery;
import io.triad.TaskLocal;
import io.triad.Triad;
import io.triad.TriadToken;
import io.triad.sync.Event;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class ToThreadTest {
  private final List<Object> steps = new CopyOnWriteArrayList<>();

  // ---- running ----

  @Test
  void core_72_runs_on_another_thread_and_returns_what_the_function_returns() {
    Triad.run(
        () -> {
          Thread loop = Thread.currentThread();
          Thread worker = Threads.toThread(Thread::currentThread);
          assertThat(worker).isNotSameAs(loop);
          assertThat(worker.isVirtual()).isFalse();
          assertThat(worker.isDaemon()).isTrue();
          assertThat(Threads.<String, RuntimeException>toThread(() -> null)).isNull();
          Threads.toThread(() -> {
            steps.add(Triad.inRun());
            steps.add(Triad.inTask());
          });
        });
    assertThat(steps).containsExactly(false, false);
  }

  @Test
  void core_72_throws_what_the_function_throws_as_it_is() {
    IOException failure = new IOException("from the worker");
    Triad.run(
        () -> {
          assertThatThrownBy(
              () -> Threads.toThread(
                  () -> {
                    throw failure;
                  }))
              .isSameAs(failure);
          AssertionError error = new AssertionError();
          assertThatThrownBy(
              () -> Threads.toThread(
                  () -> {
                    throw error;
                  }))
              .isSameAs(error);
        });
    assertThatIllegalStateException().isThrownBy(() -> Threads.toThread(() -> 1));
  }

  @Test
  void core_72_other_tasks_go_on_meanwhile() {
    CountDownLatch latch = new CountDownLatch(1);
    inNursery(
        nursery -> {
          nursery.startSoon(() -> Threads.toThread(() -> latch.await()));
          nursery.startSoon(latch::countDown);
        });
    assertThat(latch.getCount()).isZero();
  }

  @Test
  void core_72_a_cancelled_caller_waits_for_the_function() {
    CountDownLatch latch = new CountDownLatch(1);
    Triad.run(
        () -> assertCancelled(
            () -> {
              steps.add(Threads.toThread(() -> {
                latch.await();
                return "result";
              }));
              Triad.checkpoint();
              steps.add("not reached");
            },
            scope -> {
              settle();
              scope.cancel();
              settle();
              assertThat(steps).isEmpty();
              latch.countDown();
            }));
    assertThat(steps).containsExactly("result");
  }

  // ---- names and context ----

  @Test
  void core_79_a_thread_is_called_after_function_and_task_while_it_works() {
    inNursery(
        nursery -> nursery.startSoon(
            "reader",
            () -> {
              Thread worker = Threads.toThread(
                  () -> {
                    steps.add(Thread.currentThread().getName());
                    return Thread.currentThread();
                  });
              assertThat(worker.getName()).startsWith("triad-worker-");
              Threads.toThread(
                  ThreadOptions.DEFAULT.withName("of my own"),
                  () -> steps.add(Thread.currentThread().getName()));
              assertThat(worker.getName()).startsWith("triad-worker-");
            }));
    assertThat(steps).containsExactly("ToThreadTest from reader", "of my own");
  }

  @Test
  void core_79_a_thread_sees_the_scoped_values_of_its_caller_and_keeps_none() {
    ScopedValue<String> scoped = ScopedValue.newInstance();
    TaskLocal<String> local = new TaskLocal<>();
    Triad.run(
        () -> ScopedValue.where(scoped, "scoped")
            .call(
                () -> {
                  local.where("local", () -> {
                    Threads.toThread(
                        () -> {
                          steps.add(scoped.get());
                          steps.add(local.get());
                          // and back, into the task and into the run
                          Threads.fromThread(() -> steps.add(scoped.get()));
                          ScopedValue.where(scoped, "inner")
                              .run(() -> {
                                Threads.fromThread(() -> steps.add(scoped.get()));
                                Threads.fromThreadSync(() -> steps.add(scoped.get()));
                              });
                        });
                    steps.add(scoped.get());
                  });
                  return null;
                }));
    Triad.run(() -> Threads.toThread(() -> steps.add(scoped.isBound() + local.orElse("none"))));
    assertThat(steps)
        .containsExactly(
            "scoped", "local", "scoped", "inner", "inner", "scoped", "falsenone");
  }

  // ---- counting ----

  @Test
  void test_13_calls_are_counted_and_waited_for() {
    CountDownLatch latch = new CountDownLatch(1);
    Triad.run(
        () -> {
          assertThat(Threads.activeThreadCount()).isZero();
          Threads.waitAllThreadsCompleted();
          Nursery.open(
              nursery -> {
                for (int i = 0; i < 3; i++) {
                  nursery.startSoon(() -> Threads.toThread(() -> latch.await()));
                }
                Event done = new Event();
                nursery.startSoon(
                    () -> {
                      settle();
                      Threads.waitAllThreadsCompleted();
                      steps.add(Threads.activeThreadCount());
                      done.set();
                    });
                settle();
                settle();
                assertThat(Threads.activeThreadCount()).isEqualTo(3);
                assertThat(done.isSet()).isFalse();
                latch.countDown();
                done.await();
              });
          assertThat(steps).containsExactly(0);
        });
    assertThatIllegalStateException().isThrownBy(Threads::activeThreadCount);
    assertThatIllegalStateException().isThrownBy(Threads::waitAllThreadsCompleted);
  }

  @Test
  void test_13_waiting_without_any_call_is_a_checkpoint_and_waiting_can_be_cancelled() {
    CountDownLatch latch = new CountDownLatch(1);
    Triad.run(
        () -> {
          assertCancelPoint(Threads::waitAllThreadsCompleted);
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> Threads.toThread(() -> latch.await()));
                settle();
                assertCancelPoint(Threads::waitAllThreadsCompleted);
                latch.countDown();
              });
        });
  }

  @Test
  void core_03_a_worker_may_have_a_run_of_its_own() {
    int result = Triad.run(
        () -> {
          TriadToken outer = TriadToken.current();
          return Threads.toThread(
              () -> Triad.run(
                  () -> {
                    assertThat(TriadToken.current()).isNotSameAs(outer);
                    assertThatIllegalStateException()
                        .isThrownBy(() -> Threads.fromThread(() -> 1));
                    return Threads.toThread(() -> 5);
                  }));
        });
    assertThat(result).isEqualTo(5);
  }
}
