package io.triad.testing;

import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.startInScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.CancelScope;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.sync.Event;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.LockHolder;
import io.triad.testkit.TcpPairs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(LeakCheck.class)
final class MockClockTest {
  private static final long NEVER = Long.MAX_VALUE;

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static RunOptions with(MockClock clock) {
    return RunOptions.DEFAULT.withClock(clock);
  }

  @Test
  void test_01_it_starts_at_zero_and_moves_when_told() {
    MockClock clock = new MockClock();
    assertThat(clock.currentTime()).isZero();
    assertThat(clock.rate()).isZero();
    clock.jump(Duration.ofMillis(1200));
    assertThat(clock.currentTime()).isEqualTo(Duration.ofMillis(1200));
    clock.jump(Duration.ofNanos(5));
    clock.jump(Duration.ZERO);
    assertThat(clock.nanos()).isEqualTo(1_200_000_005L);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> clock.jump(Duration.ofNanos(-1)))
        .withMessageContaining("time can't go backwards");
    assertThat(clock.nanos()).isEqualTo(1_200_000_005L);
    assertThat(clock).hasToString("MockClock at PT1.200000005S, rate 0.0, autojump threshold none");
  }

  @Test
  void test_01_it_is_what_its_run_reads() {
    MockClock clock = new MockClock();
    clock.jump(seconds(7));
    Triad.run(
        with(clock),
        () -> {
          assertThat(Triad.currentTime()).isEqualTo(seconds(7));
          clock.jump(seconds(1));
          assertThat(Triad.currentTime()).isEqualTo(seconds(8)).isEqualTo(clock.currentTime());
        });
  }

  @Test
  void test_01_it_stays_at_the_end_of_time() {
    MockClock clock = new MockClock();
    clock.jump(seconds(1));
    clock.jump(Triad.FOREVER);
    assertThat(clock.nanos()).isEqualTo(NEVER - 1);
    assertThat(clock.untilNanos(NEVER)).isEqualTo(NEVER);
  }

  @Test
  void test_02_the_rate_changes_without_a_step() {
    MockClock clock = new MockClock();
    clock.setRate(1_000_000);
    long real = System.nanoTime();
    while (System.nanoTime() - real < 1_000_000) {
      Thread.onSpinWait();
    }
    assertThat(clock.currentTime()).isGreaterThan(seconds(1000));
    assertThat(clock.rate()).isEqualTo(1_000_000);

    clock.setRate(0);
    Duration stopped = clock.currentTime();
    assertThat(stopped).isGreaterThan(seconds(1000));
    assertThat(clock.currentTime()).isEqualTo(stopped);
    clock.setRate(1e-9);
    assertThat(clock.currentTime()).isBetween(stopped, stopped.plusNanos(1));
    clock.setRate(0);
    assertThat(clock.currentTime()).isBetween(stopped, stopped.plusNanos(1));
  }

  @Test
  void test_02_the_rate_must_be_finite_and_not_negative() {
    MockClock clock = new MockClock();
    for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> clock.setRate(rate))
          .withMessageContaining(">= 0");
    }
    assertThat(clock.rate()).isZero();
  }

  @Test
  void test_02_a_run_follows_the_rate() {
    MockClock clock = new MockClock();
    clock.setRate(1000);
    Triad.run(
        with(clock),
        () -> {
          Triad.sleep(seconds(10));
          assertThat(Triad.currentTime()).isGreaterThanOrEqualTo(seconds(10));
        });
  }

  @Test
  void test_03_a_deadline_is_as_far_as_the_rate_makes_it() {
    MockClock clock = new MockClock();
    clock.jump(seconds(10));
    long now = clock.nanos();
    assertThat(clock.untilNanos(now)).isZero();
    assertThat(clock.untilNanos(now - 1)).isZero();
    assertThat(clock.untilNanos(Long.MIN_VALUE)).isZero();
    assertThat(clock.untilNanos(now + 1)).isEqualTo(NEVER);
    assertThat(clock.untilNanos(NEVER)).isEqualTo(NEVER);

    clock.setRate(2);
    assertThat(clock.untilNanos(clock.nanos())).isZero();
    long day = Duration.ofDays(1).toNanos();
    assertThat(clock.untilNanos(now + 2 * day)).isBetween(1L, day);
    assertThat(clock.untilNanos(NEVER)).isEqualTo(NEVER);
    clock.setRate(1e-6);
    assertThat(clock.untilNanos(clock.nanos() + day)).isGreaterThan(1000 * day);
    assertThat(clock.untilNanos(clock.nanos() + 1)).isPositive();
  }

  @Test
  void test_04_it_jumps_when_all_tasks_are_blocked() {
    MockClock clock = MockClock.autojump();
    List<Long> times = new ArrayList<>();
    Triad.run(
        with(clock),
        () -> {
          for (long pause : new long[] {10, 20, 30, 140, 250}) {
            Triad.sleep(seconds(pause));
            times.add(Triad.currentTime().toSeconds());
          }
        });
    assertThat(times).containsExactly(10L, 30L, 60L, 200L, 450L);
    assertThat(clock.currentTime()).isEqualTo(seconds(450));
    assertThat(clock.autojumpThreshold()).isZero();
  }

  @Test
  void test_04_it_does_not_jump_before_the_threshold() {
    MockClock clock = new MockClock();
    clock.setAutojumpThreshold(Duration.ofMillis(20));
    long began = System.nanoTime();
    Triad.run(with(clock), () -> Triad.sleep(seconds(1000)));
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(20_000_000);
    assertThat(clock.currentTime()).isEqualTo(seconds(1000));
  }

  @Test
  void test_04_without_a_deadline_it_never_jumps() {
    MockClock clock = MockClock.autojump();
    Triad.run(
        with(clock),
        () -> {
          Event arrived = new Event();
          Loop loop = Loop.requireFiber().loop();
          Thread.ofPlatform()
              .start(
                  () -> {
                    LockSupport.parkNanos(20_000_000); // time enough to jump in vain
                    loop.offer(arrived::set);
                  });
          arrived.await();
          assertThat(Triad.currentTime()).isZero();
        });
  }

  @Test
  void test_05_the_threshold_may_be_set_before_and_changed_within_the_run() {
    MockClock clock = new MockClock();
    clock.setAutojumpThreshold(Duration.ofDays(1));
    inNursery(
        with(clock),
        nursery -> {
          nursery.startSoon(
              () -> {
                Settling.waitAllTasksBlocked();
                clock.setAutojumpThreshold(Duration.ZERO); // while the other one sleeps
              });
          Triad.sleep(seconds(100));
          assertThat(Triad.currentTime()).isEqualTo(seconds(100));

          clock.setAutojumpThreshold(Triad.FOREVER);
          CancelScope scope = startInScope(
              nursery,
              () -> Triad.sleep(seconds(100)));
          Settling.waitAllTasksBlocked(Duration.ofMillis(10));
          assertThat(Triad.currentTime()).isEqualTo(seconds(100));
          scope.cancel();
        });
  }

  @Test
  void test_05_a_clock_that_is_not_the_runs_has_no_effect() {
    MockClock mine = new MockClock();
    MockClock other = MockClock.autojump();
    inNursery(
        with(mine),
        nursery -> {
          CancelScope scope = startInScope(
              nursery,
              () -> Triad.sleep(seconds(1)));
          Settling.waitAllTasksBlocked(Duration.ofMillis(10));
          other.setAutojumpThreshold(Duration.ofMillis(1));
          other.jump(seconds(5));
          Settling.waitAllTasksBlocked(Duration.ofMillis(10));
          assertThat(Triad.currentTime()).isZero();
          scope.cancel();
        });
    assertThat(other.currentTime()).isEqualTo(seconds(5));
  }

  @Test
  void test_05_a_negative_threshold_is_refused() {
    MockClock clock = new MockClock();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> clock.setAutojumpThreshold(Duration.ofNanos(-1)));
    assertThat(clock.autojumpThreshold()).isEqualTo(Triad.FOREVER);
  }

  @Test
  void test_06_who_waits_for_all_others_goes_before_autojump() {
    for (Duration cushion : new Duration[] {Duration.ZERO, Duration.ofMillis(10)}) {
      MockClock clock = MockClock.autojump();
      List<String> events = new ArrayList<>();
      inNursery(
          with(clock),
          nursery -> {
            nursery.startSoon(
                () -> {
                  Triad.sleep(seconds(100));
                  events.add("slept until " + Triad.currentTime().toSeconds());
                });
            for (int i = 0; i < 3; i++) {
              Settling.waitAllTasksBlocked(cushion);
              events.add("settled at " + Triad.currentTime().toSeconds());
            }
          });
      assertThat(events)
          .containsExactly("settled at 0", "settled at 0", "settled at 0", "slept until 100");
    }
  }

  @Test
  void test_07_a_jump_fires_all_deadlines_that_it_passes_in_one_pass() {
    MockClock clock = new MockClock();
    List<String> events = new ArrayList<>();
    inNursery(
        with(clock),
        nursery -> {
          for (int i = 1; i <= 4; i++) {
            int second = i;
            nursery.startSoon(
                () -> {
                  Triad.sleep(seconds(second));
                  events.add(second + " wakes");
                  Triad.checkpoint();
                  events.add(second + " goes on");
                });
          }
          Settling.waitAllTasksBlocked();
          clock.jump(seconds(3));
          Triad.checkpoint(); // the pass in which the deadlines fire
          Triad.checkpoint();
          Triad.checkpoint();
          assertThat(events)
              .startsWith("1 wakes", "2 wakes", "3 wakes")
              .hasSize(6)
              .doesNotContain("4 wakes");
          clock.jump(seconds(1));
        });
    assertThat(events).endsWith("4 wakes", "4 goes on");
  }

  @Test
  void test_07_who_is_woken_by_a_jump_to_its_deadline_reads_exactly_that() {
    List<Long> times = new ArrayList<>();
    inNursery(
        with(MockClock.autojump()),
        nursery -> {
          for (long nanos : new long[] {1, 333_333_333, 333_333_334, 1_000_000_007}) {
            nursery.startSoon(
                () -> {
                  Triad.moveOnAfter(Duration.ofNanos(nanos), _ -> Triad.sleepForever());
                  times.add(Triad.currentTime().toNanos());
                });
          }
        });
    assertThat(times).containsExactly(1L, 333_333_333L, 333_333_334L, 1_000_000_007L);
  }

  @Test
  void test_08_who_waits_for_the_network_is_blocked() throws Exception {
    MockClock clock = MockClock.autojump();
    Triad.<Exception>run(
        with(clock),
        () -> TcpPairs.with(
            TcpPairs::open,
            (client, _) -> {
              Duration before = Triad.currentTime();
              CancelScope scope =
                  Triad.<Exception>moveOnAfter(seconds(50), _ -> client.receiveSome());
              assertThat(scope.cancelledCaught()).isTrue();
              assertThat(Triad.currentTime()).isEqualTo(before.plusSeconds(50));
            }));
  }

  @Test
  void test_08_who_waits_in_a_lock_of_the_jdk_is_running() throws InterruptedException {
    MockClock clock = MockClock.autojump();
    ReentrantLock lock = new ReentrantLock();
    LockHolder holder = LockHolder.of(lock);
    List<String> events = new ArrayList<>();
    inNursery(
        with(clock),
        nursery -> {
          nursery.startSoon(
              () -> {
                Triad.sleep(seconds(100));
                events.add("slept");
              });
          nursery.startSoon(
              () -> {
                lock.lock();
                events.add("locked at " + Triad.currentTime().toSeconds());
                lock.unlock();
              });
          Thread.ofPlatform()
              .start(
                  () -> {
                    // While the task waits for the lock, the clock has every chance to jump.
                    while (!lock.hasQueuedThreads()) {
                      Thread.onSpinWait();
                    }
                    LockSupport.parkNanos(20_000_000);
                    holder.release();
                  });
        });
    holder.join();
    assertThat(events).containsExactly("locked at 0", "slept");
  }
}
