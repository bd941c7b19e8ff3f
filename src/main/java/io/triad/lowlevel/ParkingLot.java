package io.triad.lowlevel;

import io.triad.BrokenLockException;
import io.triad.Task;
import io.triad.Triad;
import io.triad.loop.EndHook;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue in which tasks sleep until another task lets them go on: first in, first out. A primitive
 * keeps its own state and parks here whoever has to wait for a change of it (LOW-31 to LOW-36).
 *
 * <p>A lot <em>breaks</em> when a task on which those who wait depend has ended without letting them
 * go on: name that task by {@link #addBreaker}, and nobody sleeps for ever because of it.
 *
 * <p>For tasks of one run. Only {@link #park} is a checkpoint. Parking allocates one object, the place
 * in the queue; being cancelled takes constant time, however many are parked.
 */
public final class ParkingLot {
  private final WaitQueue<Parked> queue = new WaitQueue<>();

  /** One entry for each time a task was named; most lots have none. */
  private final List<Breaker> breakers = new ArrayList<>(0);

  private final List<Task> brokenBy = new ArrayList<>(0);

  /** Makes an empty lot. */
  public ParkingLot() {}

  // ---- sleeping and waking ----

  /**
   * Sleeps until {@link #unpark} or {@link #unparkAll} comes to this task. A checkpoint.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; it has left the lot then
   * @throws BrokenLockException if the lot is broken, or breaks before the task is let go on
   * @throws IllegalStateException outside of a task
   */
  public void park() {
    Fiber fiber = Loop.requireFiber();
    if (!brokenBy.isEmpty()) {
      throw new BrokenLockException("attempt to park in a lot that was broken by " + brokenBy);
    }
    Parked parked = new Parked(fiber);
    queue.await(parked, this);
    if (parked.brokenBy != null) {
      throw new BrokenLockException("the parking lot was broken by " + parked.brokenBy);
    }
  }

  /**
   * Lets the task that has slept longest go on, if there is one.
   *
   * @return the task, or an empty list
   */
  public List<Task> unpark() {
    return unpark(1);
  }

  /**
   * Lets those that have slept longest go on.
   *
   * @param count how many at most, 0 or more
   * @return the tasks, in the order in which they came; fewer than {@code count} if there are not
   *     as many
   * @throws IllegalArgumentException if the number is negative
   */
  public List<Task> unpark(int count) {
    int woken = Math.min(notNegative(count), queue.size());
    if (woken == 0) {
      return List.of();
    }
    List<Task> tasks = new ArrayList<>(woken);
    for (int i = 0; i < woken; i++) {
      Parked parked = Objects.requireNonNull(queue.poll());
      tasks.add(taskOf(parked.fiber()));
      parked.resume();
    }
    return tasks;
  }

  /**
   * Lets everybody go on.
   *
   * @return the tasks, in the order in which they came
   */
  public List<Task> unparkAll() {
    return unpark(queue.size());
  }

  /**
   * Moves the task that has slept longest to the end of another lot, if there is one.
   *
   * @param target the other lot
   */
  public void repark(ParkingLot target) {
    repark(target, 1);
  }

  /**
   * Moves those that have slept longest to the end of another lot, in order. They go on sleeping, and
   * a cancellation takes them out of the lot they are in then. A broken lot lets nobody sleep: who is
   * moved there gets its {@link BrokenLockException}.
   *
   * @param target the other lot
   * @param count how many at most, 0 or more
   * @throws IllegalArgumentException if the number is negative
   */
  public void repark(ParkingLot target, int count) {
    Objects.requireNonNull(target, "target");
    queue.move(notNegative(count), target.queue);
    if (!target.brokenBy.isEmpty()) {
      target.failAll(target.brokenBy.getLast());
    }
  }

  /**
   * Moves everybody to the end of another lot, in order; see {@link #repark(ParkingLot, int)}.
   *
   * @param target the other lot
   */
  public void reparkAll(ParkingLot target) {
    repark(target, queue.size());
  }

  // ---- breaking ----

  /** Breaks the lot in the name of the calling task; see {@link #breakLot(Task)}. */
  public void breakLot() {
    breakLot(Triad.currentTask());
  }

  /**
   * Breaks the lot for good: everybody in it, and everybody who comes later, gets a {@link
   * BrokenLockException}. A lot that is broken already only remembers this task as well.
   *
   * @param task the one to blame; it may have ended
   */
  public void breakLot(Task task) {
    Objects.requireNonNull(task, "task");
    brokenBy.add(task);
    failAll(task);
  }

  private void failAll(Task task) {
    for (Parked parked = queue.poll(); parked != null; parked = queue.poll()) {
      parked.brokenBy = task;
      parked.resume();
    }
  }

  /**
   * Returns who broke the lot.
   *
   * @return the tasks in the order in which they did, one entry each time; empty for a lot that works
   */
  public List<Task> brokenBy() {
    return List.copyOf(brokenBy);
  }

  /**
   * Makes the lot break when a task ends. May be called several times for one task; each call is
   * taken back by one {@link #removeBreaker}, and counts once in {@link #brokenBy}.
   *
   * @param task the one on whom the others depend
   * @throws BrokenLockException if the task has ended already
   */
  public void addBreaker(Task task) {
    Fiber fiber = Fiber.of(Objects.requireNonNull(task, "task"));
    if (fiber.isDone()) {
      throw new BrokenLockException(
          "this task has ended already and cannot become a breaker: " + task);
    }
    Breaker breaker = new Breaker(this, task);
    breakers.add(breaker);
    fiber.addEndHook(breaker);
  }

  /**
   * Takes back one {@link #addBreaker}.
   *
   * @param task the task that was named
   * @throws IllegalStateException if it is no breaker of this lot, or no longer one
   */
  public void removeBreaker(Task task) {
    Objects.requireNonNull(task, "task");
    for (int i = breakers.size() - 1; i >= 0; i--) {
      Breaker breaker = breakers.get(i);
      if (breaker.task == task) {
        breakers.remove(i);
        Fiber.of(task).removeEndHook(breaker);
        return;
      }
    }
    throw new IllegalStateException("this task is no breaker of this lot: " + task);
  }

  // ---- looking ----

  /**
   * Returns how many tasks sleep here.
   *
   * @return their number
   */
  public int size() {
    return queue.size();
  }

  /**
   * Returns whether nobody sleeps here.
   *
   * @return whether the lot is empty
   */
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  /**
   * Returns what can be counted.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(queue.size());
  }

  /**
   * What can be counted about a lot.
   *
   * @param tasksWaiting how many tasks sleep in it
   */
  public record Statistics(int tasksWaiting) {}

  @Override
  public String toString() {
    return brokenBy.isEmpty()
        ? "ParkingLot, " + queue.size() + " waiting"
        : "ParkingLot, broken by " + brokenBy;
  }

  private static int notNegative(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("the number of tasks must be >= 0, not " + count);
    }
    return count;
  }

  private static Task taskOf(Fiber fiber) {
    return (Task) fiber.body();
  }

  /** A sleep here, or in the lot it was moved to. */
  private static final class Parked extends Waiter {
    private @Nullable Task brokenBy;

    Parked(Fiber fiber) {
      super(fiber);
    }
  }

  /** A task that breaks the lot when it ends. */
  private static final class Breaker extends EndHook {
    private final ParkingLot lot;
    private final Task task;

    Breaker(ParkingLot lot, Task task) {
      this.lot = lot;
      this.task = task;
    }

    @Override
    protected void ended(Fiber fiber) {
      lot.breakers.remove(this);
      lot.breakLot(task);
    }
  }
}
