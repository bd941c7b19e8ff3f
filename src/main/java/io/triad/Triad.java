package io.triad;

import io.triad.loop.Abort;
import io.triad.loop.Deadline;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Starts runs, and holds what every task needs: checkpoints, sleeping, time-outs.
 *
 * <p>A <em>checkpoint</em> lets other tasks run and throws {@link Cancelled} if a scope around the
 * caller has been cancelled. Every method of Triad that may block, and that returns normally, has
 * executed one, whether it needed to block or not (CORE-11).
 */
public final class Triad {
  /** A duration without end: the deadline that means "none". */
  public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  private Triad() {}

  // ---- runs ----

  /**
   * Runs a body as the main task of a new run, on the calling thread, and returns its result. The
   * calling thread carries all tasks of the run until the last one has ended.
   *
   * @param body what the main task does
   * @param <T> the type of the result
   * @param <E> the checked exception the body may throw
   * @return what the body returned
   * @throws E what the body throws, as itself (CORE-02)
   * @throws IllegalStateException if the caller is inside a run or is a virtual thread, or if the
   *     system or the way this virtual machine was started allows no run; the message says what to
   *     do
   * @throws TriadInternalError if the runtime itself fails
   */
  public static <T extends @Nullable Object, E extends Exception> T run(Body<T, E> body)
      throws E {
    return run(RunOptions.DEFAULT, body);
  }

  /**
   * Runs an action as the main task of a new run; see {@link #run(Body)}.
   *
   * @param action what the main task does
   * @param <E> the checked exception the action may throw
   * @throws E what the action throws, as itself
   */
  public static <E extends Exception> void run(Action<E> action) throws E {
    run(RunOptions.DEFAULT, action);
  }

  /**
   * Runs a body with options; see {@link #run(Body)}.
   *
   * @param options how the run is set up
   * @param body what the main task does
   * @param <T> the type of the result
   * @param <E> the checked exception the body may throw
   * @return what the body returned
   * @throws E what the body throws, as itself
   */
  public static <T extends @Nullable Object, E extends Exception> T run(
      RunOptions options, Body<T, E> body) throws E {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(body, "body");
    return new Run<T>(options).call(body);
  }

  /**
   * Runs an action with options; see {@link #run(Body)}.
   *
   * @param options how the run is set up
   * @param action what the main task does
   * @param <E> the checked exception the action may throw
   * @throws E what the action throws, as itself
   */
  public static <E extends Exception> void run(RunOptions options, Action<E> action) throws E {
    Objects.requireNonNull(action, "action");
    Triad.<@Nullable Object, E>run(
        options,
        () -> {
          action.run();
          return null;
        });
  }

  /**
   * Runs an action in several independent runs at once, each on a thread of its own, and waits for
   * all. The runs share nothing: each has its engine, its tasks, its listeners. No main task begins
   * before all runs have their engines and their {@linkplain Core#tokens tokens}, so each can send
   * actions to the others from the beginning.
   *
   * <pre>{@code
   * Triad.runOnEachCore(Runtime.getRuntime().availableProcessors(), core -> serve(core.index()));
   * }</pre>
   *
   * <p>The first run that fails cancels the others, and is told of when all have ended. The threads
   * inherit the scoped values of the caller.
   *
   * @param count how many runs, 1 or more
   * @param main what the main task of each does
   * @param <E> the checked exception it may throw
   * @throws E what the first run that failed threw; what others threw hangs on it as suppressed, in
   *     the order of their indices
   * @throws InterruptedException if the calling thread is interrupted; the runs are cancelled then,
   *     and have ended when this is thrown, with what failed hanging on it
   * @throws IllegalArgumentException if the number is not positive
   * @throws IllegalStateException if the caller is inside a run, or if the system does not allow that
   *     many; the message says what to do
   */
  public static <E extends Exception> void runOnEachCore(int count, CoreAction<E> main)
      throws E, InterruptedException {
    Objects.requireNonNull(main, "main");
    Triad.<@Nullable Object, E>callOnEachCore(
        count,
        core -> {
          main.run(core);
          return null;
        });
  }

  /**
   * Runs a body in several independent runs at once and returns what they return; see {@link
   * #runOnEachCore}.
   *
   * @param count how many runs, 1 or more
   * @param main what the main task of each does
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the runs returned, by index; unmodifiable
   * @throws E what the first run that failed threw
   * @throws InterruptedException if the calling thread is interrupted
   */
  public static <T extends @Nullable Object, E extends Exception> List<T> callOnEachCore(
      int count, CoreBody<T, E> main) throws E, InterruptedException {
    return new Cores<T>(count, main).call();
  }

  /**
   * Returns whether the caller is on the thread of a run, in a task or not (CORE-08).
   *
   * @return whether it is
   */
  public static boolean inRun() {
    return Run.schedulerIsKnown() && Loop.current() != null;
  }

  /**
   * Returns whether the caller is a task of a run (CORE-08).
   *
   * @return whether it is
   */
  public static boolean inTask() {
    return Run.schedulerIsKnown() && Runs.fiberOrNull() != null;
  }

  /**
   * Returns the calling task.
   *
   * @return the task
   * @throws IllegalStateException outside of a task
   */
  public static Task currentTask() {
    return Task.current();
  }

  /**
   * Says which engine a run uses here and why, what the kernel offers, and which limits apply. Opens
   * an engine for the purpose unless the caller is inside a run.
   *
   * @return some lines of text, for people
   */
  public static String explain() {
    return Explanation.text();
  }

  // ---- looking into a run ----

  /**
   * Takes down what tasks are doing: those of the run that the caller is in, or, on a thread outside
   * of any, those of all runs of this process. Each run has a second to begin its answer; of one that
   * is held up by a task, the dump tells where.
   *
   * <p>A dump holds up the run while it is made, for some tens of microseconds a task.
   *
   * @return what was seen
   */
  public static TaskDump dump() {
    return Dumping.dump();
  }

  /**
   * Adds an instrument to the run that the caller is in; without effect if it is there (CORE-80).
   *
   * @param instrument the instrument
   * @throws IllegalStateException outside of a run
   */
  public static void addInstrument(Instrument instrument) {
    Run.current().onlookers().add(Objects.requireNonNull(instrument, "instrument"));
  }

  /**
   * Removes an instrument from the run that the caller is in (CORE-80).
   *
   * @param instrument the instrument
   * @throws java.util.NoSuchElementException if it was not added, or was removed because it threw
   * @throws IllegalStateException outside of a run
   */
  public static void removeInstrument(Instrument instrument) {
    Run.current().onlookers().remove(Objects.requireNonNull(instrument, "instrument"));
  }

  // ---- checkpoints ----

  /**
   * Lets other tasks run, then throws if cancelled (CORE-14).
   *
   * @throws Cancelled if a scope around the caller is cancelled
   */
  public static void checkpoint() {
    Runs.fiber().checkpoint();
  }

  /**
   * Does nothing at all unless a scope around the caller is cancelled; then lets other tasks run and
   * throws (CORE-14).
   *
   * @throws Cancelled if a scope around the caller is cancelled
   */
  public static void checkpointIfCancelled() {
    Runs.fiber().checkpointIfCancelled();
  }

  /** Lets other tasks run and never throws {@link Cancelled} (CORE-14). */
  public static void cancelShieldedCheckpoint() {
    Runs.fiber().yieldNow();
  }

  // ---- time ----

  /**
   * Returns the reading of the run's clock, to be compared with deadlines. Its origin is arbitrary.
   *
   * @return the time since the origin, exact to the nanosecond
   */
  public static Duration currentTime() {
    return Times.duration(Runs.loop().now());
  }

  /**
   * Returns the earliest deadline of the scopes around the caller, up to the nearest shield
   * (CORE-31).
   *
   * @return a reading of the run's clock; {@link #FOREVER} if there is none, its negation if the
   *     caller is cancelled already
   */
  public static Duration currentEffectiveDeadline() {
    return Times.duration(CancelScope.effectiveDeadline(Runs.fiber().cancelStatus()));
  }

  /**
   * Sleeps. Never returns early; with zero it is a checkpoint.
   *
   * @param duration how long, 0 or more
   * @throws IllegalArgumentException if it is negative
   * @throws Cancelled if a scope around the caller is cancelled
   */
  public static void sleep(Duration duration) {
    long nanos = Times.timeout(duration);
    Fiber fiber = Runs.fiber();
    if (nanos == 0) {
      checkpoint();
    } else {
      sleepUntil(fiber, Times.plus(fiber.loop().now(), nanos));
    }
  }

  /**
   * Sleeps until the run's clock reaches an instant; in the past it is a checkpoint.
   *
   * @param deadline a reading of the run's clock
   * @throws Cancelled if a scope around the caller is cancelled
   */
  public static void sleepUntil(Duration deadline) {
    Fiber fiber = Runs.fiber();
    long nanos = Times.nanos(deadline);
    if (nanos <= fiber.loop().now()) {
      checkpoint();
    } else {
      sleepUntil(fiber, nanos);
    }
  }

  /**
   * Sleeps until it is cancelled.
   *
   * @throws Cancelled when a scope around the caller is cancelled
   */
  public static void sleepForever() {
    Runs.fiber().suspend("cancellation", () -> true);
    throw new IllegalStateException("a task in sleepForever was woken by hand");
  }

  private static void sleepUntil(Fiber fiber, long deadline) {
    if (deadline == Times.NEVER) {
      sleepForever();
    }
    Deadline wakeUp =
        new Deadline() {
          @Override
          protected void reached() {
            fiber.resume();
          }

          @Override
          public String toString() {
            long left = Math.max(0, deadline - fiber.loop().now());
            return String.format(Locale.ROOT, "the end of a sleep in %.3f s", left / 1e9);
          }
        };
    fiber.loop().setDeadline(wakeUp, deadline);
    Abort abort =
        () -> {
          fiber.loop().setDeadline(wakeUp, Deadline.NEVER);
          return true;
        };
    fiber.suspend(wakeUp, abort);
    // Both at one instant: the scope wins, whichever of the two the loop came to first.
    fiber.raiseIfCancelled();
  }

  // ---- time-outs ----

  /**
   * Runs a body and cancels it when the time is over. Afterwards the scope tells by {@link
   * CancelScope#cancelledCaught} whether that was necessary.
   *
   * @param timeout how long, 0 or more, counted from now
   * @param body what to do
   * @param <E> the checked exception it may throw
   * @return the scope, which has been left
   * @throws E what the body throws, unless the scope swallows it
   * @throws IllegalArgumentException if the time-out is negative
   */
  public static <E extends Exception> CancelScope moveOnAfter(
      Duration timeout, ScopeAction<E> body) throws E {
    CancelScope scope = new CancelScope().setTimeout(timeout);
    scope.enter(body);
    return scope;
  }

  /**
   * Runs a body and cancels it when the run's clock reaches an instant; see {@link #moveOnAfter}.
   *
   * @param deadline a reading of the run's clock; may be in the past
   * @param body what to do
   * @param <E> the checked exception it may throw
   * @return the scope, which has been left
   * @throws E what the body throws, unless the scope swallows it
   */
  public static <E extends Exception> CancelScope moveOnAt(Duration deadline, ScopeAction<E> body)
      throws E {
    CancelScope scope = new CancelScope().setDeadline(deadline);
    scope.enter(body);
    return scope;
  }

  /**
   * Runs a body and fails when the time is over.
   *
   * @param timeout how long, 0 or more, counted from now
   * @param body what to do
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the body returned
   * @throws E what the body throws
   * @throws TooSlowException if the scope had to cancel the body
   * @throws IllegalArgumentException if the time-out is negative
   */
  public static <T extends @Nullable Object, E extends Exception> T failAfter(
      Duration timeout, ScopeBody<T, E> body) throws E {
    return orTooSlow(new CancelScope().setTimeout(timeout), body);
  }

  /**
   * Runs an action and fails when the time is over; see {@link #failAfter(Duration, ScopeBody)}.
   *
   * @param timeout how long, 0 or more, counted from now
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   * @throws TooSlowException if the scope had to cancel the action
   * @throws IllegalArgumentException if the time-out is negative
   */
  @SuppressWarnings("overloads") // a block tells them apart; an expression needs one
  public static <E extends Exception> void failAfter(Duration timeout, ScopeAction<E> action)
      throws E {
    orTooSlow(new CancelScope().setTimeout(timeout), withoutResult(action));
  }

  /**
   * The same for a body that does not look at its scope; see {@link #failAfter(Duration, ScopeBody)}.
   *
   * @param timeout how long, 0 or more, counted from now
   * @param body what to do
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the body returned
   * @throws E what the body throws
   * @throws TooSlowException if the scope had to cancel the body
   * @throws IllegalArgumentException if the time-out is negative
   */
  public static <T extends @Nullable Object, E extends Exception> T failAfter(
      Duration timeout, Body<T, E> body) throws E {
    Objects.requireNonNull(body, "body");
    return orTooSlow(new CancelScope().setTimeout(timeout), _ -> body.call());
  }

  /**
   * The same for an action that does not look at its scope; see {@link #failAfter(Duration,
   * ScopeBody)}.
   *
   * @param timeout how long, 0 or more, counted from now
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   * @throws TooSlowException if the scope had to cancel the action
   * @throws IllegalArgumentException if the time-out is negative
   */
  public static <E extends Exception> void failAfter(Duration timeout, Action<E> action) throws E {
    Objects.requireNonNull(action, "action");
    orTooSlow(new CancelScope().setTimeout(timeout), withoutResult(_ -> action.run()));
  }

  /**
   * Runs a body and fails when the run's clock reaches an instant.
   *
   * @param deadline a reading of the run's clock; may be in the past
   * @param body what to do
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the body returned
   * @throws E what the body throws
   * @throws TooSlowException if the scope had to cancel the body
   */
  public static <T extends @Nullable Object, E extends Exception> T failAt(
      Duration deadline, ScopeBody<T, E> body) throws E {
    return orTooSlow(new CancelScope().setDeadline(deadline), body);
  }

  /**
   * Runs an action and fails when the run's clock reaches an instant.
   *
   * @param deadline a reading of the run's clock; may be in the past
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   * @throws TooSlowException if the scope had to cancel the action
   */
  @SuppressWarnings("overloads") // a block tells them apart; an expression needs one
  public static <E extends Exception> void failAt(Duration deadline, ScopeAction<E> action)
      throws E {
    orTooSlow(new CancelScope().setDeadline(deadline), withoutResult(action));
  }

  /**
   * The same for a body that does not look at its scope; see {@link #failAt(Duration, ScopeBody)}.
   *
   * @param deadline a reading of the run's clock; may be in the past
   * @param body what to do
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the body returned
   * @throws E what the body throws
   * @throws TooSlowException if the scope had to cancel the body
   */
  public static <T extends @Nullable Object, E extends Exception> T failAt(
      Duration deadline, Body<T, E> body) throws E {
    Objects.requireNonNull(body, "body");
    return orTooSlow(new CancelScope().setDeadline(deadline), _ -> body.call());
  }

  /**
   * The same for an action that does not look at its scope; see {@link #failAt(Duration,
   * ScopeBody)}.
   *
   * @param deadline a reading of the run's clock; may be in the past
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   * @throws TooSlowException if the scope had to cancel the action
   */
  public static <E extends Exception> void failAt(Duration deadline, Action<E> action) throws E {
    Objects.requireNonNull(action, "action");
    orTooSlow(new CancelScope().setDeadline(deadline), withoutResult(_ -> action.run()));
  }

  private static <E extends Exception> ScopeBody<@Nullable Object, E> withoutResult(
      ScopeAction<E> action) {
    Objects.requireNonNull(action, "action");
    return scope -> {
      action.run(scope);
      return null;
    };
  }

  @SuppressWarnings("NullAway") // null only if T is nullable: otherwise the scope has caught
  private static <T extends @Nullable Object, E extends Exception> T orTooSlow(
      CancelScope scope, ScopeBody<T, E> body) throws E {
    T result = scope.call(body);
    if (scope.cancelledCaught()) {
      throw new TooSlowException();
    }
    return result;
  }
}
