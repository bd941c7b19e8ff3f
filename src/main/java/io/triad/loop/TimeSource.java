package io.triad.loop;

/** Where a loop takes its time from. */
public interface TimeSource {
  /** The reading of the clock in nanoseconds; never goes back. */
  long nanos();

  /**
   * How long the kernel may be waited in until the clock reads a deadline.
   *
   * @param deadline a reading, or {@link Deadline#NEVER}
   * @return real nanoseconds; 0 if it is due, {@link Long#MAX_VALUE} if no time can be given
   */
  long untilNanos(long deadline);

  /** How long, in real nanoseconds, everybody must be blocked until {@link #idle} is called. */
  default long idleThresholdNanos() {
    return Long.MAX_VALUE;
  }

  /** Everybody has been blocked for that long; the next deadline is given, which is not NEVER. */
  default void idle(long nextDeadline) {}
}
