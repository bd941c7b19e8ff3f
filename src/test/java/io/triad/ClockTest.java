package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.testing.MockClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ClockTest {

  @Test
  void core_42_each_run_has_a_clock_with_an_origin_of_its_own() {
    Duration before = Duration.ofNanos(System.nanoTime());
    Duration first = Triad.run(Triad::currentTime);
    Duration second = Triad.run(Triad::currentTime);
    Duration passed = Duration.ofNanos(System.nanoTime()).minus(before);

    assertThat(List.of(first, second))
        .allSatisfy(
            time -> assertThat(time)
                .isBetween(
                    Duration.ofSeconds(10_000), Duration.ofSeconds(200_000).plus(passed)));
    assertThat(second.minus(first).abs()).isNotEqualTo(Duration.ZERO);
  }

  @Test
  void core_42_the_default_clock_never_goes_back() {
    Triad.run(
        () -> {
          Duration last = Triad.currentTime();
          for (int i = 0; i < 1000; i++) {
            Duration now = Triad.currentTime();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
            Triad.checkpoint();
          }
        });
  }

  @Test
  void core_42_the_default_clock_limits_the_sleep_by_the_deadline() {
    Clock clock = Clock.system();
    long now = clock.nanos();

    assertThat(clock.untilNanos(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(clock.untilNanos(now - 1)).isZero();
    assertThat(clock.untilNanos(Long.MIN_VALUE)).isZero();
    assertThat(clock.untilNanos(now + 1_000_000_000_000L)).isBetween(1L, 1_000_000_000_000L);
  }

  @Test
  void core_42_a_run_may_be_given_another_clock() {
    List<String> calls = new ArrayList<>();
    MockClock time = MockClock.autojump();
    Thread caller = Thread.currentThread();
    Clock clock =
        new Clock() {
          @Override
          public void start() {
            calls.add("start");
            assertThat(Thread.currentThread()).isSameAs(caller);
          }

          @Override
          public long nanos() {
            calls.add("nanos");
            return time.nanos();
          }

          @Override
          public long untilNanos(long deadlineNanos) {
            calls.add("until " + deadlineNanos);
            return time.untilNanos(deadlineNanos);
          }

          @Override
          public long idleThresholdNanos() {
            return time.idleThresholdNanos();
          }

          @Override
          public void idle(long nextDeadlineNanos) {
            calls.add("idle " + nextDeadlineNanos);
            time.idle(nextDeadlineNanos);
          }
        };

    Triad.run(
        RunOptions.DEFAULT.withClock(clock),
        () -> {
          assertThat(Triad.currentTime()).isEqualTo(Duration.ZERO);
          Triad.sleep(Duration.ofMillis(250));
          Triad.sleep(Duration.ofMillis(250));
          Triad.sleep(Duration.ofMillis(200));
          assertThat(Triad.currentTime()).isEqualTo(Duration.ofMillis(700));
        });

    assertThat(calls).startsWith("start").containsOnlyOnce("start");
    assertThat(calls)
        .contains("until 250000000", "until 500000000", "until 700000000", "idle 700000000");
  }

  @Test
  void core_42_a_clock_may_begin_before_zero() {
    Clock early =
        new Clock() {
          private long now = -5_000_000_000L;

          @Override
          public long nanos() {
            return now;
          }

          @Override
          public long untilNanos(long deadlineNanos) {
            now = Math.max(now, deadlineNanos);
            return 0;
          }
        };

    Triad.run(
        RunOptions.DEFAULT.withClock(early),
        () -> {
          Triad.sleep(Duration.ofSeconds(4));
          assertThat(Triad.currentTime()).isEqualTo(Duration.ofSeconds(-1));
          Triad.moveOnAfter(
              Triad.FOREVER,
              scope -> {
                assertThat(scope.deadline()).isEqualTo(Triad.FOREVER);
                assertThat(Triad.currentEffectiveDeadline()).isEqualTo(Triad.FOREVER);
              });
          CancelScope scope =
              Triad.moveOnAfter(Duration.ofSeconds(3), _ -> Triad.sleepForever());
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(Triad.currentTime()).isEqualTo(Duration.ofSeconds(2));
        });
  }
}
