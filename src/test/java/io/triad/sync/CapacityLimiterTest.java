package io.triad.sync;

import static io.triad.testkit.Tasks.assertCancelPoint;
import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.startInScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.WouldBlockException;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class CapacityLimiterTest {
  private static void queue(Nursery nursery, CapacityLimiter limiter, Object... borrowers) {
    for (Object borrower : borrowers) {
      nursery.startSoon(() -> limiter.acquireOnBehalfOf(borrower));
      Settling.waitAllTasksBlocked();
    }
  }

  private static void assertState(CapacityLimiter limiter, int waiting, Object... borrowers) {
    assertThat(limiter.statistics())
        .isEqualTo(
            new CapacityLimiter.Statistics(
                borrowers.length, limiter.totalTokens(), List.of(borrowers), waiting));
  }

  @Test
  void core_63_it_counts_what_is_borrowed_free_and_there() {
    Triad.run(
        () -> {
          CapacityLimiter limiter = new CapacityLimiter(2);
          assertThat(limiter).hasToString("CapacityLimiter, 0 of 2 tokens lent, 0 waiting");
          Checkpoints.assertCheckpoints(limiter::acquire);
          assertThat(limiter.borrowedTokens()).isEqualTo(1);
          assertThat(limiter.availableTokens()).isEqualTo(1);
          assertThat(limiter.totalTokens()).isEqualTo(2);
          assertState(limiter, 0, Triad.currentTask());
          Checkpoints.assertNoCheckpoints(() -> limiter.acquireOnBehalfOfNowait("other"));
          assertState(limiter, 0, Triad.currentTask(), "other");
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(() -> limiter.acquireOnBehalfOfNowait("third"));
          Checkpoints.assertNoCheckpoints(limiter::release);
          assertState(limiter, 0, "other");
          try (var _ = limiter.hold()) {
            assertState(limiter, 0, "other", Triad.currentTask());
          }
          limiter.acquireNowait();
          limiter.release();
          assertState(limiter, 0, "other");
        });
  }

  @Test
  void core_63_each_borrower_has_at_most_one_token() {
    inNursery(
        nursery -> {
          CapacityLimiter limiter = new CapacityLimiter(2);
          limiter.acquire();
          assertThatIllegalStateException().isThrownBy(limiter::acquire)
              .withMessageContaining("already");
          assertThatIllegalStateException().isThrownBy(limiter::acquireNowait);
          limiter.acquireOnBehalfOf("someone");
          assertThatIllegalStateException()
              .isThrownBy(() -> limiter.acquireOnBehalfOf(new String("someone")));
          assertThatIllegalStateException()
              .isThrownBy(() -> limiter.releaseOnBehalfOf("nobody"))
              .withMessageContaining("nobody");
          queue(nursery, limiter, "waiting");
          assertThatIllegalStateException()
              .isThrownBy(() -> limiter.acquireOnBehalfOf("waiting"))
              .withMessageContaining("waits");
          limiter.releaseOnBehalfOf("someone");
          assertState(limiter, 0, Triad.currentTask(), "waiting");
        });
  }

  @Test
  void core_63_a_total_of_zero_lends_nothing() {
    inNursery(
        nursery -> {
          CapacityLimiter limiter = new CapacityLimiter(0);
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(limiter::acquireNowait);
          queue(nursery, limiter, 1, 2);
          assertState(limiter, 2);
          limiter.setTotalTokens(1);
          assertState(limiter, 1, 1);
          limiter.setTotalTokens(0);
          limiter.releaseOnBehalfOf(1);
          assertState(limiter, 1);
          limiter.setTotalTokens(7);
          assertState(limiter, 0, 2);
          assertThat(limiter.availableTokens()).isEqualTo(6);
        });
  }

  @Test
  void core_63_an_unlimited_total_lends_to_everybody() {
    Triad.run(
        () -> {
          CapacityLimiter limiter = new CapacityLimiter(CapacityLimiter.UNLIMITED);
          for (int i = 0; i < 1000; i++) {
            limiter.acquireOnBehalfOfNowait(i);
          }
          assertThat(limiter.borrowedTokens()).isEqualTo(1000);
          assertThat(limiter.availableTokens()).isEqualTo(CapacityLimiter.UNLIMITED);
          assertThat(limiter)
              .hasToString("CapacityLimiter, 1000 of any number of tokens lent, 0 waiting");
        });
  }

  @Test
  void core_63_raising_the_total_wakes_exactly_as_many_as_fit() {
    inNursery(
        nursery -> {
          CapacityLimiter limiter = new CapacityLimiter(2);
          queue(nursery, limiter, 0, 1, 2, 3, 4, 5);
          assertState(limiter, 4, 0, 1);
          limiter.setTotalTokens(4);
          assertState(limiter, 2, 0, 1, 2, 3);
          limiter.setTotalTokens(1);
          assertThat(limiter.borrowedTokens()).isEqualTo(4);
          assertThat(limiter.availableTokens()).isZero();
          limiter.releaseOnBehalfOf(0);
          limiter.releaseOnBehalfOf(1);
          limiter.releaseOnBehalfOf(2);
          assertState(limiter, 2, 3);
          limiter.releaseOnBehalfOf(3);
          assertState(limiter, 1, 4);
          limiter.setTotalTokens(CapacityLimiter.UNLIMITED);
          assertState(limiter, 0, 4, 5);
        });
  }

  @Test
  void core_64_a_waiter_cannot_be_overtaken() {
    inNursery(
        nursery -> {
          CapacityLimiter limiter = new CapacityLimiter(1);
          limiter.acquire();
          queue(nursery, limiter, "first", "second");
          limiter.release();
          assertState(limiter, 1, "first");
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(limiter::acquireNowait);
          limiter.releaseOnBehalfOf("first");
          assertState(limiter, 0, "second");
        });
  }

  @Test
  void core_63_a_cancelled_acquire_leaves_no_trace() {
    inNursery(
        nursery -> {
          CapacityLimiter limiter = new CapacityLimiter(0);
          CancelScope scope = startInScope(
              nursery,
              () -> limiter.acquireOnBehalfOf("cancelled"));
          Settling.waitAllTasksBlocked();
          scope.cancel();
          assertState(limiter, 0);
          queue(nursery, limiter, "cancelled");
          assertState(limiter, 1);
          limiter.setTotalTokens(1);
          assertState(limiter, 0, "cancelled");

          limiter.setTotalTokens(9);
          assertCancelPoint(limiter::acquire);
          assertState(limiter, 0, "cancelled");
        });
  }

  @Test
  void core_63_bad_arguments_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new CapacityLimiter(-1))
        .withMessageContaining("-1");
    CapacityLimiter limiter = new CapacityLimiter(2);
    assertThatIllegalArgumentException().isThrownBy(() -> limiter.setTotalTokens(-1));
    assertThat(limiter.totalTokens()).isEqualTo(2);
    assertThatIllegalStateException().isThrownBy(limiter::acquire);
    Triad.run(
        () -> {
          assertThatNullPointerException().isThrownBy(() -> limiter.acquireOnBehalfOf(null));
          assertThatNullPointerException()
              .isThrownBy(() -> limiter.acquireOnBehalfOfNowait(null));
          assertThatNullPointerException().isThrownBy(() -> limiter.releaseOnBehalfOf(null));
          assertThatIllegalStateException().isThrownBy(limiter::release);
        });
    assertState(limiter, 0);
  }
}
