package io.triad.sync;

import io.triad.BrokenLockException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;
import java.util.Objects;

/**
 * Lets tasks that hold a lock wait until another one has changed what the lock protects (CORE-68).
 *
 * <pre>{@code
 * try (var _ = condition.hold()) {
 *   while (queue.isEmpty()) {
 *     condition.await();          // gives the lock away, and has it again when it returns
 *   }
 *   return queue.remove();
 * }
 * }</pre>
 *
 * <p>{@link Object} has taken the names {@code notify} and {@code notifyAll} and will not give them
 * back: as in {@link java.util.concurrent.locks.Condition} they are {@link #signal} and {@link
 * #signalAll} here.
 *
 * <p>For tasks of one run.
 */
public final class Condition {
  private final Lock lock;

  /** Those who wait for a signal. One moves them on, in order, to those who wait for the lock. */
  private final WaitQueue<Waiter> waiting = new WaitQueue<>();

  /** Makes a condition with a lock of its own. */
  public Condition() {
    this(new Lock());
  }

  /**
   * Makes a condition over a lock, which may have several.
   *
   * @param lock what its users hold
   */
  public Condition(Lock lock) {
    this.lock = Objects.requireNonNull(lock, "lock");
  }

  /**
   * Returns the lock, which can be used directly as well.
   *
   * @return the lock that was given, or the condition's own
   */
  public Lock lock() {
    return lock;
  }

  /**
   * Acquires the lock for a block; see {@link Lock#hold}. A checkpoint.
   *
   * @return what releases the lock when it is closed
   */
  public Held hold() {
    return lock.hold();
  }

  /**
   * Releases the lock, waits for a signal, and acquires the lock again. A checkpoint. It returns only
   * after a signal; what it was for may have been used up by another task in the meantime, so look
   * again.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; the caller has the lock
   *     again then, for which it has waited however long that took
   * @throws BrokenLockException if a later owner of the lock ended without releasing it: the caller
   *     does not have the lock then. This is found out after a signal or a cancellation; a wait
   *     without either goes on, and nobody can signal any more
   * @throws IllegalStateException if the calling task does not hold the lock, or outside of a task
   */
  public void await() {
    Fiber fiber = Loop.requireFiber();
    lock.checkHeld(fiber);
    fiber.checkpointIfCancelled(); // without giving the lock away for nothing
    lock.release();
    try {
      waiting.await(new Waiter(fiber), this);
    } catch (Throwable cancelled) {
      takeBack(fiber, cancelled);
      throw cancelled;
    }
    lock.checkOwned(fiber); // a signal leads into the queue of the lock; its release wakes
  }

  private void takeBack(Fiber fiber, Throwable cancelled) {
    try {
      lock.takeBack(fiber);
    } catch (BrokenLockException broken) {
      broken.addSuppressed(cancelled);
      throw broken;
    }
  }

  /**
   * Lets the task that has waited longest go on, if there is one, as soon as it gets the lock. Not a
   * checkpoint.
   *
   * @throws IllegalStateException if the calling task does not hold the lock, or outside of a task
   */
  public void signal() {
    signal(1);
  }

  /**
   * Lets those that have waited longest go on, one after the other as they get the lock, in the order
   * of their coming and after those who wait for the lock now. Not a checkpoint.
   *
   * @param count how many at most, 0 or more
   * @throws IllegalArgumentException if the number is negative
   * @throws IllegalStateException if the calling task does not hold the lock, or outside of a task
   */
  public void signal(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("the number of tasks must be >= 0, not " + count);
    }
    lock.checkHeld(Loop.requireFiber());
    waiting.move(count, lock.waiting());
  }

  /**
   * Lets everybody who waits go on; see {@link #signal(int)}.
   *
   * @throws IllegalStateException if the calling task does not hold the lock, or outside of a task
   */
  public void signalAll() {
    signal(waiting.size());
  }

  /**
   * Returns what can be counted.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(waiting.size(), lock.statistics());
  }

  /**
   * What can be counted about a condition.
   *
   * @param tasksWaiting how many tasks wait for a signal
   * @param lockStatistics what can be counted about its lock; a task that has got its signal waits
   *     there
   */
  public record Statistics(int tasksWaiting, LockStatistics lockStatistics) {}

  @Override
  public String toString() {
    return "Condition, " + waiting.size() + " waiting, on " + lock;
  }
}
