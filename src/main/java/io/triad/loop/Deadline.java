package io.triad.loop;

/**
 * A point of the run's clock at which something must happen. It knows its own place in the {@link
 * DeadlineQueue}, so moving or removing it costs O(log n) and leaves nothing behind.
 */
public abstract class Deadline {
  /** The reading of the clock that means "never". */
  public static final long NEVER = Long.MAX_VALUE;

  static final int NOT_QUEUED = -1;

  long nanos = NEVER;
  int heapIndex = NOT_QUEUED;

  /** Called on the loop once the clock has reached the deadline; it is no longer queued then. */
  protected abstract void reached();

  /** When it is due, in nanoseconds of the run's clock, or {@link #NEVER}. */
  public final long nanos() {
    return nanos;
  }
}
