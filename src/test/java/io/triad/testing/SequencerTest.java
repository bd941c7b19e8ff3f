package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.Triad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SequencerTest {
  @Test
  void test_14_blocks_of_several_tasks_run_in_order() {
    Sequencer sequencer = new Sequencer();
    List<Integer> order = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    sequencer.run(2, () -> order.add(2));
                    sequencer.run(5, () -> order.add(5));
                  });
              nursery.startSoon(() -> sequencer.run(4, () -> order.add(4)));
              nursery.startSoon(
                  () -> {
                    sequencer.run(1, () -> order.add(1));
                    sequencer.run(3, () -> order.add(3));
                  });
              Settling.waitAllTasksBlocked();
              assertThat(order).isEmpty();
              sequencer.run(0, () -> order.add(0));
            }));
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void test_14_a_block_begins_only_when_the_one_before_has_been_left() {
    Sequencer sequencer = new Sequencer();
    List<String> events = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> sequencer.run(1, () -> events.add("second")));
              sequencer.run(
                  0,
                  () -> {
                    events.add("first begins");
                    Settling.waitAllTasksBlocked();
                    events.add("first ends");
                  });
            }));
    assertThat(events).containsExactly("first begins", "first ends", "second");
  }

  @Test
  void test_14_an_exception_leaves_a_block_like_anything_else() {
    Sequencer sequencer = new Sequencer();
    IOException failure = new IOException();
    List<String> events = new ArrayList<>();
    Triad.run(
        () -> {
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(
                  () -> sequencer.run(
                      0,
                      () -> {
                        throw failure;
                      }))
              .isSameAs(failure);
          sequencer.run(1, () -> events.add("went on"));
        });
    assertThat(events).containsExactly("went on");
  }

  @Test
  void test_14_position_zero_waits_for_nobody() {
    Sequencer sequencer = new Sequencer();
    Triad.run(
        () -> {
          Checkpoints.assertNoCheckpoints(() -> sequencer.run(0, () -> {}));
          Checkpoints.assertCheckpoints(() -> sequencer.run(1, () -> {}));
        });
  }

  @Test
  void test_15_a_position_can_be_used_once() {
    Sequencer sequencer = new Sequencer();
    Triad.run(
        () -> {
          sequencer.run(0, () -> {});
          sequencer.run(1, () -> {});
          for (int position = 0; position < 2; position++) {
            int used = position;
            assertThatIllegalStateException()
                .isThrownBy(() -> sequencer.run(used, () -> fail()))
                .withMessage("attempted to reuse sequence point " + used);
          }
          sequencer.run(2, () -> {});
        });
    assertThatIllegalArgumentException().isThrownBy(() -> sequencer.run(-1, () -> fail()));
  }

  private static void fail() {
    throw new AssertionError("this block must not run");
  }

  @Test
  void test_16_a_cancelled_waiter_breaks_the_sequence_for_everybody() {
    Sequencer sequencer = new Sequencer();
    List<String> messages = new ArrayList<>();
    CancelScope scope = new CancelScope();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> scope.enter(
                      _ -> assertThatIllegalStateException()
                          .isThrownBy(() -> sequencer.run(1, () -> fail()))
                          .withCauseInstanceOf(Cancelled.class)
                          .satisfies(e -> messages.add("cancelled: " + e.getMessage()))));
              for (int position : new int[] {2, 10}) {
                nursery.startSoon(
                    () -> assertThatIllegalStateException()
                        .isThrownBy(() -> sequencer.run(position, () -> fail()))
                        .satisfies(e -> messages.add(position + ": " + e.getMessage())));
              }
              Settling.waitAllTasksBlocked();
              scope.cancel();
              Settling.waitAllTasksBlocked();
              for (int position : new int[] {0, 1, 11}) {
                assertThatIllegalStateException()
                    .isThrownBy(() -> sequencer.run(position, () -> fail()))
                    .withMessageContaining("sequence broken");
              }
            }));
    assertThat(scope.cancelledCaught()).isFalse();
    assertThat(messages)
        .hasSize(3)
        .anySatisfy(m -> assertThat(m).startsWith("cancelled: sequencer wait cancelled"))
        .anySatisfy(m -> assertThat(m).startsWith("2: sequence broken"))
        .anySatisfy(m -> assertThat(m).startsWith("10: sequence broken"));
  }

  @Test
  void test_16_a_block_that_has_begun_may_be_cancelled() {
    Sequencer sequencer = new Sequencer();
    List<String> events = new ArrayList<>();
    Triad.run(
        () -> {
          CancelScope.open(
              scope -> sequencer.run(
                  0,
                  () -> {
                    scope.cancel();
                    Triad.checkpoint();
                  }));
          sequencer.run(1, () -> events.add("went on"));
        });
    assertThat(events).containsExactly("went on");
  }
}
