package io.triad;

import java.util.concurrent.ThreadLocalRandom;

/** The default clock: 10 000 to 200 000 seconds ahead of {@link System#nanoTime} at its making. */
final class SystemClock implements Clock {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long offset =
      ThreadLocalRandom.current().nextLong(10_000 * NANOS_PER_SECOND, 200_000 * NANOS_PER_SECOND)
          - System.nanoTime();

  @Override
  public long nanos() {
    return System.nanoTime() + offset;
  }

  @Override
  public long untilNanos(long deadlineNanos) {
    if (deadlineNanos == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    long now = nanos();
    return deadlineNanos <= now ? 0 : deadlineNanos - now;
  }
}
