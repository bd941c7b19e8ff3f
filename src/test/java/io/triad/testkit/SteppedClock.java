package io.triad.testkit;

import io.triad.Action;
import io.triad.Clock;
import io.triad.Nursery;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.testing.Settling;
import java.time.Duration;

/** A clock that goes on only when a test says so, or by steps when all tasks are blocked. */
public final class SteppedClock implements Clock {
  /** So long must everybody be blocked, in real time, before the clock makes a step. */
  private static final Duration CUSHION = Duration.ofMillis(5);

  private long now;

  /** Makes one that stands at zero. */
  public SteppedClock() {}

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public long untilNanos(long deadlineNanos) {
    return deadlineNanos <= now ? 0 : Long.MAX_VALUE;
  }

  /** Goes on. */
  public void advance(Duration duration) {
    now += duration.toNanos();
  }

  /** Runs an action, and makes a step whenever everybody is blocked. */
  public void run(Duration step, Action<? extends Exception> action) {
    Triad.run(
        RunOptions.DEFAULT.withClock(this),
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    for (;;) {
                      Settling.waitAllTasksBlocked(CUSHION);
                      advance(step);
                    }
                  });
              action.run();
              nursery.cancelScope().cancel();
            }));
  }
}
