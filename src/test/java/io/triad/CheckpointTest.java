package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.sync.Event;
import io.triad.testing.MockClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class CheckpointTest {

  /** Operations that may block, here without a reason to. */
  static final List<Named<Action<Exception>>> MAY_BLOCK =
      List.of(
          Named.of("checkpoint", Triad::checkpoint),
          Named.of("sleep nothing", () -> Triad.sleep(Duration.ZERO)),
          Named.of("sleep", () -> Triad.sleep(Duration.ofNanos(1))),
          Named.of("sleepUntil the past", () -> Triad.sleepUntil(Duration.ofSeconds(-1))),
          Named.of("sleepUntil now", () -> Triad.sleepUntil(Triad.currentTime())),
          Named.of("await what has happened", () -> setEvent().await()));

  private static Event setEvent() {
    Event event = new Event();
    event.set();
    return event;
  }

  @Test
  void core_09_two_tasks_alternate() {
    List<String> steps = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (String name : List.of("a", "b")) {
                nursery.startSoon(
                    () -> {
                      for (int i = 0; i < 1000; i++) {
                        steps.add(name);
                        Triad.checkpoint();
                      }
                    });
              }
            }));

    assertThat(steps).hasSize(2000);
    for (int i = 0; i < steps.size(); i += 2) {
      assertThat(steps.subList(i, i + 2)).as("batch %d", i / 2).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void core_09_who_becomes_ready_in_a_batch_waits_for_the_next() {
    List<String> steps = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    steps.add("first");
                    nursery.startSoon(() -> steps.add("late"));
                    Triad.checkpoint();
                    steps.add("again");
                  });
              nursery.startSoon(() -> steps.add("second"));
            }));

    assertThat(steps.subList(0, 2)).containsExactlyInAnyOrder("first", "second");
    assertThat(steps.subList(2, 4)).containsExactlyInAnyOrder("late", "again");
  }

  @Test
  void core_10_a_child_does_not_run_before_its_starter_lets_it() {
    List<String> steps = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> steps.add("child"));
              CancelScope.open(_ -> steps.add("starter"));
              Triad.checkpoint();
              steps.add("starter again");
            }));

    assertThat(steps).containsExactly("starter", "child", "starter again");
  }

  @ParameterizedTest
  @FieldSource("MAY_BLOCK")
  void core_11_what_may_block_is_a_checkpoint_even_if_it_need_not(Action<Exception> operation)
      throws Exception {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          assertThat(Steps.letOthersRun(operation)).as("lets others run").isTrue();
          assertThat(Steps.isCancelPoint(operation)).as("is a cancel point").isTrue();
          assertThat(Steps.letOthersRun(() -> Steps.isCancelPoint(operation)))
              .as("lets others run also when it throws")
              .isTrue();
        });
  }

  @Test
  void core_11_waiting_for_a_child_to_be_ready_is_a_checkpoint() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              assertThat(Steps.letOthersRun(() -> nursery.start(TaskStatus::started)))
                  .isTrue();
            }));
  }

  static Stream<Arguments> immediate() {
    CancelScope scope = new CancelScope();
    return Stream.<Named<Action<Exception>>>of(
        Named.of("currentTime", Triad::currentTime),
        Named.of("currentEffectiveDeadline", Triad::currentEffectiveDeadline),
        Named.of("a scope", () -> CancelScope.open(_ -> {})),
        Named.of("a time-out", () -> Triad.moveOnAfter(Duration.ofSeconds(1), _ -> {})),
        Named.of("a time-out of zero", () -> Triad.failAfter(Duration.ZERO, _ -> 1)),
        Named.of("cancel", scope::cancel),
        Named.of("cancelCalled", scope::cancelCalled),
        Named.of("setShield", () -> scope.setShield(true)),
        Named.of("setDeadline", () -> new CancelScope().setDeadline(Duration.ZERO)),
        Named.of("Event.set", () -> new Event().set()),
        Named.of("Event.isSet", () -> new Event().isSet()),
        Named.of("Event.statistics", () -> new Event().statistics()),
        Named.of("started, ignored", () -> TaskStatus.ignored().started()))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("immediate")
  void core_13_immediate_calls_are_no_schedule_points(Action<Exception> operation) {
    Triad.run(() -> assertThat(Steps.letOthersRun(operation)).isFalse());
  }

  @ParameterizedTest
  @MethodSource("immediate")
  void core_13_immediate_calls_are_no_cancel_points(Action<Exception> operation) throws Exception {
    Triad.run(() -> assertThat(Steps.isCancelPoint(operation)).isFalse());
  }

  @Test
  void core_13_starting_a_task_and_waking_one_are_immediate() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Event event = new Event();
              nursery.startSoon(event::await);
              Triad.checkpoint();
              assertThat(event.statistics().tasksWaiting()).isEqualTo(1);
              assertThat(Steps.letOthersRun(() -> nursery.startSoon(() -> {}))).isFalse();
              assertThat(Steps.letOthersRun(event::set)).isFalse();
            }));
  }

  @Test
  void core_14_a_checkpoint_yields_before_it_looks_for_cancellation() {
    Triad.run(
        () -> CancelScope.open(
            scope -> {
              boolean[] ran = {false};
              assertThatThrownBy(
                  () -> Nursery.open(
                      nursery -> {
                        nursery.startSoon(
                            () -> {
                              ran[0] = true;
                              scope.cancel();
                            });
                        Triad.checkpoint(); // not cancelled when it begins
                      }))
                  .isInstanceOf(Cancelled.class);
              assertThat(ran[0]).isTrue();
            }));
  }

  @Test
  void core_14_checkpoint_if_cancelled_does_nothing_or_everything() throws Exception {
    Triad.run(
        () -> {
          assertThat(Steps.letOthersRun(Triad::checkpointIfCancelled)).isFalse();
          assertThat(Steps.isCancelPoint(Triad::checkpointIfCancelled)).isTrue();
          assertThat(Steps.letOthersRun(() -> Steps.isCancelPoint(Triad::checkpointIfCancelled)))
              .isTrue();
        });
  }

  @Test
  void core_14_a_shielded_checkpoint_yields_and_never_throws() throws Exception {
    Triad.run(
        () -> {
          assertThat(Steps.letOthersRun(Triad::cancelShieldedCheckpoint)).isTrue();
          assertThat(Steps.isCancelPoint(Triad::cancelShieldedCheckpoint)).isFalse();
          assertThat(
              Steps.letOthersRun(() -> Steps.isCancelPoint(Triad::cancelShieldedCheckpoint)))
              .isTrue();
        });
  }

  @Test
  void core_15_a_cancelled_wait_leaves_no_trace() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          Event event = new Event();
          CancelScope.open(
              scope -> {
                scope.cancel();
                event.await();
              });
          Triad.moveOnAfter(Duration.ofSeconds(1), _ -> event.await());
          assertThat(event.statistics().tasksWaiting()).isZero();
          assertThat(event.isSet()).isFalse();

          Triad.moveOnAfter(Duration.ofSeconds(1), _ -> Triad.sleep(Duration.ofSeconds(2)));
          Triad.sleep(Duration.ofSeconds(5)); // would be cut short by a timer left over
          assertThat(Triad.currentTime()).isEqualTo(Duration.ofSeconds(7));
        });
  }

  @Test
  void core_17_a_nursery_yields_at_its_end_and_not_at_its_opening() {
    Triad.run(
        () -> Nursery.open(
            outer -> {
              List<String> steps = new ArrayList<>();
              outer.startSoon(() -> steps.add("other task"));
              Nursery.open(
                  _ -> {
                    steps.add("body");
                  });
              steps.add("after");
              assertThat(steps).containsExactly("body", "other task", "after");
            }));
  }

  @Test
  void core_17_the_end_of_a_nursery_is_no_cancel_point() {
    Triad.run(
        () -> {
          CancelScope empty =
              CancelScope.open(
                  scope -> {
                    scope.cancel();
                    Nursery.open(_ -> {});
                  });
          CancelScope childWithoutCheckpoint =
              CancelScope.open(
                  scope -> {
                    scope.cancel();
                    Nursery.open(
                        nursery -> {
                          nursery.startSoon(() -> {});
                        });
                  });
          CancelScope cancelledWhileWaiting =
              CancelScope.open(
                  scope -> Nursery.open(
                      nursery -> {
                        nursery.startSoon(
                            () -> {
                              Triad.checkpoint();
                              scope.cancel(); // the parent waits at the end by now
                            });
                      }));

          assertThat(List.of(empty, childWithoutCheckpoint, cancelledWhileWaiting))
              .allSatisfy(
                  scope -> {
                    assertThat(scope.cancelCalled()).isTrue();
                    assertThat(scope.cancelledCaught()).isFalse();
                  });
        });
  }
}
