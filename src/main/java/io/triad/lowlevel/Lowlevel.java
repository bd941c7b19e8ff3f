package io.triad.lowlevel;

import io.triad.Action;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.Task;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What primitives are made of: the raw sleep of a task, system tasks, readiness of descriptors, and
 * figures about a run. All methods are for the thread of a run.
 */
public final class Lowlevel {
  private Lowlevel() {}

  // ---- the raw sleep ----

  /**
   * Sleeps until the task is rescheduled. A cancel point, and always a sleep: it never returns by
   * itself. Whoever is to reschedule the task must know of it before, so the caller puts {@link
   * io.triad.Triad#currentTask} where they will find it, and then calls this.
   *
   * <pre>{@code
   * Task task = Triad.currentTask();
   * waiters.add(task);
   * Object value = Lowlevel.waitTaskRescheduled(() -> {
   *   waiters.remove(task);
   *   return AbortFunction.Result.SUCCEEDED;
   * });
   * }</pre>
   *
   * @param abortFunction what a cancellation does; called at once if the task is cancelled already
   * @return what {@link #reschedule(Task, Object)} passed
   * @throws IllegalStateException outside of a task
   * @throws io.triad.Cancelled if a scope around the caller is cancelled and the abort function
   *     succeeded, or by {@link #rescheduleCancelled}. What {@link #rescheduleThrowing} passed comes
   *     out as well, checked exceptions included: who passes one must have it declared here
   */
  public static @Nullable Object waitTaskRescheduled(AbortFunction abortFunction) {
    return waitTaskRescheduled(null, abortFunction);
  }

  /**
   * Sleeps with some data that others can look at; see {@link #waitTaskRescheduled(AbortFunction)}.
   *
   * @param customSleepData what {@link #customSleepData} answers until the task is rescheduled; its
   *     text says in dumps what the task waits for
   * @param abortFunction what a cancellation does
   * @return what {@link #reschedule(Task, Object)} passed
   */
  public static @Nullable Object waitTaskRescheduled(
      @Nullable Object customSleepData, AbortFunction abortFunction) {
    Objects.requireNonNull(abortFunction, "abortFunction");
    return new RawSleep(Loop.requireFiber(), abortFunction, customSleepData).await();
  }

  /**
   * Lets a task go on that is in {@link #waitTaskRescheduled(AbortFunction)}.
   *
   * @param task the task
   * @throws IllegalStateException if it is not there, or was rescheduled already, or if this is not
   *     the thread of its run
   */
  public static void reschedule(Task task) {
    reschedule(task, null);
  }

  /**
   * Lets a task go on with a value; see {@link #reschedule(Task)}.
   *
   * @param task the task
   * @param value what its sleep returns
   * @throws IllegalStateException as above
   */
  public static void reschedule(Task task, @Nullable Object value) {
    sleepOf(task).wake(value);
  }

  /**
   * Lets a task go on with something that its sleep throws; see {@link #reschedule(Task)}.
   *
   * @param task the task
   * @param throwable what its sleep throws, as itself
   * @throws IllegalStateException as above
   */
  public static void rescheduleThrowing(Task task, Throwable throwable) {
    Objects.requireNonNull(throwable, "throwable");
    sleepOf(task).wakeWith(throwable);
  }

  /**
   * Lets a task go on with the cancellation that its abort function held back by {@link
   * AbortFunction.Result#FAILED}: what was started could be stopped after all, only not at once.
   *
   * @param task the task
   * @throws IllegalStateException as above, or if nothing was held back in this sleep
   */
  public static void rescheduleCancelled(Task task) {
    sleepOf(task).wakeCancelled();
  }

  /**
   * Returns the data that a sleeping task has with it.
   *
   * @param task the task
   * @return the data; null if there is none, or if the task is not in {@link
   *     #waitTaskRescheduled(AbortFunction)} any more
   */
  public static @Nullable Object customSleepData(Task task) {
    RawSleep sleep = RawSleep.of(fiberOf(task));
    return sleep == null ? null : sleep.data;
  }

  /**
   * Replaces the data that a sleeping task has with it.
   *
   * @param task the task
   * @param data the new data
   * @throws IllegalStateException if it is not in {@link #waitTaskRescheduled(AbortFunction)}
   */
  public static void setCustomSleepData(Task task, @Nullable Object data) {
    sleepOf(task).data = data;
  }

  private static RawSleep sleepOf(Task task) {
    RawSleep sleep = RawSleep.of(fiberOf(task));
    if (sleep == null) {
      throw new IllegalStateException("this task is not in waitTaskRescheduled: " + task);
    }
    return sleep;
  }

  private static Fiber fiberOf(Task task) {
    Fiber fiber = Fiber.of(Objects.requireNonNull(task, "task"));
    if (!fiber.loop().onLoop()) {
      throw new IllegalStateException(
          "this is not the thread of the run that the task belongs to: " + task);
    }
    return fiber;
  }

  // ---- system tasks ----

  /**
   * Starts a task that belongs to the run itself and not to a nursery. Such a task serves others for
   * as long as they need it: when the main task has ended it is cancelled. If it fails, everything is
   * cancelled and {@link io.triad.Triad#run} throws a {@link io.triad.TriadInternalError} (CORE-05,
   * CORE-06). It inherits the task-local values around the run, whoever starts it.
   *
   * @param body what it does
   * @return the task
   * @throws IllegalStateException outside of a run, or if the main task has ended
   */
  public static Task spawnSystemTask(Action<? extends Exception> body) {
    return spawn(null, body);
  }

  /**
   * Starts a system task with a name; see {@link #spawnSystemTask(Action)}.
   *
   * @param name the name of the task and its thread
   * @param body what it does
   * @return the task
   * @throws IllegalStateException outside of a run, or if the main task has ended
   */
  public static Task spawnSystemTask(String name, Action<? extends Exception> body) {
    return spawn(Objects.requireNonNull(name, "name"), body);
  }

  private static Task spawn(@Nullable String name, Action<? extends Exception> body) {
    Objects.requireNonNull(body, "body");
    Fiber fiber =
        loop()
            .access()
            .spawnSystemTask(
                name,
                () -> {
                  body.run();
                  return name;
                });
    return (Task) fiber.body();
  }

  // ---- readiness ----

  /**
   * Waits until a descriptor can be read from without blocking, or until the other side has hung up
   * or an error is pending. A checkpoint; returns at once if that is so already (LOW-01, LOW-02).
   *
   * <p>This is for descriptors that Triad has not opened. It says "try now", not "there is data": what
   * others do with the same descriptor meanwhile is theirs. A regular file is always ready.
   *
   * <p>Who closes the descriptor calls {@link #notifyClosing} first, or a waiter may sleep on.
   *
   * @param descriptor its number
   * @throws io.triad.BusyResourceException if another task waits for the same (LOW-03)
   * @throws ClosedResourceException if it is being closed, by {@link #notifyClosing} (LOW-06)
   * @throws OsException with EBADF if there is no such descriptor (LOW-05), or with another error if
   *     the system cannot wait for it
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException outside of a task
   */
  public static void waitReadable(int descriptor) throws ClosedResourceException, OsException {
    Readiness.of(loop()).waitReadable(Loop.requireFiber(), descriptor);
  }

  /**
   * Waits until a descriptor can be written to without blocking, or until the other side has hung up
   * or an error is pending; see {@link #waitReadable}. One task may wait for reading and another for
   * writing.
   *
   * @param descriptor its number
   * @throws io.triad.BusyResourceException if another task waits for the same
   * @throws ClosedResourceException if it is being closed
   * @throws OsException if there is no such descriptor, or it cannot be waited for
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException outside of a task
   */
  public static void waitWritable(int descriptor) throws ClosedResourceException, OsException {
    Readiness.of(loop()).waitWritable(Loop.requireFiber(), descriptor);
  }

  /**
   * Wakes who waits for a descriptor, in either direction, with a {@link ClosedResourceException}. To
   * be called before closing it, with no checkpoint between the two: first note that it is closed, so
   * that nobody waits for it anew, then call this, then close (LOW-07).
   *
   * <p>Returns at once, closes nothing, and remembers nothing: who waits for the same number later
   * waits for whatever has that number then. Without a waiter it does nothing.
   *
   * @param descriptor its number; need not be valid
   * @throws UnsupportedOperationException if a {@link KqueueMonitor} of the descriptor is open, which
   *     only who opened it can end (LOW-30)
   * @throws IllegalStateException outside of a run
   */
  public static void notifyClosing(int descriptor) {
    Readiness.of(loop()).notifyClosing(descriptor);
  }

  // ---- figures ----

  /**
   * Returns figures about the run at this instant (LOW-11).
   *
   * @return the figures
   * @throws IllegalStateException outside of a run
   */
  public static RunStatistics currentStatistics() {
    return RunStatistics.of(loop());
  }

  private static Loop loop() {
    Loop loop = Loop.current();
    if (loop == null) {
      throw new IllegalStateException(
          "must be called from inside a run: inside Triad.run, on the thread of the run");
    }
    return loop;
  }
}
