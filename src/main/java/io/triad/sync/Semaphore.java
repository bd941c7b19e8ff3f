package io.triad.sync;

import io.triad.WouldBlockException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;

/**
 * A number that never becomes negative: {@link #acquire} takes one off and waits while there is none,
 * {@link #release} adds one (CORE-65). Any task may release. To limit how many do something at the
 * same time, {@link CapacityLimiter} is the better tool: it knows who has what.
 *
 * <p>Fair: a unit that is released goes to the task that has waited longest. For tasks of one run.
 */
public final class Semaphore {
  private final WaitQueue<Waiter> waiting = new WaitQueue<>();
  private final Held held = this::release;
  private final int maxValue;
  private int value;

  /**
   * Makes a semaphore without a maximum.
   *
   * @param initialValue 0 or more
   * @throws IllegalArgumentException if it is negative
   */
  public Semaphore(int initialValue) {
    this(initialValue, Integer.MAX_VALUE);
  }

  /**
   * Makes a semaphore with a maximum, which finds a release too many.
   *
   * @param initialValue 0 or more
   * @param maxValue the highest value, at least the initial one
   * @throws IllegalArgumentException if one of them is out of range
   */
  public Semaphore(int initialValue, int maxValue) {
    if (initialValue < 0) {
      throw new IllegalArgumentException("the initial value must be >= 0, not " + initialValue);
    }
    if (maxValue < initialValue) {
      throw new IllegalArgumentException(
          "the maximum must be >= the initial value " + initialValue + ", not " + maxValue);
    }
    this.value = initialValue;
    this.maxValue = maxValue;
  }

  /**
   * Takes one off the value; waits while it is 0. A checkpoint.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was taken then
   * @throws IllegalStateException outside of a task
   */
  public void acquire() {
    Fiber fiber = Loop.requireFiber();
    fiber.checkpointIfCancelled();
    if (value > 0) {
      value--;
      fiber.yieldNow();
    } else {
      waiting.await(new Waiter(fiber), this); // and is woken by being given a unit
    }
  }

  /**
   * Takes one off the value; not a checkpoint.
   *
   * @throws WouldBlockException if it is 0
   */
  public void acquireNowait() {
    if (value == 0) {
      throw new WouldBlockException();
    }
    value--;
  }

  /**
   * Takes one off the value for a block; see {@link #acquire}. A checkpoint.
   *
   * @return what releases when it is closed
   */
  public Held hold() {
    acquire();
    return held;
  }

  /**
   * Adds one to the value; if tasks wait, it goes to the one that has waited longest instead, and the
   * value stays 0. Not a checkpoint.
   *
   * @throws IllegalStateException if the value is the maximum already
   */
  public void release() {
    Waiter next = waiting.poll();
    if (next != null) {
      next.resume();
    } else if (value == maxValue) {
      throw new IllegalStateException(
          "the semaphore was released more often than acquired: its value is " + maxValue);
    } else {
      value++;
    }
  }

  /**
   * Returns the value: how many {@link #acquire} would not have to wait.
   *
   * @return 0 or more
   */
  public int value() {
    return value;
  }

  /**
   * Returns the highest value.
   *
   * @return the maximum; {@link Integer#MAX_VALUE} if none was given
   */
  public int maxValue() {
    return maxValue;
  }

  /**
   * Returns what can be counted.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(waiting.size());
  }

  /**
   * What can be counted about a semaphore.
   *
   * @param tasksWaiting how many tasks wait for a unit
   */
  public record Statistics(int tasksWaiting) {}

  @Override
  public String toString() {
    return maxValue == Integer.MAX_VALUE
        ? "Semaphore, value " + value + ", " + waiting.size() + " waiting"
        : "Semaphore, value " + value + " of " + maxValue + ", " + waiting.size() + " waiting";
  }
}
