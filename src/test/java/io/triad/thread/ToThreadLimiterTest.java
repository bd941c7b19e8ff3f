package io.triad.thread;

import static io.triad.testkit.Tasks.assertCancelPoint;
import static io.triad.testkit.Tasks.assertCancelled;
import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.sync.CapacityLimiter;
import io.triad.sync.Limiter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What limits how many threads are at work, and what becomes of its tokens. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class ToThreadLimiterTest {
  private final List<Object> steps = new CopyOnWriteArrayList<>();

  /** Counts what it lends, and can refuse to take it back. */
  private static final class CountingLimiter implements Limiter {
    private final List<String> calls = new ArrayList<>();
    private final List<Object> borrowers = new ArrayList<>();
    private RuntimeException failure;

    @Override
    public void acquireOnBehalfOf(Object borrower) {
      Triad.checkpoint();
      borrowers.add(borrower);
      calls.add("acquire");
    }

    @Override
    public void releaseOnBehalfOf(Object borrower) {
      assertThat(borrowers.remove(borrower)).isTrue();
      calls.add("release");
      if (failure != null) {
        throw failure;
      }
    }
  }

  @Test
  void core_72_looks_for_cancellation_before_anything_else() {
    CountingLimiter limiter = new CountingLimiter();
    Triad.run(
        () -> {
          assertCancelPoint(() -> Threads.toThread(
              ThreadOptions.DEFAULT.withLimiter(limiter), () -> steps.add("ran")));
          assertThat(Threads.activeThreadCount()).isZero();
        });
    assertThat(limiter.calls).isEmpty();
    assertThat(steps).isEmpty();
  }

  // ---- limiters ----

  @Test
  void core_72_the_default_limiter_belongs_to_the_run_and_has_forty_tokens() {
    CapacityLimiter first =
        Triad.run(
            () -> {
              CapacityLimiter limiter = Threads.defaultLimiter();
              assertThat(limiter.totalTokens()).isEqualTo(40);
              assertThat(Threads.defaultLimiter()).isSameAs(limiter);
              Threads.toThread(
                  () -> Threads.fromThreadSync(() -> steps.add(limiter.borrowedTokens())));
              return limiter;
            });
    assertThat(steps).containsExactly(1);
    assertThat(Triad.run(Threads::defaultLimiter)).isNotSameAs(first);
    assertThatIllegalStateException().isThrownBy(Threads::defaultLimiter);
  }

  @Test
  void core_72_no_more_threads_than_tokens_are_at_work() {
    int tokens = 3;
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(tokens);
    CountDownLatch asserted = new CountDownLatch(1);
    Triad.run(
        () -> {
          Threads.defaultLimiter().setTotalTokens(tokens);
          Nursery.open(
              nursery -> {
                for (int i = 0; i < 20; i++) {
                  nursery.startSoon(
                      () -> Threads.toThread(
                          () -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            full.countDown();
                            full.await();
                            asserted.await();
                            now.decrementAndGet();
                          }));
                }
                settle();
                assertThat(Threads.activeThreadCount()).isEqualTo(20);
                assertThat(Threads.defaultLimiter().statistics().tasksWaiting()).isEqualTo(17);
                asserted.countDown();
              });
          assertThat(Threads.defaultLimiter().borrowedTokens()).isZero();
        });
    assertThat(most).hasValue(tokens);
  }

  @Test
  void core_72_any_object_may_be_the_limiter() {
    CountingLimiter limiter = new CountingLimiter();
    Triad.run(
        () -> {
          Threads.toThread(
              ThreadOptions.DEFAULT.withLimiter(limiter),
              () -> {
                steps.add(limiter.borrowers.getFirst().toString());
                assertThat(limiter.calls).containsExactly("acquire");
              });
          assertThat(limiter.calls).containsExactly("acquire", "release");
        });
    assertThat(steps).containsExactly("thread \"ToThreadLimiterTest from main\"");
  }

  @Test
  void core_72_a_caller_cancelled_while_it_waits_for_a_token_has_borrowed_none() {
    CapacityLimiter limiter = new CapacityLimiter(0);
    Triad.run(
        () -> {
          assertCancelled(
              () -> Threads.toThread(
                  ThreadOptions.DEFAULT.withLimiter(limiter), () -> steps.add("ran")),
              scope -> {
                settle();
                assertThat(Threads.activeThreadCount()).isEqualTo(1);
                scope.cancel();
              });
          assertThat(Threads.activeThreadCount()).isZero();
          assertThat(limiter.borrowedTokens()).isZero();
        });
    assertThat(steps).isEmpty();
  }

  // ---- errors of the limiter ----

  @Test
  void core_74_an_error_from_giving_the_token_back_replaces_the_result() {
    CountingLimiter limiter = new CountingLimiter();
    limiter.failure = new IllegalArgumentException("not taken back");
    IOException ofFunction = new IOException("of the function");
    ThreadOptions options = ThreadOptions.DEFAULT.withLimiter(limiter);
    Triad.run(
        () -> {
          assertThatThrownBy(() -> Threads.toThread(options, () -> "result"))
              .isSameAs(limiter.failure)
              .hasNoSuppressedExceptions();
          assertThatThrownBy(
              () -> Threads.toThread(
                  options,
                  () -> {
                    throw ofFunction;
                  }))
              .isSameAs(limiter.failure)
              .hasSuppressedException(ofFunction);
          assertThat(Threads.activeThreadCount()).isZero();
        });
  }

  @Test
  void core_74_a_thread_that_cannot_be_started_returns_its_token() {
    OutOfMemoryError noThread = new OutOfMemoryError("no thread left");
    CountingLimiter limiter = new CountingLimiter();
    Triad.run(
        () -> {
          RunThreads.of(Loop.requireFiber().loop())
              .setCache(
                  new ThreadCache(
                      1,
                      _ -> {
                        throw noThread;
                      }));
          ThreadOptions options = ThreadOptions.DEFAULT.withLimiter(limiter);
          assertThatThrownBy(() -> Threads.toThread(options, () -> steps.add("ran")))
              .isSameAs(noThread)
              .hasNoSuppressedExceptions();
          assertThat(limiter.calls).containsExactly("acquire", "release");
          assertThat(limiter.borrowers).isEmpty();
          assertThat(Threads.activeThreadCount()).isZero();

          limiter.failure = new IllegalArgumentException("not taken back");
          assertThatThrownBy(() -> Threads.toThread(options, () -> steps.add("ran")))
              .isSameAs(noThread)
              .hasSuppressedException(limiter.failure);
        });
    assertThat(steps).isEmpty();
  }
}
