package io.triad;

/**
 * A clock that stands still while anything can run, and jumps to the next deadline when nothing
 * can. Sleeping takes no time then, and every instant is exact.
 */
final class JumpingClock implements Clock {
  private long now;

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public long untilNanos(long deadlineNanos) {
    if (deadlineNanos == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    now = Math.max(now, deadlineNanos);
    return 0;
  }

  static RunOptions options() {
    return RunOptions.DEFAULT.withClock(new JumpingClock());
  }
}
