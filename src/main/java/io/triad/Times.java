package io.triad;

import io.triad.loop.Deadline;
import java.time.Duration;

/**
 * Durations and instants of a run's clock as nanoseconds. Inside they are a {@code long}; outside a
 * {@link Duration}. What does not fit is 292 years away and means for ever.
 */
final class Times {
  static final long NEVER = Deadline.NEVER;
  static final long ALWAYS = Long.MIN_VALUE;

  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
  private static final Duration SHORTEST = Duration.ofNanos(Long.MIN_VALUE);

  private Times() {}

  static long nanos(Duration duration) {
    if (duration.compareTo(LONGEST) >= 0) {
      return NEVER;
    }
    return duration.compareTo(SHORTEST) <= 0 ? ALWAYS : duration.toNanos();
  }

  static Duration duration(long nanos) {
    if (nanos == NEVER) {
      return Triad.FOREVER;
    }
    return nanos == ALWAYS ? Triad.FOREVER.negated() : Duration.ofNanos(nanos);
  }

  /** A point of time after another one; {@link #NEVER} after any. */
  static long plus(long instant, long nanos) {
    if (nanos == NEVER) {
      return NEVER; // also after an instant below zero, where the sum would fit
    }
    long sum = instant + nanos;
    boolean overflow = nanos >= 0 ? sum < instant : sum > instant;
    return overflow ? (nanos >= 0 ? NEVER : ALWAYS) : sum;
  }

  /** The length of a time-out, which must not be negative. */
  static long timeout(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("the time-out must be non-negative, not " + timeout);
    }
    return nanos(timeout);
  }
}
