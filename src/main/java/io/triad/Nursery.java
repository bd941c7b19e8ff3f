package io.triad;

import io.triad.loop.Fiber;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks live. A nursery ends only when its body and all its tasks have ended; the first
 * failure among them cancels the others; all failures are reported together.
 *
 * <pre>{@code
 * Nursery.open(nursery -> {
 *   nursery.startSoon("up", () -> copy(client, server));
 *   nursery.startSoon("down", () -> copy(server, client));
 * });
 * }</pre>
 *
 * <p>Tasks inherit the scopes around the nursery, not those around {@link #startSoon}. Leaving a
 * nursery lets other tasks run and is itself no cancel point (CORE-17, CORE-43, CORE-47).
 *
 * <p>Used on the thread of the run only, by any of its tasks.
 */
public final class Nursery {
  private static final String GROUP_MESSAGE = "Exceptions from Triad nursery";

  private final Fiber fiber;
  private final Task parentTask;
  private final CancelScope scope = new CancelScope();

  /** Most nurseries see none, so the list is made for the first. */
  private List<Throwable> failures = List.of();

  /** The one around it in the same task. */
  private @Nullable Nursery outer;

  private @Nullable Task firstChild;
  private int children;
  private int pendingStarts;
  private boolean bodyRunning = true;
  private boolean parentWaits;
  private boolean closed;

  private Nursery(Fiber fiber) {
    this.fiber = fiber;
    this.parentTask = (Task) fiber.body();
  }

  /**
   * Opens a nursery, runs the body, and waits for all tasks.
   *
   * @param body starts tasks, and may do anything else
   * @throws ExceptionGroup if the body or a task fails: all failures in order, even a single one
   * @throws Cancelled if nothing failed but a scope around the nursery was cancelled
   * @throws IllegalStateException outside of a task
   */
  public static void open(NurseryAction body) {
    Objects.requireNonNull(body, "body");
    Nursery.<@Nullable Object>call(
        nursery -> {
          body.run(nursery);
          return null;
        });
  }

  /**
   * Opens a nursery, runs the body, waits for all tasks, and returns what the body returned.
   *
   * @param body starts tasks, and may do anything else
   * @param <T> the type of the result
   * @return the result; null if the nursery's own scope was cancelled before the body was through
   * @throws ExceptionGroup if the body or a task fails: all failures in order, even a single one
   * @throws Cancelled if nothing failed but a scope around the nursery was cancelled
   * @throws IllegalStateException outside of a task
   */
  public static <T extends @Nullable Object> @Nullable T call(NurseryBody<T> body) {
    Objects.requireNonNull(body, "body");
    Nursery nursery = new Nursery(Runs.fiber());
    T result = null;
    nursery.enter();
    try {
      result = body.call(nursery);
    } catch (Throwable thrown) {
      nursery.fail(thrown, "code block inside the nursery threw ");
    }
    nursery.leave();
    return result;
  }

  private void enter() {
    scope.bind(fiber.loop(), fiber.cancelStatus());
    fiber.setCancelStatus(scope.status());
    parentTask.entered(this);
  }

  private void leave() {
    bodyRunning = false;
    closeIfEmpty();
    if (closed) {
      fiber.yieldNow();
    } else {
      parentWaits = true;
      // No cancel point: the children get theirs and are waited for. An interrupt is nobody's but ours.
      fiber.suspendShielded(this, thrown -> fail(thrown, "code block inside the nursery threw "));
    }
    parentTask.left(this);
    Throwable left = scope.exit(fiber, combined());
    if (left != null) {
      Runs.<RuntimeException>sneaky(left);
    }
  }

  /**
   * What is to be thrown. A nursery in which nothing but cancellation happened throws a plain {@link
   * Cancelled}: as a group it could be swallowed by {@code catch (Exception e)}.
   */
  private @Nullable Throwable combined() {
    if (failures.isEmpty()) {
      return null;
    }
    for (Throwable failure : failures) {
      if (!(failure instanceof Cancelled)) {
        return new ExceptionGroup(GROUP_MESSAGE, failures);
      }
    }
    return failures.getFirst();
  }

  // ---- starting ----

  /**
   * Starts a task. It does not begin to run before the caller's next checkpoint (CORE-10).
   *
   * @param body what it does
   * @throws IllegalStateException if the nursery has closed
   */
  public void startSoon(Action<? extends Exception> body) {
    spawn(null, body);
  }

  /**
   * Starts a task with a name.
   *
   * @param name the name of the task and its thread
   * @param body what it does
   * @throws IllegalStateException if the nursery has closed
   */
  public void startSoon(String name, Action<? extends Exception> body) {
    spawn(Objects.requireNonNull(name, "name"), body);
  }

  private Task spawn(@Nullable String name, Action<? extends Exception> body) {
    Objects.requireNonNull(body, "body");
    checkOpen();
    Task task = RunningTask.start(fiber.loop(), this, name, body, scope.status());
    add(task);
    return task;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("Nursery is closed to new arrivals");
    }
  }

  /**
   * Starts a task and waits until it says that it is ready.
   *
   * @param body what it does; until it has called {@link TaskStatus#started}, its failure is thrown
   *     here, and cancelling this call cancels it
   * @param <T> the type of the value it reports
   * @param <E> the checked exception it may throw before it is ready
   * @return the value it reported
   * @throws E what the body throws before it is ready, not wrapped
   * @throws IllegalStateException if the nursery has closed, or if the body ended without calling
   *     {@code started}
   */
  public <T extends @Nullable Object, E extends Exception> T start(StartBody<T, E> body)
      throws E {
    return start(null, body);
  }

  /**
   * Starts a task with a name and waits until it says that it is ready.
   *
   * @param name the name of the task and its thread, or null
   * @param body what it does; until it has called {@link TaskStatus#started}, its failure is thrown
   *     here, and cancelling this call cancels it
   * @param <T> the type of the value it reports
   * @param <E> the checked exception it may throw before it is ready
   * @return the value it reported
   * @throws E what the body throws before it is ready, not wrapped
   * @throws IllegalStateException if the nursery has closed, or if the body ended without calling
   *     {@code started}
   */
  @SuppressWarnings("NullAway") // the value is null only if T is nullable
  public <T extends @Nullable Object, E extends Exception> T start(
      @Nullable String name, StartBody<T, E> body) throws E {
    Objects.requireNonNull(body, "body");
    checkOpen();
    pendingStarts++;
    try {
      Starting<T> starting = new Starting<>(this);
      try {
        open(
            waitingRoom -> {
              starting.room = waitingRoom;
              waitingRoom.spawn(name, () -> body.run(starting)).setEventualParent(this);
            });
      } catch (ExceptionGroup group) {
        if (group.exceptions().size() > 1) {
          throw new TriadInternalError(
              "several tasks failed in the nursery of a task that was not ready yet", group);
        }
        throw Runs.<E>sneaky(group.exceptions().getFirst());
      }
      if (!starting.called) {
        throw new IllegalStateException(
            "child exited without calling TaskStatus.started()");
      }
      return starting.value;
    } finally {
      pendingStarts--;
      closeIfEmpty();
      wakeParentIfClosed();
    }
  }

  /** The status of a task that is not ready yet: it waits in a nursery of its own. */
  private static final class Starting<T extends @Nullable Object> implements TaskStatus<T> {
    private final Nursery target;
    private @Nullable Nursery room;
    private boolean called;
    private @Nullable T value;

    Starting(Nursery target) {
      this.target = target;
    }

    @Override
    public void started(T newValue) {
      if (called) {
        throw new IllegalStateException("TaskStatus.started() was called before");
      }
      called = true;
      value = newValue;
      Nursery waitingRoom = Objects.requireNonNull(room);
      if (!waitingRoom.scope.status().effectivelyCancelled()) {
        waitingRoom.moveChildrenTo(target);
      }
    }
  }

  /** Moves every task, and what they have opened, into another nursery (CORE-57). */
  private void moveChildrenTo(Nursery target) {
    for (Task task = firstChild; task != null; task = firstChild) {
      remove(task);
      task.moveTo(target);
      target.add(task);
    }
    // The waiting parent is not in the tree of the room's scope but is its owner: it stays.
    Fiber owner = fiber;
    scope.status().moveContentsTo(target.scope.status(), owner);
    closeIfEmpty();
    wakeParentIfClosed();
  }

  // ---- ending ----

  /** A child has ended; runs as the last thing on its own thread. */
  void childEnded(Task task, @Nullable Throwable thrown) {
    remove(task);
    if (thrown != null) {
      fail(thrown, "child task raised exception ");
    }
    closeIfEmpty();
    wakeParentIfClosed();
  }

  private void fail(Throwable thrown, String what) {
    if (failures.isEmpty()) {
      failures = new ArrayList<>(1);
    }
    failures.add(thrown);
    if (!scope.status().requested()) {
      scope.cancel(
          KeyboardInterrupt.isIn(thrown)
              ? Cancelled.Source.KEYBOARD_INTERRUPT
              : Cancelled.Source.NURSERY,
          what + describe(thrown));
    }
  }

  private static String describe(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (RuntimeException unreadable) {
      // Its message is code of the user; failing here would leave the nursery half closed.
      return thrown.getClass().getName();
    }
  }

  private void closeIfEmpty() {
    if (!bodyRunning && children == 0 && pendingStarts == 0) {
      closed = true;
    }
  }

  private void wakeParentIfClosed() {
    if (closed && parentWaits) {
      parentWaits = false;
      fiber.resume();
    }
  }

  private void add(Task task) {
    task.next = firstChild;
    if (firstChild != null) {
      firstChild.previous = task;
    }
    firstChild = task;
    children++;
  }

  private void remove(Task task) {
    if (task.previous != null) {
      task.previous.next = task.next;
    } else {
      firstChild = task.next;
    }
    if (task.next != null) {
      task.next.previous = task.previous;
    }
    task.previous = null;
    task.next = null;
    children--;
  }

  // ---- looking ----

  void setOuter(@Nullable Nursery nursery) {
    outer = nursery;
  }

  @Nullable Nursery outer() {
    return outer;
  }

  /**
   * Returns the scope around the body and all tasks.
   *
   * @return the scope
   */
  public CancelScope cancelScope() {
    return scope;
  }

  /**
   * Returns the task that opened the nursery.
   *
   * @return the task
   */
  public Task parentTask() {
    return parentTask;
  }

  /**
   * Returns the tasks that run here now, in no particular order.
   *
   * @return a snapshot
   */
  public List<Task> childTasks() {
    List<Task> tasks = new ArrayList<>(children);
    for (Task task = firstChild; task != null; task = task.next) {
      tasks.add(task);
    }
    return tasks;
  }

  @Override
  public String toString() {
    return "Nursery of " + parentTask + ", " + children + (children == 1 ? " task" : " tasks");
  }
}
