package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ShieldTest {

  @Test
  void core_25_a_shield_keeps_away_what_comes_from_outside() {
    Triad.run(
        () -> {
          List<String> steps = new ArrayList<>();
          CancelScope outer =
              CancelScope.open(
                  scope -> {
                    scope.cancel();
                    CancelScope.open(
                        shielded -> {
                          assertThat(shielded.setShield(true).shield()).isTrue();
                          Triad.checkpoint();
                          steps.add("shielded");
                        });
                    steps.add("outside of the shield");
                    Triad.checkpoint();
                    steps.add("never");
                  });
          assertThat(steps).containsExactly("shielded", "outside of the shield");
          assertThat(outer.cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_25_a_shield_does_not_keep_away_the_own_cancellation_nor_those_inside() {
    Triad.run(
        () -> {
          CancelScope inside = new CancelScope();
          boolean[] reached = {false};
          CancelScope own =
              CancelScope.open(
                  scope -> {
                    scope.setShield(true);
                    inside.enter(
                        _ -> {
                          inside.cancel();
                          Triad.checkpoint();
                        });
                    reached[0] = true;
                    scope.cancel();
                    Triad.checkpoint();
                  });
          assertThat(inside.cancelledCaught()).isTrue();
          assertThat(reached[0]).isTrue();
          assertThat(own.cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_25_switching_acts_at_once() {
    Triad.run(
        () -> CancelScope.open(
            outer -> CancelScope.open(
                inner -> {
                  outer.cancel();
                  for (int i = 0; i < 5; i++) {
                    inner.setShield(true);
                    Triad.checkpoint();
                    inner.setShield(false);
                    assertThatThrownBy(Triad::checkpoint).isInstanceOf(Cancelled.class);
                  }
                })));
  }

  @Test
  void core_25_lowering_the_shield_wakes_a_sleeper() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<String> steps = new ArrayList<>();
              CancelScope outer = new CancelScope();
              CancelScope shielded = new CancelScope().setShield(true);
              nursery.startSoon(
                  () -> {
                    outer.enter(_ -> shielded.enter(_ -> Triad.sleepForever()));
                    steps.add("woken");
                  });
              Triad.checkpoint();
              outer.cancel();
              Steps.settle();
              assertThat(steps).isEmpty();

              shielded.setShield(false);
              Steps.settle();
              assertThat(steps).containsExactly("woken");
              assertThat(outer.cancelledCaught()).isTrue();
              assertThat(shielded.cancelledCaught()).isFalse();
            }));
  }

  @Test
  void core_25_a_shield_raised_again_does_not_call_back_what_was_delivered() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              CancelScope outer = new CancelScope();
              CancelScope shielded = new CancelScope().setShield(true);
              List<String> steps = new ArrayList<>();
              nursery.startSoon(
                  () -> outer.enter(
                      _ -> shielded.enter(
                          _ -> {
                            assertThatThrownBy(Triad::sleepForever)
                                .isInstanceOf(Cancelled.class);
                            Triad.checkpoint(); // shielded again
                            steps.add("went on");
                          })));
              Triad.checkpoint();
              outer.cancel();
              shielded.setShield(false);
              shielded.setShield(true);
              Steps.settle();
              assertThat(steps).containsExactly("went on");
              assertThat(outer.cancelledCaught()).isFalse();
            }));
  }

  @Test
  void core_25_a_shield_protects_tasks_of_nurseries_inside() {
    Triad.run(
        () -> {
          List<String> steps = new ArrayList<>();
          CancelScope.open(
              outer -> CancelScope.open(
                  shielded -> {
                    shielded.setShield(true);
                    Nursery.open(
                        nursery -> {
                          nursery.startSoon(
                              () -> {
                                outer.cancel();
                                Triad.checkpoint();
                                steps.add("child");
                              });
                          Steps.settle();
                          Triad.checkpoint();
                          steps.add("body");
                        });
                  }));
          assertThat(steps).containsExactly("child", "body");
        });
  }
}
