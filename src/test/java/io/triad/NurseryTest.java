package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
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

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class NurseryTest {
  private final List<String> steps = new ArrayList<>();

  /** Runs a nursery as the only thing of a run and returns what comes out of it. */
  private static ExceptionGroup failureOf(NurseryAction body) {
    Throwable thrown = catchThrowable(() -> Triad.run(() -> Nursery.open(body)));
    assertThat(thrown).isInstanceOf(ExceptionGroup.class);
    return (ExceptionGroup) thrown;
  }

  @Test
  void core_43_a_nursery_waits_for_its_children() {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          String result =
              Nursery.call(
                  nursery -> {
                    nursery.startSoon(
                        () -> {
                          Triad.sleep(Duration.ofSeconds(1));
                          nursery.startSoon(
                              () -> {
                                Triad.sleep(Duration.ofSeconds(1));
                                steps.add("grandchild");
                              });
                          steps.add("child");
                        });
                    steps.add("body");
                    return "result";
                  });
          assertThat(result).isEqualTo("result");
          assertThat(steps).containsExactly("body", "child", "grandchild");
        });
  }

  @Test
  void core_43_a_nursery_waits_for_its_children_also_when_its_body_throws() {
    IOException failure = new IOException("body");
    ExceptionGroup group =
        failureOf(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    assertThatThrownBy(Triad::sleepForever).isInstanceOf(Cancelled.class);
                    CancelScope.open(
                        scope -> {
                          scope.setShield(true);
                          Triad.sleep(Duration.ofNanos(1));
                        });
                    steps.add("cleaned up");
                  });
              Triad.checkpoint();
              throw failure;
            });

    assertThat(steps).containsExactly("cleaned up");
    assertThat(group.exceptions()).containsExactly(failure);
  }

  @Test
  void core_45_a_failing_child_wakes_the_body_wherever_it_waits() {
    IOException failure = new IOException("child");
    ExceptionGroup group =
        failureOf(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    throw failure;
                  });
              CancelScope.open(
                  _ -> Nursery.open(
                      inner -> {
                        inner.startSoon(Triad::sleepForever);
                        new Event().await();
                      }));
              steps.add("not reached");
            });

    assertThat(group.exceptions()).containsExactly(failure);
    assertThat(steps).isEmpty();
  }

  @Test
  void core_47_a_child_lives_under_the_scopes_of_its_nursery() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              CancelScope around =
                  CancelScope.open(
                      scope -> {
                        nursery.startSoon(
                            () -> {
                              Triad.checkpoint();
                              steps.add("child");
                            });
                        scope.cancel();
                        Triad.checkpoint();
                      });
              assertThat(around.cancelledCaught()).isTrue();
            }));

    assertThat(steps).containsExactly("child");
  }

  @Test
  void core_48_a_child_of_a_cancelled_nursery_runs_up_to_its_first_checkpoint() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.cancelScope().cancel();
              nursery.startSoon(
                  () -> {
                    steps.add("begun");
                    Triad.checkpoint();
                    steps.add("not reached");
                  });
            }));

    assertThat(steps).containsExactly("begun");
  }

  @Test
  void core_49_any_task_may_add_children_while_the_owner_waits() {
    Triad.run(
        () -> Nursery.open(
            outer -> {
              Nursery[] inner = new Nursery[1];
              Event release = new Event();
              outer.startSoon(
                  () -> Nursery.open(
                      nursery -> {
                        inner[0] = nursery;
                        nursery.startSoon(release::await);
                      }));
              Steps.settle(); // the owner waits at the end by now
              inner[0].startSoon(() -> steps.add("from outside"));
              inner[0].startSoon(
                  () -> inner[0].startSoon(() -> steps.add("from its own child")));
              Steps.settle();
              assertThat(steps).containsExactly("from outside", "from its own child");
              release.set();
              Steps.settle();
              assertThatClosed(inner[0]);
            }));
  }

  @Test
  void core_49_closed_is_closed_while_the_owner_has_yet_to_notice() {
    Triad.run(
        () -> Nursery.open(
            outer -> {
              outer.startSoon(
                  () -> Nursery.open(
                      nursery -> {
                        outer.startSoon(
                            () -> {
                              assertThatClosed(nursery); // it is in its last yield
                              steps.add("refused");
                            });
                      }));
            }));

    assertThat(steps).containsExactly("refused");
  }

  private static void assertThatClosed(Nursery nursery) {
    assertThatIllegalStateException()
        .isThrownBy(() -> nursery.startSoon(() -> {}))
        .withMessage("Nursery is closed to new arrivals");
    assertThatIllegalStateException()
        .isThrownBy(() -> nursery.start(TaskStatus::started))
        .withMessage("Nursery is closed to new arrivals");
    assertThat(nursery.childTasks()).isEmpty();
  }

  @Test
  void core_50_tasks_and_nurseries_can_be_looked_at() {
    Task[] ended = new Task[1];
    Nursery[] closed = new Nursery[1];
    NurseryAction sleepers =
        nursery -> {
          closed[0] = nursery;
          nursery.startSoon(Triad::sleepForever);
          nursery.startSoon(
              "a name",
              () -> {
                ended[0] = Triad.currentTask();
                assertThat(Thread.currentThread().getName()).isEqualTo("a name");
                Triad.sleepForever();
              });
          Triad.checkpoint();
          assertThat(nursery.childTasks())
              .extracting(Task::name)
              .containsExactlyInAnyOrder("a name", "task");
          assertThat(ended[0].parentNursery()).isSameAs(nursery);
        };
    Triad.run(
        () -> {
          Task main = Triad.currentTask();
          assertThat(main.name()).isEqualTo("main");
          assertThat(main.parentNursery()).isNull();
          assertThat(main.eventualParentNursery()).isNull();
          assertThat(main.childNurseries()).isEmpty();
          Nursery.open(
              outer -> {
                NurseryAction innerBody =
                    inner -> {
                      assertThat(main.childNurseries()).containsExactly(outer, inner);
                      assertThat(inner.parentTask()).isSameAs(main);
                      assertThat(inner.cancelScope()).isNotSameAs(outer.cancelScope());
                      assertThat(outer.childTasks()).isEmpty();
                      sleepers.run(inner);
                      outer.cancelScope().cancel();
                    };
                Nursery.open(innerBody);
              });
          assertThat(main.childNurseries()).isEmpty();
        });

    assertThat(ended[0].parentNursery()).isSameAs(closed[0]);
    assertThat(closed[0].parentTask().name()).isEqualTo("main");
    assertThat(closed[0].childTasks()).isEmpty();
  }

  @Test
  void core_50_a_child_leaves_the_list_wherever_it_stands() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<Event> release = new ArrayList<>();
              List<String> left = new ArrayList<>();
              for (int i = 0; i < 5; i++) {
                Event event = new Event();
                release.add(event);
                left.add("child " + i);
                nursery.startSoon("child " + i, event::await);
              }
              for (int i : new int[] {2, 0, 4, 1, 3}) {
                release.get(i).set();
                Steps.settle();
                left.remove("child " + i);
                assertThat(nursery.childTasks())
                    .extracting(Task::name)
                    .containsExactlyInAnyOrderElementsOf(left);
              }
            }));
  }

  @Test
  void ten_thousand_tasks_are_cancelled_at_once() {
    int[] ended = {0};
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (int i = 0; i < 10_000; i++) {
                nursery.startSoon(
                    () -> {
                      try {
                        Triad.sleepForever();
                      } finally {
                        ended[0]++;
                      }
                    });
              }
              Triad.checkpoint();
              nursery.cancelScope().cancel();
            }));

    assertThat(ended[0]).isEqualTo(10_000);
  }
}
