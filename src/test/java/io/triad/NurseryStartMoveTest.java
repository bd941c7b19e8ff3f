package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.sync.Event;
import io.triad.testing.MockClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class NurseryStartMoveTest {
  private final List<String> steps = new ArrayList<>();

  private static void inNursery(NurseryAction body) {
    Triad.run(RunOptions.DEFAULT.withClock(MockClock.autojump()), () -> Nursery.open(body));
  }

  @Test
  void core_56_started_in_a_cancelled_start_changes_nothing() {
    inNursery(
        nursery -> {
          CancelScope scope =
              CancelScope.open(
                  s -> nursery.start(
                      status -> {
                        s.cancel();
                        status.started();
                        assertThat(Triad.currentTask().parentNursery()).isNotSameAs(nursery);
                        assertThat(nursery.childTasks()).isEmpty();
                        Triad.checkpoint();
                        steps.add("not reached");
                      }));
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(steps).isEmpty();
        });
  }

  @Test
  void core_56_the_later_error_of_the_child_leaves_start() {
    IOException failure = new IOException("while cancelled");
    inNursery(
        nursery -> {
          CancelScope scope = new CancelScope();
          Throwable caught =
              catchThrowable(
                  () -> scope.enter(
                      _ -> nursery.start(
                          status -> {
                            scope.cancel();
                            status.started();
                            assertThatThrownBy(Triad::checkpoint)
                                .isInstanceOf(Cancelled.class);
                            throw failure;
                          })));
          assertThat(caught).isSameAs(failure);
          assertThat(scope.cancelledCaught()).isFalse();
        });
  }

  @Test
  void core_56_without_a_checkpoint_start_ends_normally() {
    inNursery(
        nursery -> {
          CancelScope scope =
              CancelScope.open(
                  s -> {
                    int value =
                        nursery.start(
                            (TaskStatus<Integer> status) -> {
                              s.cancel();
                              status.started(7);
                            });
                    steps.add("value " + value);
                  });
          assertThat(scope.cancelledCaught()).isFalse();
        });

    assertThat(steps).containsExactly("value 7");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void core_57_cancelling_the_nursery_about_started_reaches_grandchildren(boolean before) {
    inNursery(
        nursery -> {
          nursery.start(
              status -> Nursery.open(
                  own -> {
                    own.startSoon(() -> sleepAndNote("grandchild"));
                    own.startSoon(
                        () -> CancelScope.open(
                            _ -> Nursery.open(
                                deep -> {
                                  deep.startSoon(
                                      () -> sleepAndNote("great-grandchild"));
                                })));
                    Steps.settle();
                    if (before) {
                      nursery.cancelScope().cancel();
                      assertThat(steps).isEmpty();
                      status.started();
                    } else {
                      status.started();
                      nursery.cancelScope().cancel();
                    }
                    sleepAndNote("child");
                  }));
        });

    assertThat(steps).containsExactlyInAnyOrder("child", "grandchild", "great-grandchild");
  }

  private void sleepAndNote(String who) {
    try {
      Triad.sleepForever();
    } finally {
      steps.add(who);
    }
  }

  @Test
  void core_57_grandchildren_outlive_the_cancellation_of_the_old_place() {
    inNursery(
        nursery -> {
          CancelScope around = new CancelScope();
          around.enter(
              _ -> {
                nursery.start(
                    status -> Nursery.open(
                        own -> {
                          own.startSoon(
                              () -> {
                                Triad.sleep(Duration.ofSeconds(1));
                                steps.add("grandchild");
                              });
                          status.started();
                        }));
                around.cancel();
              });
        });

    assertThat(steps).containsExactly("grandchild");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void core_58_a_pending_start_keeps_the_nursery_open(boolean fails) {
    IOException failure = new IOException("not ready");
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> Nursery.open(
            outer -> {
              Nursery[] target = new Nursery[1];
              Event opened = new Event();
              outer.startSoon(
                  () -> {
                    Nursery.open(
                        nursery -> {
                          target[0] = nursery;
                          opened.set();
                          Triad.checkpoint(); // long enough for start to be called
                        });
                    steps.add("closed after " + Triad.currentTime().toSeconds());
                  });
              opened.await();
              Throwable thrown =
                  catchThrowable(
                      () -> target[0].start(
                          status -> {
                            Triad.sleep(Duration.ofSeconds(3));
                            assertThat(target[0].childTasks()).isEmpty();
                            if (fails) {
                              throw failure;
                            }
                            status.started();
                            Triad.sleep(Duration.ofSeconds(2));
                          }));
              assertThat(thrown).isSameAs(fails ? failure : null);
            }));

    assertThat(steps).containsExactly(fails ? "closed after 3" : "closed after 5");
  }

  @Test
  void core_61_an_error_before_started_keeps_its_cause_and_its_suppressed_list() {
    IOException cause = new IOException("cause");
    IOException suppressed = new IOException("suppressed");
    IllegalStateException failure = new IllegalStateException("failure", cause);
    failure.addSuppressed(suppressed);
    inNursery(
        nursery -> {
          Throwable caught =
              catchThrowable(
                  () -> nursery.start(
                      _ -> {
                        throw failure;
                      }));
          assertThat(caught).isSameAs(failure).hasCause(cause);
          assertThat(caught.getSuppressed()).containsExactly(suppressed);
        });
  }

  @Test
  void core_61_tasks_smuggled_in_that_fail_together_are_an_internal_error() {
    IOException first = new IOException("first");
    IOException second = new IOException("second");
    inNursery(
        nursery -> assertThatThrownBy(
            () -> nursery.start(
                _ -> {
                  Nursery room = Triad.currentTask().parentNursery();
                  room.startSoon(
                      () -> {
                        throw second;
                      });
                  throw first;
                }))
            .isInstanceOf(TriadInternalError.class)
            .cause()
            .isInstanceOfSatisfying(
                ExceptionGroup.class,
                group -> assertThat(group.exceptions()).containsExactlyInAnyOrder(first, second)));
  }
}
