package io.triad.sync;

import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;

/**
 * Something that happens once. Tasks wait until it has; there is no way back (CORE-62).
 *
 * <p>For tasks of one run.
 */
public final class Event {
  private final WaitQueue<Waiter> waiting = new WaitQueue<>();
  private boolean set;

  /** Makes an event that has not happened. */
  public Event() {}

  /**
   * Says that it has happened, and wakes everybody who waits, in the order in which they came.
   * Idempotent; not a checkpoint.
   */
  public void set() {
    set = true;
    waiting.resumeAll();
  }

  /**
   * Returns whether it has happened.
   *
   * @return whether it has
   */
  public boolean isSet() {
    return set;
  }

  /**
   * Waits until it has happened; a checkpoint if it has.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException outside of a task
   */
  public void await() {
    Fiber fiber = Loop.requireFiber();
    if (set) {
      fiber.checkpoint();
    } else {
      waiting.await(new Waiter(fiber), this);
    }
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
   * What can be counted about an event.
   *
   * @param tasksWaiting how many tasks wait for it
   */
  public record Statistics(int tasksWaiting) {}

  @Override
  public String toString() {
    return set ? "Event, set" : "Event, " + waiting.size() + " waiting";
  }
}
