package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class NurseryFailureTest {
  /** Runs a nursery as the only thing of a run and returns what comes out of it. */
  private static ExceptionGroup failureOf(NurseryAction body) {
    Throwable thrown = catchThrowable(() -> Triad.run(() -> Nursery.open(body)));
    assertThat(thrown).isInstanceOf(ExceptionGroup.class);
    return (ExceptionGroup) thrown;
  }

  @Test
  void core_44_a_single_failure_leaves_in_a_group() {
    IOException failure = new IOException("child");
    ExceptionGroup group =
        failureOf(
            nursery -> nursery.startSoon(
                () -> {
                  throw failure;
                }));

    assertThat(group).hasMessage("Exceptions from Triad nursery (1 exception)");
    assertThat(group.exceptions()).containsExactly(failure);
  }

  @Test
  void core_44_all_failures_leave_together_and_without_cancelled() {
    IOException body = new IOException("body");
    IOException first = new IOException("first child");
    IOException second = new IOException("second child");
    ExceptionGroup group =
        failureOf(
            nursery -> {
              nursery.startSoon(Triad::sleepForever);
              nursery.startSoon(
                  () -> {
                    Triad.checkpoint();
                    throw first;
                  });
              nursery.startSoon(() -> throwOnCancellation(second));
              throwOnCancellation(body);
            });

    assertThat(group.exceptions()).containsExactlyInAnyOrder(body, first, second);
    assertThat(group.exceptions()).first().isSameAs(first);
  }

  private static void throwOnCancellation(IOException failure) throws IOException {
    try {
      Triad.sleepForever();
    } catch (Cancelled _) {
      throw failure;
    }
  }

  @Test
  void core_44_groups_of_inner_nurseries_stay_groups() {
    IOException failure = new IOException("deep");
    ExceptionGroup group =
        failureOf(
            nursery -> {
              nursery.startSoon(Triad::sleepForever);
              nursery.startSoon(
                  () -> Nursery.open(
                      inner -> {
                        inner.startSoon(Triad::sleepForever);
                        inner.startSoon(
                            () -> {
                              throw failure;
                            });
                      }));
            });

    assertThat(group.exceptions())
        .singleElement()
        .isInstanceOfSatisfying(
            ExceptionGroup.class,
            inner -> assertThat(inner.exceptions()).containsExactly(failure));
  }

  @Test
  void core_44_a_nursery_that_was_only_cancelled_ends_quietly() {
    Triad.run(
        () -> {
          CancelScope[] scope = new CancelScope[1];
          Nursery.open(
              nursery -> {
                scope[0] = nursery.cancelScope();
                nursery.startSoon(Triad::sleepForever);
                nursery.startSoon(
                    () -> Nursery.open(
                        inner -> {
                          inner.startSoon(Triad::sleepForever);
                        }));
                nursery.cancelScope().cancel();
                Triad.sleepForever();
              });
          assertThat(scope[0].cancelledCaught()).isTrue();
        });
  }

  @Test
  void core_44_only_cancelled_from_outside_is_no_group() {
    Triad.run(
        () -> {
          CancelScope outer = new CancelScope();
          Throwable[] seen = new Throwable[1];
          outer.enter(
              _ -> {
                NurseryAction body =
                    nursery -> {
                      nursery.startSoon(Triad::sleepForever);
                      outer.cancel();
                      Triad.checkpoint();
                    };
                seen[0] = catchThrowable(() -> Nursery.open(body));
              });
          assertThat(seen[0]).isInstanceOf(Cancelled.class);
        });
  }
}
