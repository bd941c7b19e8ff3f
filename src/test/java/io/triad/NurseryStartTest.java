package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

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
final class NurseryStartTest {
  private final List<String> steps = new ArrayList<>();

  private static void inNursery(NurseryAction body) {
    Triad.run(RunOptions.DEFAULT.withClock(MockClock.autojump()), () -> Nursery.open(body));
  }

  @Test
  void core_53_start_waits_until_the_child_is_ready_and_hands_its_value_back() {
    inNursery(
        nursery -> {
          String value =
              nursery.start(
                  (TaskStatus<String> status) -> {
                    Triad.sleep(Duration.ofSeconds(1));
                    status.started("ready");
                    steps.add("still in the same turn");
                    Triad.sleep(Duration.ofSeconds(2));
                    steps.add("child ends");
                  });
          assertThat(value).isEqualTo("ready");
          assertThat(Triad.currentTime()).isEqualTo(Duration.ofSeconds(1));
          assertThat(nursery.childTasks()).hasSize(1);
          steps.add("start is over");
        });

    assertThat(steps).containsExactly("still in the same turn", "start is over", "child ends");
  }

  @Test
  void core_53_without_a_value_it_is_null() {
    inNursery(
        nursery -> {
          Object value = nursery.start("with a name", TaskStatus::started);
          assertThat(value).isNull();
        });
  }

  @Test
  void core_53_the_child_becomes_a_child_of_the_nursery() {
    inNursery(
        nursery -> {
          Task[] child = new Task[1];
          nursery.start(
              "child",
              status -> {
                child[0] = Triad.currentTask();
                assertThat(child[0].eventualParentNursery()).isSameAs(nursery);
                assertThat(child[0].parentNursery()).isNotSameAs(nursery);
                assertThat(nursery.childTasks()).isEmpty();
                status.started();
                assertThat(child[0].eventualParentNursery()).isNull();
                assertThat(child[0].parentNursery()).isSameAs(nursery);
                Triad.checkpoint();
              });
          assertThat(nursery.childTasks()).containsExactly(child[0]);
          assertThat(child[0]).hasToString("child");
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void core_54_a_failure_before_started_leaves_start_as_itself(boolean afterACheckpoint) {
    IOException failure = new IOException("no socket");
    inNursery(
        nursery -> {
          Throwable caught =
              catchThrowable(
                  () -> nursery.start(
                      _ -> {
                        if (afterACheckpoint) {
                          Triad.checkpoint();
                        }
                        throw failure;
                      }));
          assertThat(caught).isSameAs(failure);
          assertThat(nursery.cancelScope().cancelCalled()).isFalse();
          Triad.checkpoint();
          steps.add("the nursery is unharmed");
        });

    assertThat(steps).hasSize(1);
  }

  @Test
  void core_54_a_failure_after_started_is_one_of_the_nursery() {
    IOException failure = new IOException("later");
    assertThatThrownBy(
        () -> inNursery(
            nursery -> {
              nursery.start(
                  status -> {
                    status.started();
                    throw failure;
                  });
              steps.add("start came back");
              Triad.sleepForever();
            }))
        .isInstanceOfSatisfying(
            ExceptionGroup.class, group -> assertThat(group.exceptions()).containsExactly(failure));
    assertThat(steps).containsExactly("start came back");
  }

  @Test
  void core_54_a_child_that_never_says_it_is_ready_is_an_error() {
    inNursery(
        nursery -> assertThatIllegalStateException()
            .isThrownBy(() -> nursery.start(_ -> Triad.checkpoint()))
            .withMessageContaining("child exited without calling"));
  }

  @Test
  void core_54_cancelling_start_cancels_the_child() {
    inNursery(
        nursery -> {
          CancelScope scope =
              Triad.moveOnAfter(
                  Duration.ofSeconds(1),
                  _ -> nursery.start(
                      _ -> {
                        try {
                          Triad.sleepForever();
                        } finally {
                          steps.add("child cancelled");
                        }
                      }));
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(steps).containsExactly("child cancelled");
        });
  }

  @Test
  void core_54_cancelling_start_afterwards_does_not_reach_the_child() {
    inNursery(
        nursery -> {
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> {
                nursery.start(
                    status -> {
                      status.started();
                      Triad.sleep(Duration.ofSeconds(1));
                      steps.add("child goes on");
                    });
                scope.cancel();
                Triad.checkpoint();
              });
          assertThat(scope.cancelledCaught()).isTrue();
        });

    assertThat(steps).containsExactly("child goes on");
  }

  @Test
  void core_55_being_ready_twice_is_an_error() {
    inNursery(
        nursery -> nursery.start(
            (TaskStatus<Integer> status) -> {
              status.started(1);
              assertThatIllegalStateException().isThrownBy(() -> status.started(2));
              Triad.checkpoint();
              assertThatIllegalStateException().isThrownBy(() -> status.started(3));
              steps.add("refused");
            }));

    assertThat(steps).containsExactly("refused");
  }

  @Test
  void core_59_starting_in_a_closed_nursery_is_refused_at_once() {
    Triad.run(
        () -> {
          Nursery[] closed = new Nursery[1];
          Nursery.open(
              nursery -> {
                closed[0] = nursery;
              });
          assertThat(
              Steps.letOthersRun(
                  () -> assertThatIllegalStateException()
                      .isThrownBy(
                          () -> closed[0].start(_ -> steps.add("not reached")))
                      .withMessage("Nursery is closed to new arrivals")))
              .isFalse();
        });

    assertThat(steps).isEmpty();
  }

  @Test
  void core_60_the_same_body_can_be_called_directly() {
    StartBody<String, RuntimeException> body =
        status -> {
          status.started("value");
          status.started("again");
          status.started();
          steps.add("ran");
        };
    body.run(TaskStatus.ignored());

    assertThat(steps).containsExactly("ran");
  }
}
