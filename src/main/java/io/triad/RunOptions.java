package io.triad;

import org.jspecify.annotations.Nullable;

/**
 * How a run is set up. Immutable; {@code RunOptions.DEFAULT.withClock(clock)}.
 *
 * @param clock where the run takes its time from; null for a new {@link Clock#system}
 */
public record RunOptions(@Nullable Clock clock) {
  /** What {@link Triad#run(Body)} uses. */
  public static final RunOptions DEFAULT = new RunOptions(null);

  /**
   * Returns the same options with another clock.
   *
   * @param newClock the clock, used by one run at a time
   * @return the options
   */
  public RunOptions withClock(Clock newClock) {
    return new RunOptions(newClock);
  }
}
