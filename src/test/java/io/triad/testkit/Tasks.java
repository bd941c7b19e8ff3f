package io.triad.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.Action;
import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.NurseryAction;
import io.triad.RunOptions;
import io.triad.ScopeAction;
import io.triad.Triad;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** How tests start tasks and other threads, cancel them, and let them run. */
public final class Tasks {
  /** More than any task of a test needs to go on to where it blocks. */
  private static final int PASSES = 10;

  private Tasks() {}

  /** Makes a run of its own, and does something in it inside a nursery. */
  public static void inNursery(NurseryAction body) {
    inNursery(RunOptions.DEFAULT, body);
  }

  /** Makes a run of its own with these options, and does something in it inside a nursery. */
  public static void inNursery(RunOptions options, NurseryAction body) {
    Triad.run(options, () -> Nursery.open(body));
  }

  /** Starts a task inside a scope of its own, which is returned so that it can be cancelled. */
  public static CancelScope startInScope(Nursery nursery, Action<? extends Exception> body) {
    CancelScope scope = new CancelScope();
    nursery.startSoon(() -> scope.enter(_ -> body.run()));
    return scope;
  }

  /**
   * Does something in a task whose scope {@code meanwhile} cancels, waits for both, and asserts
   * that the cancellation has ended the task.
   */
  public static void assertCancelled(
      Action<? extends Exception> body, ScopeAction<? extends Exception> meanwhile) {
    CancelScope scope = Nursery.call(
        nursery -> {
          CancelScope started = startInScope(nursery, body);
          meanwhile.run(started);
          return started;
        });
    assertThat(scope).isNotNull();
    assertThat(scope.cancelledCaught()).isTrue();
  }

  /** Does something inside a scope that is cancelled already, and asserts that this ends it. */
  public static <E extends Exception> void assertCancelPoint(Action<E> body) throws E {
    CancelScope scope = new CancelScope();
    scope.cancel();
    scope.enter(_ -> body.run());
    assertThat(scope.cancelledCaught()).isTrue();
  }

  /** Does something on a thread that Triad knows nothing of; the result is what it has thrown. */
  public static FutureTask<@Nullable Throwable> onForeignThread(
      Action<? extends Exception> action) {
    FutureTask<@Nullable Throwable> outcome = new FutureTask<>(() -> catchThrowable(action::run));
    Thread.ofPlatform().start(outcome);
    return outcome;
  }

  /** Lets every task that is ready run, several times over. */
  public static void settle() {
    for (int pass = 0; pass < PASSES; pass++) {
      Triad.cancelShieldedCheckpoint();
    }
  }
}
