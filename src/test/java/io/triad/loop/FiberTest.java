package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Fibers on an engine without a kernel. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class FiberTest extends OnFakeEngine {
  @Test
  void only_a_sleeping_fiber_can_be_resumed_and_only_once() {
    Fiber sleeper = start(() -> self().suspend(Abort.NEVER));
    start(
        () -> {
          assertThat(sleeper.isSuspended()).isTrue();
          sleeper.resume();
          assertThat(sleeper.isSuspended()).isFalse();
          assertThatIllegalStateException().isThrownBy(sleeper::resume);
          assertThatIllegalStateException().isThrownBy(self()::resume);
          self().yieldNow();
          assertThat(sleeper.isDone()).isTrue();
          assertThatIllegalStateException().isThrownBy(sleeper::resume);
        });
    loop.run();
  }

  @Test
  void a_fiber_may_be_woken_with_something_to_throw() {
    Error error = new Error("bad news");
    AtomicReference<Throwable> caught = new AtomicReference<>();
    Fiber sleeper = start(() -> caught.set(catchThrowable(() -> self().suspend(Abort.NEVER))));
    start(() -> sleeper.resumeWith(error));
    loop.run();

    assertThat(caught).hasValue(error);
  }

  @Test
  void the_abort_function_is_asked_at_most_once_per_sleep() {
    int[] asked = {0};
    Fiber sleeper =
        start(
            () -> {
              self()
                  .suspend(
                      () -> {
                        asked[0]++;
                        return false;
                      });
              steps.add("resumed by somebody");
            });
    start(
        () -> {
          Scope shielded = new Scope();
          shielded.attach(scope);
          self().setCancelStatus(shielded);
          shielded.setShield(true);
          scope.request();
          assertThat(asked[0]).isEqualTo(1);
          sleeper.setCancelStatus(scope);
          assertThat(asked[0]).isEqualTo(1);
          assertThat(sleeper.isSuspended()).isTrue();
          sleeper.resume();
        });
    loop.run();

    assertThat(steps).containsExactly("resumed by somebody");
  }

  @Test
  void a_fiber_that_is_moved_into_a_cancelled_scope_gets_its_cancellation() {
    Scope cancelled = new Scope();
    cancelled.request();
    AtomicReference<Throwable> caught = new AtomicReference<>();
    Fiber sleeper = start(() -> caught.set(catchThrowable(() -> self().suspend(() -> true))));
    start(() -> sleeper.setCancelStatus(cancelled));
    loop.run();

    assertThat(caught.get()).hasMessage("cancelled");
  }

  @Test
  void outside_of_a_fiber_there_is_none() {
    assertThat(Loop.currentFiber()).isNull();
    assertThatIllegalStateException().isThrownBy(Loop::requireFiber);
    AtomicReference<Boolean> isFiberElsewhere = new AtomicReference<>();
    start(
        () -> {
          assertThat(Loop.currentFiber()).isSameAs(self());
          assertThat(Loop.current()).isSameAs(loop);
          Thread other =
              Thread.ofPlatform()
                  .start(() -> isFiberElsewhere.set(Loop.currentFiber() != null));
          joinAsTheJdkDoes(other);
          assertThat(Loop.currentFiber()).as("after a wait of the JDK").isSameAs(self());
        });
    loop.run();

    assertThat(isFiberElsewhere).hasValue(false);
  }

  private static void joinAsTheJdkDoes(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
