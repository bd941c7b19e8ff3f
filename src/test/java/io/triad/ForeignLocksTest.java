package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.testkit.LockHolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Tasks that wait for locks and monitors of the JDK. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ForeignLocksTest {
  private final List<String> steps = new ArrayList<>();

  @Test
  void a_task_that_waits_for_a_lock_of_another_thread_lets_others_run() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    LockHolder holder = LockHolder.of(lock);

    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    lock.lock();
                    steps.add("got the lock");
                    lock.unlock();
                    assertThat(Triad.inTask()).isTrue();
                    Triad.checkpoint();
                  });
              for (int i = 0; i < 100; i++) {
                Triad.checkpoint();
              }
              steps.add("others ran");
              holder.release();
            }));
    holder.join();

    assertThat(steps).containsExactly("others ran", "got the lock");
  }

  @Test
  void a_task_that_waits_for_a_monitor_of_another_thread_lets_others_run() throws Exception {
    Object monitor = new Object();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread holder =
        Thread.ofPlatform()
            .start(
                () -> {
                  synchronized (monitor) {
                    held.countDown();
                    try {
                      release.await();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  }
                });
    held.await();

    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    synchronized (monitor) {
                      steps.add("got the monitor");
                    }
                    Triad.sleep(Duration.ofNanos(1));
                    steps.add("slept");
                  });
              for (int i = 0; i < 100; i++) {
                Triad.checkpoint();
              }
              steps.add("others ran");
              release.countDown();
            }));
    holder.join();

    assertThat(steps).containsExactly("others ran", "got the monitor", "slept");
  }

  @Test
  void a_monitor_may_be_held_across_a_checkpoint_while_another_task_waits_for_it() {
    Object monitor = new Object();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    synchronized (monitor) {
                      for (int i = 0; i < 10; i++) {
                        Triad.checkpoint();
                      }
                      steps.add("first");
                    }
                  });
              for (int i = 0; i < 3; i++) {
                nursery.startSoon(
                    () -> {
                      synchronized (monitor) {
                        Triad.checkpoint();
                        steps.add("next");
                      }
                    });
              }
            }));

    assertThat(steps).containsExactly("first", "next", "next", "next");
  }

  @Test
  void a_lock_may_be_held_across_a_checkpoint_while_another_task_waits_for_it() {
    ReentrantLock lock = new ReentrantLock();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (int i = 0; i < 4; i++) {
                int number = i;
                nursery.startSoon(
                    () -> {
                      lock.lock();
                      try {
                        steps.add("in " + number);
                        Triad.checkpoint();
                        Triad.sleep(Duration.ofNanos(1));
                        steps.add("out " + number);
                      } finally {
                        lock.unlock();
                      }
                    });
              }
            }));

    assertThat(steps)
        .containsExactly("in 0", "out 0", "in 1", "out 1", "in 2", "out 2", "in 3", "out 3");
  }

  @Test
  void a_task_blocked_in_a_lock_gets_its_cancellation_at_the_next_checkpoint() {
    ReentrantLock lock = new ReentrantLock();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              CancelScope scope = new CancelScope();
              lock.lock();
              nursery.startSoon(
                  () -> scope.enter(
                      _ -> {
                        lock.lock();
                        lock.unlock();
                        steps.add("got the lock");
                        Triad.checkpoint();
                        steps.add("not reached");
                      }));
              Triad.checkpoint();
              scope.cancel();
              Triad.checkpoint();
              lock.unlock();
            }));

    assertThat(steps).containsExactly("got the lock");
  }
}
