package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Threads that meddle with tasks, and virtual threads that tasks start by themselves. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ForeignThreadsTest {
  private final List<String> steps = new ArrayList<>();

  @Test
  void an_interrupt_neither_wakes_a_task_nor_gets_lost() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Event event = new Event();
              Thread[] sleeper = new Thread[1];
              nursery.startSoon(
                  () -> {
                    sleeper[0] = Thread.currentThread();
                    event.await();
                    steps.add("woken by the event");
                    assertThat(Thread.interrupted()).isTrue();
                  });
              Triad.checkpoint();
              sleeper[0].interrupt();
              Steps.settle();
              assertThat(steps).isEmpty();
              sleeper[0].interrupt();
              Steps.settle();
              assertThat(steps).isEmpty();
              event.set();
            }));

    assertThat(steps).containsExactly("woken by the event");
  }

  @Test
  void an_interrupt_from_another_thread_neither_wakes_a_task_nor_gets_lost() {
    AtomicBoolean done = new AtomicBoolean();
    Triad.run(
        () -> {
          Thread task = Thread.currentThread();
          Thread stranger =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        while (!done.get()) {
                          task.interrupt();
                        }
                      });
          Duration end = Triad.currentTime().plus(Duration.ofMillis(20));
          Triad.sleepUntil(end);
          assertThat(Triad.currentTime()).isGreaterThanOrEqualTo(end);
          for (int i = 0; i < 1000; i++) {
            Triad.checkpoint();
          }
          done.set(true);
          while (stranger.isAlive()) {
            Triad.checkpoint();
          }
          assertThat(Thread.interrupted()).isTrue();
        });
  }

  @Test
  void an_interrupted_task_does_not_keep_the_others_from_running() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> steps.add("other"));
              Thread.currentThread().interrupt();
              Triad.checkpoint();
              assertThat(steps).containsExactly("other");
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
              Triad.sleep(Duration.ofNanos(1));
              assertThat(Thread.interrupted()).isTrue();
              assertThat(Thread.interrupted()).isFalse();
            }));
  }

  @Test
  void strangers_may_unpark_the_thread_of_a_task() {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger unparked = new AtomicInteger();
    Triad.run(
        () -> {
          Thread task = Thread.currentThread();
          Thread stranger =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        while (!done.get()) {
                          LockSupport.unpark(task);
                          unparked.incrementAndGet();
                        }
                      });
          Nursery.open(
              nursery -> {
                for (String name : List.of("a", "b")) {
                  nursery.startSoon(
                      () -> {
                        for (int i = 0; i < 500; i++) {
                          steps.add(name);
                          Triad.checkpoint();
                        }
                      });
                }
                int seen = unparked.get();
                while (unparked.get() < seen + 1000) {
                  Triad.checkpoint();
                }
                LockSupport.unpark(task); // and the task itself
                Triad.sleep(Duration.ofNanos(1));
              });
          done.set(true);
          while (stranger.isAlive()) {
            Triad.checkpoint();
          }
        });

    assertThat(steps).hasSize(1000);
    for (int i = 0; i < steps.size(); i += 2) {
      assertThat(steps.subList(i, i + 2)).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void a_task_may_park_and_be_unparked_as_the_jdk_means_it() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Thread[] parked = new Thread[1];
              nursery.startSoon(
                  () -> {
                    parked[0] = Thread.currentThread();
                    LockSupport.park(this);
                    steps.add("unparked");
                    Triad.checkpoint();
                    steps.add("went on");
                  });
              Triad.checkpoint();
              LockSupport.unpark(parked[0]);
            }));

    assertThat(steps).containsExactly("unparked", "went on");
  }

  @Test
  void a_task_may_yield_its_thread() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (String name : List.of("a", "b")) {
                nursery.startSoon(
                    () -> {
                      for (int i = 0; i < 100; i++) {
                        steps.add(name);
                        Thread.yield();
                        assertThat(Triad.currentTask().parentNursery()).isSameAs(nursery);
                        Triad.checkpoint();
                      }
                    });
              }
            }));

    assertThat(steps).hasSize(200);
  }

  @Test
  void a_task_may_sleep_and_wait_as_the_jdk_means_it() throws Exception {
    Triad.run(
        () -> {
          Thread.sleep(1);
          Object monitor = new Object();
          synchronized (monitor) {
            monitor.wait(1);
          }
          FutureTask<Integer> future = new FutureTask<>(() -> 42);
          Thread.ofPlatform().start(future);
          assertThat(future.get()).isEqualTo(42);
          Triad.checkpoint();
        });
  }

  @Test
  void virtual_threads_started_by_a_task_run_on_its_loop() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Event event = new Event();
              Thread stranger =
                  Thread.startVirtualThread(
                      () -> {
                        steps.add("stranger " + Triad.inRun() + " " + Triad.inTask());
                        event.set(); // same thread of control, so this is allowed
                        nursery.startSoon(() -> steps.add("child"));
                      });
              event.await();
              stranger.join();
            }));

    assertThat(steps).containsExactly("stranger true false", "child");
  }

  @Test
  void virtual_threads_started_by_a_task_outlive_the_run() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FutureTask<String> stranger =
        new FutureTask<>(
            () -> {
              go.await();
              Thread.yield();
              Thread.sleep(1);
              return "inRun " + Triad.inRun();
            });
    Triad.run(
        () -> {
          Thread.startVirtualThread(stranger);
          Thread.startVirtualThread(() -> steps.add("never begun before the end"));
        });
    go.countDown();

    assertThat(stranger.get(20, TimeUnit.SECONDS)).isEqualTo("inRun false");
  }

  @Test
  void a_virtual_thread_woken_while_its_run_ends_is_not_lost() throws Exception {
    for (int i = 0; i < 300; i++) {
      CountDownLatch blocked = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      CountDownLatch through = new CountDownLatch(1);
      AtomicBoolean ending = new AtomicBoolean();
      int spin = i;
      Thread waker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!ending.get()) {
                      Thread.onSpinWait();
                    }
                    for (int n = 0; n < spin * 20; n++) {
                      Thread.onSpinWait(); // another moment of the end each time
                    }
                    go.countDown();
                  });
      Triad.run(
          () -> {
            Thread.startVirtualThread(
                () -> {
                  blocked.countDown();
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  through.countDown();
                });
            blocked.await();
            Triad.checkpoint();
            ending.set(true);
          });
      waker.join();
      assertThat(through.await(10, TimeUnit.SECONDS)).as("round %d", i).isTrue();
    }
  }

  @Test
  void the_thread_of_an_ended_task_may_be_unparked_and_interrupted() {
    Thread[] ended = new Thread[1];
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> ended[0] = Thread.currentThread());
              Steps.settle();
              LockSupport.unpark(ended[0]);
              ended[0].interrupt();
              Steps.settle();
            }));
    LockSupport.unpark(ended[0]);

    assertThat(ended[0].getState()).isEqualTo(Thread.State.TERMINATED);
  }
}
