package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class CancelScopeTest {
  @Test
  void core_18_every_checkpoint_throws_again_and_again() {
    Triad.run(
        () -> {
          int[] thrown = {0};
          CancelScope.open(
              scope -> {
                Triad.checkpoint();
                scope.cancel();
                for (int i = 0; i < 10; i++) {
                  assertThatThrownBy(Triad::checkpoint).isInstanceOf(Cancelled.class);
                  thrown[0]++;
                }
              });
          assertThat(thrown[0]).isEqualTo(10);
          Triad.checkpoint(); // the scope is left: no more
        });
  }

  @Test
  void core_18_cancelling_reaches_the_tasks_of_all_nurseries_inside() {
    List<String> cancelled = new ArrayList<>();
    Triad.run(
        () -> CancelScope.open(
            scope -> Nursery.open(
                nursery -> {
                  nursery.startSoon("child", () -> sleepAndNote(cancelled));
                  nursery.startSoon(
                      "parent",
                      () -> Nursery.open(
                          inner -> {
                            inner.startSoon(
                                "grandchild", () -> sleepAndNote(cancelled));
                            sleepAndNote(cancelled);
                          }));
                  Steps.settle();
                  scope.cancel();
                  sleepAndNote(cancelled);
                })));

    assertThat(cancelled).containsExactlyInAnyOrder("main", "child", "parent", "grandchild");
  }

  private static void sleepAndNote(List<String> cancelled) {
    for (int times = 0; times < 3; times++) {
      assertThatThrownBy(Triad::sleepForever).isInstanceOf(Cancelled.class);
    }
    cancelled.add(Triad.currentTask().name());
    Triad.checkpoint();
  }

  @Test
  void core_19_the_scope_that_was_cancelled_swallows() {
    Triad.run(
        () -> {
          boolean[] through = {true};
          CancelScope outer = new CancelScope();
          CancelScope inner = new CancelScope();
          outer.enter(
              _ -> {
                inner.enter(
                    _ -> {
                      inner.cancel();
                      Triad.checkpoint();
                      through[0] = false;
                    });
                Triad.checkpoint();
              });
          assertThat(through[0]).isTrue();
          assertThat(inner.cancelledCaught()).isTrue();
          assertThat(outer.cancelledCaught()).isFalse();
          assertThat(outer.cancelCalled()).isFalse();
        });
  }

  @Test
  void core_19_outermost_visible_scope_catches() {
    Triad.run(
        () -> {
          CancelScope[] scopes = new CancelScope[4];
          nest(scopes, 0, () -> {
            scopes[1].cancel();
            scopes[3].cancel();
            Triad.checkpoint();
          });
          assertThat(scopes)
              .extracting(CancelScope::cancelledCaught)
              .containsExactly(false, true, false, false);
        });
  }

  @Test
  void core_19_behind_a_shield_the_inner_scope_catches() {
    Triad.run(
        () -> {
          CancelScope[] scopes = new CancelScope[4];
          nest(scopes, 0, () -> {
            scopes[2].setShield(true);
            scopes[0].cancel();
            scopes[2].cancel();
            scopes[3].cancel();
            Triad.checkpoint();
          });
          assertThat(scopes)
              .extracting(CancelScope::cancelledCaught)
              .containsExactly(false, false, true, false);
        });
  }

  private static void nest(CancelScope[] scopes, int depth, Action<RuntimeException> innermost) {
    if (depth == scopes.length) {
      innermost.run();
      return;
    }
    scopes[depth] = CancelScope.open(scope -> {
      scopes[depth] = scope;
      nest(scopes, depth + 1, innermost);
    });
  }

  @Test
  void core_20_a_shield_raised_in_flight_changes_no_owner() {
    Triad.run(
        () -> {
          CancelScope inner = new CancelScope();
          CancelScope outer =
              CancelScope.open(
                  scope -> inner.enter(
                      _ -> {
                        scope.cancel();
                        try {
                          Triad.checkpoint();
                        } finally {
                          inner.setShield(true);
                        }
                      }));
          assertThat(outer.cancelledCaught()).isTrue();
          assertThat(inner.cancelledCaught()).isFalse();
        });
  }

  @Test
  void core_20_a_shield_lowered_in_flight_hands_it_to_the_outer_scope() {
    Triad.run(
        () -> {
          CancelScope inner = new CancelScope().setShield(true);
          CancelScope outer =
              CancelScope.open(
                  scope -> inner.enter(
                      _ -> {
                        scope.cancel();
                        inner.cancel();
                        try {
                          Triad.checkpoint();
                        } finally {
                          inner.setShield(false);
                        }
                      }));
          assertThat(outer.cancelledCaught()).isTrue();
          assertThat(inner.cancelledCaught()).isFalse();
        });
  }

  @Test
  void core_21_nothing_is_delivered_after_a_body_that_ended() {
    Triad.run(
        () -> {
          CancelScope scope = CancelScope.open(CancelScope::cancel);
          Triad.checkpoint();
          assertThat(scope.cancelCalled()).isTrue();
          assertThat(scope.cancelledCaught()).isFalse();
        });
  }

  @Test
  void core_21_another_exception_is_no_cancellation() {
    IOException failure = new IOException("other");
    CancelScope scope = new CancelScope();
    Throwable caught =
        catchThrowable(
            () -> Triad.run(
                () -> scope.enter(
                    s -> {
                      s.cancel();
                      throw failure;
                    })));

    assertThat(caught).isSameAs(failure);
    assertThat(scope.cancelledCaught()).isFalse();
  }

  @Test
  void core_23_a_scope_may_be_cancelled_before_it_is_entered() {
    CancelScope scope = new CancelScope();
    scope.cancel();
    scope.cancel();
    assertThat(scope.cancelCalled()).isTrue();

    List<String> steps = new ArrayList<>();
    Triad.run(
        () -> scope.enter(
            _ -> {
              steps.add("entered");
              Triad.checkpoint();
              steps.add("past the checkpoint");
            }));

    assertThat(steps).containsExactly("entered");
    assertThat(scope.cancelledCaught()).isTrue();
  }

  @Test
  void core_23_any_task_may_cancel_any_number_of_times() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              CancelScope scope = new CancelScope();
              for (int i = 0; i < 3; i++) {
                nursery.startSoon(scope::cancel);
              }
              scope.enter(_ -> Triad.sleepForever());
              assertThat(scope.cancelledCaught()).isTrue();
            }));
  }

  @Test
  void core_23_after_the_exit_only_the_answer_changes() {
    Triad.run(
        () -> {
          CancelScope scope = CancelScope.open(_ -> Triad.checkpoint());
          assertThat(scope.cancelCalled()).isFalse();
          scope.cancel();
          assertThat(scope.cancelCalled()).isTrue();
          assertThat(scope.cancelledCaught()).isFalse();
          Triad.checkpoint();
        });
  }

  @Test
  void core_24_a_scope_is_good_for_one_entry() {
    Triad.run(
        () -> {
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> {
                assertRefused(scope);
                Nursery.open(
                    nursery -> {
                      nursery.startSoon(() -> assertRefused(scope));
                    });
                assertThat(scope.toString()).startsWith("CancelScope active");
              });
          assertRefused(scope);
        });
  }

  private static void assertRefused(CancelScope scope) {
    assertThatIllegalStateException()
        .isThrownBy(() -> scope.enter(_ -> {}))
        .withMessageContaining("single body");
  }
}
