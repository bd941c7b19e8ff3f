package io.triad;

/**
 * Where a run takes its time from (CORE-42). The default counts the nanoseconds of {@link
 * System#nanoTime} from a random origin, so that nobody mistakes it for the time of day.
 *
 * <p>All methods are called on the thread of the run.
 */
public interface Clock {
  /** Called once when the run begins. */
  default void start() {}

  /**
   * Returns the time.
   *
   * @return nanoseconds from an origin of the clock's choice; never goes back
   */
  long nanos();

  /**
   * Returns how long the run may sleep in the kernel until the clock reaches a deadline.
   *
   * @param deadlineNanos a reading of this clock, or {@link Long#MAX_VALUE} for none
   * @return real nanoseconds; 0 if it is due already, {@link Long#MAX_VALUE} for no limit
   */
  long untilNanos(long deadlineNanos);

  /**
   * Returns how long, in real time, all tasks must have been blocked, with a deadline ahead of them,
   * until {@link #idle} is called. A task that waits in a lock of the JDK does not count as blocked;
   * as long as a task waits until all others are blocked, its turn comes first (TEST-04 to TEST-08).
   *
   * @return real nanoseconds, 0 for at once; {@link Long#MAX_VALUE}, which is the default, for never
   */
  default long idleThresholdNanos() {
    return Long.MAX_VALUE;
  }

  /**
   * Called when all tasks have been blocked for {@link #idleThresholdNanos}. A clock that is not the
   * real one may go on to the deadline now.
   *
   * @param nextDeadlineNanos the earliest deadline of the run, a reading of this clock
   */
  default void idle(long nextDeadlineNanos) {}

  /**
   * Returns a new clock of the default kind.
   *
   * @return a monotonic clock with a random origin
   */
  static Clock system() {
    return new SystemClock();
  }
}
