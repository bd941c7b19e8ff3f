package io.triad.thread;

import io.triad.Action;
import io.triad.Body;
import io.triad.TriadToken;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.sync.CapacityLimiter;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The border between a run and other threads: {@link #toThread(Body) toThread} sends out what blocks,
 * {@link #fromThread(Body) fromThread} calls back in and waits. The package describes both.
 */
public final class Threads {
  private Threads() {}

  // ---- from a task to a thread ----

  /**
   * Runs a function on a thread of its own and waits for it. Other tasks go on meanwhile. A
   * checkpoint; if the caller is cancelled while the function runs, it goes on waiting, and the
   * cancellation shows at the next checkpoint, unless the function itself asks by {@link
   * #checkCancelled}.
   *
   * @param body what to do; may block
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the function returned
   * @throws E what the function throws
   * @throws io.triad.Cancelled if a scope around the caller was cancelled before the function began
   * @throws OutOfMemoryError if the system has no thread left
   * @throws IllegalStateException outside of a task
   */
  public static <T extends @Nullable Object, E extends Exception> T toThread(Body<T, E> body)
      throws E {
    return toThread(ThreadOptions.DEFAULT, body);
  }

  /**
   * Runs an action on a thread of its own and waits for it; see {@link #toThread(Body)}.
   *
   * @param action what to do; may block
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   */
  public static <E extends Exception> void toThread(Action<E> action) throws E {
    toThread(ThreadOptions.DEFAULT, action);
  }

  /**
   * Runs a function on a thread of its own and waits for it; see {@link #toThread(Body)}. With
   * {@link ThreadOptions#ABANDON} a cancelled caller waits no more: the function goes on, and what
   * becomes of it is not heard of, while its token stays borrowed until it has really ended.
   *
   * @param options which limiter, what to do when cancelled, how to call the thread
   * @param body what to do; may block
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the function returned
   * @throws E what the function throws
   * @throws io.triad.Cancelled if a scope around the caller was cancelled before the function began
   *     or, if it may be abandoned, before it ended
   */
  public static <T extends @Nullable Object, E extends Exception> T toThread(
      ThreadOptions options, Body<T, E> body) throws E {
    Objects.requireNonNull(body, "body");
    return Threads.<T, E>toThread(options, body, body);
  }

  /**
   * Runs an action on a thread of its own and waits for it; see {@link #toThread(ThreadOptions,
   * Body)}.
   *
   * @param options which limiter, what to do when cancelled, how to call the thread
   * @param action what to do; may block
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   */
  public static <E extends Exception> void toThread(ThreadOptions options, Action<E> action)
      throws E {
    Threads.<@Nullable Object, E>toThread(options, withoutResult(action), action);
  }

  private static <T extends @Nullable Object, E extends Exception> T toThread(
      ThreadOptions options, Body<T, E> body, Object named) throws E {
    Fiber host = Loop.requireFiber();
    String name = nameOf(named) + " from " + host;
    return new WorkerCall<T>(host, options, name).call(body);
  }

  /** The simple name of the class, which for a lambda is the class it stands in. */
  private static String nameOf(Object function) {
    String name = function.getClass().getName();
    int end = name.indexOf("$$Lambda");
    return name.substring(name.lastIndexOf('.', end < 0 ? name.length() : end) + 1,
        end < 0 ? name.length() : end);
  }

  /**
   * Returns the limiter of this run's threads, where no other one is given. It has 40 tokens; {@link
   * CapacityLimiter#setTotalTokens} changes that.
   *
   * @return the limiter
   * @throws IllegalStateException outside of a run
   */
  public static CapacityLimiter defaultLimiter() {
    return ofRun().defaultLimiter();
  }

  /**
   * Returns how many calls of {@link #toThread(Body) toThread} are under way in this run, those that
   * wait for a token and those that were abandoned included (TEST-13).
   *
   * @return 0 or more
   * @throws IllegalStateException outside of a run
   */
  public static int activeThreadCount() {
    return ofRun().active();
  }

  /**
   * Waits until no call of {@link #toThread(Body) toThread} is under way in this run, be it abandoned
   * (TEST-13). A checkpoint.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException outside of a task
   */
  public static void waitAllThreadsCompleted() {
    Fiber fiber = Loop.requireFiber();
    RunThreads threads = RunThreads.of(fiber.loop());
    if (threads.active() == 0) {
      fiber.checkpoint();
    } else {
      threads.awaitNone(fiber);
    }
  }

  private static RunThreads ofRun() {
    Loop loop = Loop.current();
    if (loop == null) {
      throw new IllegalStateException("must be called on the thread of a run");
    }
    return RunThreads.of(loop);
  }

  // ---- in the thread ----

  /**
   * Throws if the caller of {@link #toThread(Body) toThread}, for which this thread works, has been
   * cancelled. A function that takes long and does this now and then can be cancelled after all.
   *
   * @throws io.triad.Cancelled with the reason that the caller was cancelled for
   * @throws IllegalStateException if the calling thread does not work for a task
   */
  public static void checkCancelled() {
    WorkerCall<?> call = Loop.current() == null ? currentCall() : null;
    if (call == null) {
      throw new IllegalStateException(
          "this thread was not started by toThread, so nobody can have cancelled it");
    }
    Throwable cancellation = call.cancellation();
    if (cancellation != null) {
      new Outcome.Failure<@Nullable Object>(cancellation).<RuntimeException>unwrap();
    }
  }

  private static @Nullable WorkerCall<?> currentCall() {
    return WorkerCall.CURRENT.isBound() ? WorkerCall.CURRENT.get() : null;
  }

  // ---- from a thread into the run ----

  /**
   * Runs a function in the run that this thread works for, and waits for it. In a thread of {@link
   * #toThread(Body) toThread} that may not be abandoned, it runs in the calling task, inside the
   * scopes of that; otherwise in a system task, which is cancelled when the main task has ended.
   *
   * <p>An interrupt does not end the wait, but is kept.
   *
   * @param body what to do; may use everything that a task may
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the function returned
   * @throws E what the function throws
   * @throws io.triad.Cancelled if the function was cancelled; in a worker it should go on its way
   * @throws io.triad.RunFinishedException if the run is over or about to be
   * @throws IllegalStateException if the calling thread works for no task, or is itself the thread of
   *     a run
   */
  public static <T extends @Nullable Object, E extends Exception> T fromThread(Body<T, E> body)
      throws E {
    return intoRun(body, true);
  }

  /**
   * Runs an action in the run that this thread works for, and waits for it; see {@link
   * #fromThread(Body)}.
   *
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   */
  public static <E extends Exception> void fromThread(Action<E> action) throws E {
    Threads.<@Nullable Object, E>intoRun(withoutResult(action), true);
  }

  /**
   * Runs a function in a run, as a system task, and waits for it; for any thread that is not the
   * thread of a run. See {@link #fromThread(Body)}.
   *
   * @param token which run
   * @param body what to do; may use everything that a task may
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the function returned
   * @throws E what the function throws
   * @throws io.triad.Cancelled if the main task ended while the function waited for something
   * @throws io.triad.RunFinishedException if the run is over or about to be
   * @throws IllegalStateException if the caller is itself the thread of a run
   */
  public static <T extends @Nullable Object, E extends Exception> T fromThread(
      TriadToken token, Body<T, E> body) throws E {
    return intoRun(token, body, true);
  }

  /**
   * Runs an action in a run, as a system task, and waits for it; see {@link #fromThread(TriadToken,
   * Body)}.
   *
   * @param token which run
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   */
  public static <E extends Exception> void fromThread(TriadToken token, Action<E> action)
      throws E {
    Threads.<@Nullable Object, E>intoRun(token, withoutResult(action), true);
  }

  /**
   * Runs a function that does not block in the run that this thread works for, and waits for it. In a
   * thread of {@link #toThread(Body) toThread} that may not be abandoned, it runs in the calling
   * task; otherwise between the steps of tasks, in none of them. Cancellation does not touch it.
   *
   * @param body what to do; must not block
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the function returned
   * @throws E what the function throws
   * @throws io.triad.RunFinishedException if the run is over
   * @throws IllegalStateException if the function blocked, if the calling thread works for no task,
   *     or if it is itself the thread of a run
   */
  public static <T extends @Nullable Object, E extends Exception> T fromThreadSync(
      Body<T, E> body) throws E {
    return intoRun(body, false);
  }

  /**
   * Runs an action that does not block in the run that this thread works for, and waits for it; see
   * {@link #fromThreadSync(Body)}.
   *
   * @param action what to do; must not block
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   */
  public static <E extends Exception> void fromThreadSync(Action<E> action) throws E {
    Threads.<@Nullable Object, E>intoRun(withoutResult(action), false);
  }

  /**
   * Runs a function that does not block in a run, between the steps of its tasks, and waits for it;
   * for any thread that is not the thread of a run. {@link TriadToken#runSyncSoon} does not wait.
   *
   * @param token which run
   * @param body what to do; must not block
   * @param <T> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the function returned
   * @throws E what the function throws
   * @throws io.triad.RunFinishedException if the run is over
   * @throws IllegalStateException if the caller is itself the thread of a run
   */
  public static <T extends @Nullable Object, E extends Exception> T fromThreadSync(
      TriadToken token, Body<T, E> body) throws E {
    return intoRun(token, body, false);
  }

  /**
   * Runs an action that does not block in a run, and waits for it; see {@link
   * #fromThreadSync(TriadToken, Body)}.
   *
   * @param token which run
   * @param action what to do; must not block
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   */
  public static <E extends Exception> void fromThreadSync(TriadToken token, Action<E> action)
      throws E {
    Threads.<@Nullable Object, E>intoRun(token, withoutResult(action), false);
  }

  private static <T extends @Nullable Object, E extends Exception> T intoRun(
      Body<T, E> body, boolean mayBlock) throws E {
    Objects.requireNonNull(body, "body");
    checkCaller();
    WorkerCall<?> call = currentCall();
    if (call == null) {
      throw new IllegalStateException(
          "this thread was not started by toThread: say by a TriadToken which run is meant");
    }
    if (!call.hasHost()) {
      return intoRun(call.threads().token(), body, mayBlock);
    }
    Errand<T> errand = new Errand<>(body, mayBlock);
    call.send(errand);
    return errand.await();
  }

  private static <T extends @Nullable Object, E extends Exception> T intoRun(
      TriadToken token, Body<T, E> body, boolean mayBlock) throws E {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(body, "body");
    checkCaller();
    Errand<T> errand = new Errand<>(body, mayBlock);
    token.runSyncSoon(mayBlock ? errand::runInSystemTask : errand::run);
    return errand.await();
  }

  private static void checkCaller() {
    if (Loop.current() != null) {
      throw new IllegalStateException(
          "this is the thread of a run, and waiting here would stop all its tasks; call it from"
              + " another thread");
    }
  }

  // ---- threads without a run ----

  /**
   * Runs a function on a cached daemon thread and returns at once. For libraries that build something
   * of their own on threads; tasks want {@link #toThread(Body) toThread}. Any thread may call this,
   * and nothing bounds how many such functions run.
   *
   * @param body what to do; may block
   * @param delivery gets to know how it ended, on the same thread; what it throws goes to the
   *     thread's handler of uncaught exceptions
   * @param <T> the type of the result
   * @throws OutOfMemoryError if the system has no thread left
   */
  public static <T extends @Nullable Object> void startThreadSoon(
      Body<T, ? extends Exception> body, Consumer<? super Outcome<T>> delivery) {
    startThreadSoon(nameOf(Objects.requireNonNull(body, "body")), body, delivery);
  }

  /**
   * Runs a function on a cached daemon thread and returns at once; see {@link #startThreadSoon(Body,
   * Consumer)}.
   *
   * @param name what the thread is called while the function runs
   * @param body what to do; may block
   * @param delivery gets to know how it ended, on the same thread
   * @param <T> the type of the result
   */
  public static <T extends @Nullable Object> void startThreadSoon(
      String name, Body<T, ? extends Exception> body, Consumer<? super Outcome<T>> delivery) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(delivery, "delivery");
    ThreadCache.SHARED.start(name, body, delivery);
  }

  private static <E extends Exception> Body<@Nullable Object, E> withoutResult(Action<E> action) {
    Objects.requireNonNull(action, "action");
    return () -> {
      action.run();
      return null;
    };
  }
}
