package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.loop.Fiber;
import io.triad.testing.MockClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class TimeoutsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A way to limit a body to one second from the start of the run; says whether it was late. */
  interface Limit {
    boolean isExceededBy(ScopeAction<RuntimeException> body);
  }

  static final List<Named<Limit>> LIMITS =
      List.of(
          Named.of("moveOnAfter", body -> Triad.moveOnAfter(SECOND, body).cancelledCaught()),
          Named.of("moveOnAt", body -> Triad.moveOnAt(SECOND, body).cancelledCaught()),
          Named.of("failAfter", body -> isTooSlow(() -> Triad.failAfter(SECOND, body))),
          Named.of("failAt", body -> isTooSlow(() -> Triad.failAt(SECOND, body))),
          Named.of(
              "failAfter with result",
              body -> isTooSlow(() -> Triad.<Integer, RuntimeException>failAfter(SECOND, s -> {
                body.run(s);
                return 1;
              }))),
          Named.of(
              "failAt with result",
              body -> isTooSlow(() -> Triad.<Integer, RuntimeException>failAt(SECOND, s -> {
                body.run(s);
                return 1;
              }))));

  private static boolean isTooSlow(Action<RuntimeException> action) {
    try {
      action.run();
      return false;
    } catch (TooSlowException _) {
      return true;
    }
  }

  @ParameterizedTest
  @FieldSource("LIMITS")
  void core_38_the_time_out_strikes_when_the_body_is_late(Limit limit) {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          boolean[] cutShort = {true};
          boolean late =
              limit.isExceededBy(
                  _ -> {
                    Triad.sleep(SECOND.multipliedBy(2));
                    cutShort[0] = false;
                  });
          assertThat(late).isTrue();
          assertThat(cutShort[0]).isTrue();
          assertThat(Triad.currentTime()).isEqualTo(SECOND);
        });
  }

  @ParameterizedTest
  @FieldSource("LIMITS")
  void core_38_the_time_out_is_silent_when_the_body_is_in_time(Limit limit) {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          assertThat(limit.isExceededBy(_ -> Triad.sleep(Duration.ofMillis(999)))).isFalse();
          assertThat(Triad.currentTime()).isEqualTo(Duration.ofMillis(999));
        });
  }

  @ParameterizedTest
  @FieldSource("LIMITS")
  void core_38_only_what_the_scope_has_caught_counts(Limit limit) {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          boolean late =
              limit.isExceededBy(
                  scope -> {
                    CancelScope.open(
                        shielded -> {
                          shielded.setShield(true);
                          Triad.sleep(SECOND.multipliedBy(2));
                        });
                    assertThat(scope.cancelCalled()).isTrue(); // late, but nothing was cut short
                  });
          assertThat(late).isFalse();
        });
  }

  @Test
  void core_38_fail_after_hands_the_result_back() {
    Triad.run(
        () -> {
          assertThat(Triad.<Integer, RuntimeException>failAfter(SECOND, _ -> 7)).isEqualTo(7);
          assertThat(
              Triad.<Integer, RuntimeException>failAt(
                  Triad.currentTime().plus(SECOND), _ -> 8))
              .isEqualTo(8);
        });
  }

  @Test
  void core_38_a_cancellation_from_outside_is_not_a_time_out() {
    Triad.run(
        () -> {
          CancelScope outer =
              CancelScope.open(
                  scope -> Triad.failAfter(
                      SECOND,
                      _ -> {
                        scope.cancel();
                        Triad.checkpoint();
                      }));
          assertThat(outer.cancelledCaught()).isTrue();
        });
  }

  @ParameterizedTest
  @FieldSource("LIMITS")
  void core_39_a_time_out_may_shield_from_outside(Limit limit) {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          boolean[] protectedAgainstOuter = {false};
          CancelScope outer =
              CancelScope.open(
                  scope -> {
                    scope.cancel();
                    limit.isExceededBy(
                        inner -> {
                          inner.setShield(true);
                          Triad.checkpoint();
                          protectedAgainstOuter[0] = true;
                        });
                  });
          assertThat(protectedAgainstOuter[0]).isTrue();
          assertThat(outer.cancelledCaught()).isFalse();
        });
  }

  @ParameterizedTest
  @FieldSource("LIMITS")
  void core_39_a_shielded_time_out_strikes_nevertheless(Limit limit) {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          assertThat(
              limit.isExceededBy(
                  scope -> {
                    scope.setShield(true);
                    Triad.sleepForever();
                  }))
              .isTrue();
          assertThat(Triad.currentTime()).isEqualTo(SECOND);
        });
  }

  @Test
  void core_40_negative_durations_are_refused() {
    Duration negative = Duration.ofNanos(-1);
    Triad.run(
        () -> {
          List<Action<RuntimeException>> refused =
              List.of(
                  () -> Triad.sleep(negative),
                  () -> Triad.moveOnAfter(negative, _ -> {}),
                  () -> Triad.failAfter(negative, _ -> {}),
                  () -> Triad.failAfter(negative, _ -> 1));
          for (Action<RuntimeException> action : refused) {
            assertThatIllegalArgumentException()
                .isThrownBy(action::run)
                .withMessageContaining("must be non-negative");
          }
        });
  }

  @Test
  void core_40_instants_may_be_past() {
    Triad.run(
        () -> {
          Duration past = Triad.currentTime().minus(SECOND);
          Triad.sleepUntil(past);
          assertThat(Triad.moveOnAt(past, _ -> Triad.checkpoint()).cancelledCaught()).isTrue();
          ScopeAction<RuntimeException> body = _ -> Triad.checkpoint();
          assertThatThrownBy(() -> Triad.failAt(past, body)).isInstanceOf(TooSlowException.class);
        });
  }

  @Test
  void core_41_no_sleep_ends_early() {
    Triad.run(
        () -> {
          for (int i = 0; i < 20; i++) {
            Duration wanted = Triad.currentTime().plus(Duration.ofNanos(1 + 50_000L * i));
            Triad.sleepUntil(wanted);
            assertThat(Triad.currentTime()).isGreaterThanOrEqualTo(wanted);
          }
        });
  }

  @Test
  void core_41_sleepers_wake_in_the_order_of_their_deadlines() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          List<Integer> order = new ArrayList<>();
          Nursery.open(
              nursery -> {
                for (int i = 0; i < 1000; i++) {
                  int seconds = (i * 619) % 1000; // each of 0 to 999 once
                  nursery.startSoon(
                      () -> {
                        Triad.sleep(SECOND.multipliedBy(seconds));
                        assertThat(Triad.currentTime()).isEqualTo(SECOND.multipliedBy(seconds));
                        order.add(seconds);
                      });
                }
              });
          assertThat(order).hasSize(1000).isSorted();
        });
  }

  @Test
  void core_41_a_sleep_without_end_is_over_by_cancellation_only() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          CancelScope scope = Triad.moveOnAfter(SECOND, _ -> Triad.sleep(Triad.FOREVER));
          assertThat(scope.cancelledCaught()).isTrue();
          scope =
              Triad.moveOnAfter(
                  SECOND, _ -> Triad.sleepUntil(Triad.FOREVER));
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(Triad.currentTime()).isEqualTo(SECOND.multipliedBy(2));
        });
  }

  @Test
  void core_41_waking_a_sleep_without_end_by_hand_is_an_error() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Fiber sleeper = Runs.fiber();
              nursery.startSoon(sleeper::resume);
              assertThatIllegalStateException()
                  .isThrownBy(Triad::sleepForever)
                  .withMessageContaining("woken by hand");
            }));
  }
}
