package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.Action;
import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Triad;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CheckpointsTest {
  private static final Duration INSTANT = Duration.ofNanos(1);

  @Test
  void test_17_a_checkpoint_satisfies_and_nothing_does_not() {
    Triad.run(
        () -> {
          Checkpoints.assertCheckpoints(Triad::checkpoint);
          Checkpoints.assertCheckpoints(() -> Triad.sleep(INSTANT));
          assertThatExceptionOfType(AssertionError.class)
              .isThrownBy(() -> Checkpoints.assertCheckpoints(() -> {}))
              .withMessageContaining("no checkpoint");
        });
  }

  @Test
  void test_17_a_half_is_not_enough_and_both_halves_are() {
    Triad.run(
        () -> {
          assertThatExceptionOfType(AssertionError.class)
              .isThrownBy(
                  () -> Checkpoints.assertCheckpoints(Triad::cancelShieldedCheckpoint));
          assertThatExceptionOfType(AssertionError.class)
              .isThrownBy(() -> Checkpoints.assertCheckpoints(Triad::checkpointIfCancelled));
          Checkpoints.assertCheckpoints(
              () -> {
                Triad.checkpointIfCancelled();
                Triad.cancelShieldedCheckpoint();
              });
        });
  }

  @Test
  void test_17_what_the_action_throws_passes_untouched() {
    IOException thrown = new IOException();
    Triad.run(
        () -> assertThatExceptionOfType(IOException.class)
            .isThrownBy(
                () -> Checkpoints.assertCheckpoints(
                    () -> {
                      throw thrown;
                    }))
            .isSameAs(thrown));
  }

  @Test
  void test_17_only_the_calling_task_counts() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(Triad::checkpoint);
              assertThatExceptionOfType(AssertionError.class)
                  .isThrownBy(
                      () -> Checkpoints.assertCheckpoints(
                          () -> nursery.startSoon(Triad::checkpoint)));
            }));
  }

  @Test
  void test_18_either_half_is_too_much() {
    Triad.run(
        () -> {
          Checkpoints.assertNoCheckpoints(() -> CancelScope.open(_ -> {}));
          for (Action<RuntimeException> half : List.<Action<RuntimeException>>of(
              Triad::checkpoint,
              Triad::cancelShieldedCheckpoint,
              Triad::checkpointIfCancelled)) {
            assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Checkpoints.assertNoCheckpoints(half));
          }
        });
  }

  @Test
  void test_18_also_if_the_action_throws() {
    IOException thrown = new IOException();
    Triad.run(
        () -> {
          assertThatExceptionOfType(AssertionError.class)
              .isThrownBy(
                  () -> Checkpoints.<IOException>assertNoCheckpoints(
                      () -> {
                        Triad.checkpoint();
                        throw thrown;
                      }))
              .satisfies(
                  e -> assertThat(e).hasSuppressedException(thrown));
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(
                  () -> Checkpoints.assertNoCheckpoints(
                      () -> {
                        throw thrown;
                      }));
        });
  }

  @Test
  void outside_of_a_task_nothing_can_be_asserted() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Checkpoints.assertCheckpoints(() -> {}));
  }
}
