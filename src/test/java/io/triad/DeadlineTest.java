package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.testing.MockClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class DeadlineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void core_26_a_deadline_cancels_when_its_moment_comes() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope scope =
              CancelScope.open(
                  s -> {
                    assertThat(s.deadline()).isEqualTo(Triad.FOREVER);
                    s.setDeadline(SECOND.multipliedBy(5));
                    assertThat(s.deadline()).isEqualTo(SECOND.multipliedBy(5));
                    Triad.sleepForever();
                  });
          assertThat(Triad.currentTime()).isEqualTo(SECOND.multipliedBy(5));
          assertThat(scope.cancelCalled()).isTrue();
          assertThat(scope.cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_26_a_deadline_may_be_moved_while_a_task_sleeps() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> Nursery.open(
            nursery -> {
              CancelScope scope = new CancelScope().setDeadline(SECOND.multipliedBy(100));
              Duration[] woken = new Duration[1];
              nursery.startSoon(
                  () -> {
                    scope.enter(_ -> Triad.sleepForever());
                    woken[0] = Triad.currentTime();
                  });
              Triad.checkpoint();
              scope.setDeadline(SECOND.multipliedBy(2));
              Triad.sleepUntil(SECOND);
              scope.setDeadline(SECOND.multipliedBy(3));
              Triad.sleepUntil(SECOND.multipliedBy(10));
              assertThat(woken[0]).isEqualTo(SECOND.multipliedBy(3));
            }));
  }

  @Test
  void core_26_a_deadline_moved_into_the_past_makes_the_next_checkpoint_throw() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope scope =
              CancelScope.open(
                  s -> {
                    Triad.checkpoint();
                    s.setDeadline(SECOND.negated());
                    assertThatThrownBy(Triad::checkpoint).isInstanceOf(Cancelled.class);
                    Triad.checkpoint();
                  });
          assertThat(scope.cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_26_a_deadline_in_the_past_cancels_on_entry() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          boolean[] entered = {false};
          CancelScope scope = new CancelScope().setDeadline(Duration.ZERO);
          scope.enter(
              _ -> {
                entered[0] = true;
                Triad.checkpoint();
              });
          assertThat(entered[0]).isTrue();
          assertThat(scope.cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_27_reading_after_the_deadline_cancels_for_good() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope unentered = new CancelScope().setDeadline(SECOND);
          assertThat(unentered.cancelCalled()).isFalse();
          Triad.sleepUntil(SECOND);
          assertThat(unentered.cancelCalled()).isTrue();
          unentered.setDeadline(Triad.FOREVER);
          assertThat(unentered.cancelCalled()).isTrue();

          unentered.enter(_ -> Triad.checkpoint());
          assertThat(unentered.cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_27_what_nobody_read_may_be_put_off() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope unread = new CancelScope().setDeadline(SECOND);
          Triad.sleepUntil(SECOND.multipliedBy(2));
          unread.setDeadline(SECOND.multipliedBy(3));
          assertThat(unread.cancelCalled()).isFalse();
        });
  }

  @Test
  void core_28_leaving_in_time_disarms_the_deadline() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope scope = Triad.moveOnAfter(SECOND, _ -> Triad.checkpoint());
          Triad.sleep(SECOND.multipliedBy(2));
          assertThat(scope.cancelCalled()).isFalse();
          assertThat(scope.cancelledCaught()).isFalse();
          scope.setDeadline(SECOND.multipliedBy(3));
          Triad.sleep(SECOND.multipliedBy(2));
          assertThat(scope.cancelCalled()).as("moved after the exit").isFalse();
        });
  }

  @Test
  void core_29_a_negative_time_out_is_refused() {
    CancelScope scope = new CancelScope();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scope.setTimeout(Duration.ofNanos(-1)))
        .withMessageContaining("must be non-negative");
    assertThat(scope.timeout()).isEqualTo(Triad.FOREVER);
    Triad.run(
        () -> {
          scope.enter(
              s -> assertThatIllegalArgumentException()
                  .isThrownBy(() -> s.setTimeout(Triad.FOREVER.negated())));
          assertThat(scope.cancelCalled()).isFalse();
        });
  }

  @Test
  void core_29_core_30_before_the_entry_a_scope_has_one_kind_of_deadline() {
    CancelScope relative = new CancelScope().setTimeout(SECOND);
    assertThatIllegalStateException().isThrownBy(relative::deadline);
    assertThatIllegalStateException().isThrownBy(() -> relative.setDeadline(SECOND));
    assertThat(relative.timeout()).isEqualTo(SECOND);

    CancelScope absolute = new CancelScope().setDeadline(SECOND);
    assertThatIllegalStateException().isThrownBy(absolute::timeout);
    assertThatIllegalStateException().isThrownBy(() -> absolute.setTimeout(SECOND));
    assertThat(absolute.deadline()).isEqualTo(SECOND);
  }

  @Test
  void core_30_a_time_out_counts_from_the_entry() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope scope = new CancelScope().setTimeout(SECOND.multipliedBy(5));
          Triad.sleep(SECOND.multipliedBy(10));
          assertThat(scope.cancelCalled()).isFalse();
          scope.setTimeout(SECOND.multipliedBy(3));
          scope.enter(
              _ -> {
                assertThat(scope.deadline()).isEqualTo(SECOND.multipliedBy(13));
                Triad.sleepForever();
              });
          assertThat(Triad.currentTime()).isEqualTo(SECOND.multipliedBy(13));
          assertThat(scope.cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_30_after_the_entry_both_properties_work() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope scope = new CancelScope().setTimeout(SECOND.multipliedBy(5));
          scope.enter(
              _ -> {
                Triad.sleep(SECOND);
                assertThat(scope.timeout()).isEqualTo(SECOND.multipliedBy(4));
                scope.setDeadline(SECOND.multipliedBy(3));
                assertThat(scope.timeout()).isEqualTo(SECOND.multipliedBy(2));
                scope.setTimeout(SECOND.multipliedBy(7));
                assertThat(scope.deadline()).isEqualTo(SECOND.multipliedBy(8));
                scope.setTimeout(Triad.FOREVER);
                assertThat(scope.deadline()).isEqualTo(Triad.FOREVER);
                Triad.sleep(SECOND.multipliedBy(100));
              });
          assertThat(scope.cancelCalled()).isFalse();
          scope.setTimeout(SECOND);
          Triad.sleep(SECOND.multipliedBy(2));
          assertThat(scope.timeout()).isEqualTo(SECOND.negated());
        });
  }

  @Test
  void core_31_the_effective_deadline_is_the_earliest_one_up_to_the_nearest_shield() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          assertThat(Triad.currentEffectiveDeadline()).isEqualTo(Triad.FOREVER);
          Triad.moveOnAt(
              SECOND.multipliedBy(5),
              outer -> {
                assertThat(Triad.currentEffectiveDeadline()).isEqualTo(SECOND.multipliedBy(5));
                Triad.moveOnAt(
                    SECOND.multipliedBy(9),
                    inner -> {
                      assertThat(Triad.currentEffectiveDeadline())
                          .isEqualTo(SECOND.multipliedBy(5));
                      inner.setShield(true);
                      assertThat(Triad.currentEffectiveDeadline())
                          .isEqualTo(SECOND.multipliedBy(9));
                      inner.setDeadline(SECOND.multipliedBy(3));
                      assertThat(Triad.currentEffectiveDeadline())
                          .isEqualTo(SECOND.multipliedBy(3));
                      outer.cancel();
                      assertThat(Triad.currentEffectiveDeadline())
                          .as("cancelled, but behind the shield")
                          .isEqualTo(SECOND.multipliedBy(3));
                    });
                assertThat(Triad.currentEffectiveDeadline()).isEqualTo(Triad.FOREVER.negated());
                CancelScope.open(
                    shield -> {
                      shield.setShield(true);
                      assertThat(Triad.currentEffectiveDeadline()).isEqualTo(Triad.FOREVER);
                    });
              });
          assertThat(Triad.currentEffectiveDeadline()).isEqualTo(Triad.FOREVER);
        });
  }

  @Test
  void core_31_a_task_sees_the_deadlines_around_its_nursery() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> Triad.moveOnAt(
            SECOND.multipliedBy(5),
            _ -> Nursery.open(
                nursery -> {
                  Triad.moveOnAt(
                      SECOND,
                      _ -> nursery.startSoon(
                          () -> assertThat(Triad.currentEffectiveDeadline())
                              .isEqualTo(SECOND.multipliedBy(5))));
                })));
  }

  @Test
  void core_34_a_deadline_may_be_moved_a_hundred_thousand_times() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope scope =
              CancelScope.open(
                  s -> {
                    for (int i = 0; i < 100_000; i++) {
                      s.setDeadline(SECOND.plusNanos(i % 7 == 0 ? -i : i));
                    }
                    s.setDeadline(SECOND);
                    Triad.sleepForever();
                  });
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(Triad.currentTime()).isEqualTo(SECOND);
        });
  }
}
