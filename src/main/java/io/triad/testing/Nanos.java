package io.triad.testing;

import java.time.Duration;

/** Durations as nanoseconds; what does not fit is 292 years away and means for ever. */
final class Nanos {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private Nanos() {}

  /** The nanoseconds of a duration that is zero or more. */
  static long of(Duration duration) {
    return duration.compareTo(LONGEST) >= 0 ? Long.MAX_VALUE : duration.toNanos();
  }
}
