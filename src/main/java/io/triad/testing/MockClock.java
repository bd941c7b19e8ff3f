package io.triad.testing;

import io.triad.Clock;
import io.triad.Triad;
import java.time.Duration;

/**
 * A clock for tests. It starts at zero and stands still, and goes on in three ways: when a test
 * {@linkplain #jump says so}, at a {@linkplain #setRate rate} of real time, or by itself when
 * nothing else is left to do ({@linkplain #setAutojumpThreshold autojump}). A program that sleeps
 * for hours is tested in no time, and every instant is exact:
 *
 * <pre>{@code
 * Triad.run(
 *     RunOptions.DEFAULT.withClock(MockClock.autojump()),
 *     () -> {
 *       Triad.sleep(Duration.ofHours(3));
 *       assert Triad.currentTime().equals(Duration.ofHours(3));
 *     });
 * }</pre>
 *
 * <p>Used by one run at a time, and set up before it or in its tasks; a change takes effect at once.
 * What is done to a clock that is not the run's has no effect on the run (TEST-05).
 */
public final class MockClock implements Clock {
  private static final long NEVER = Long.MAX_VALUE;

  /** Virtual seconds per real second. */
  private double rate;

  /** What the clock read when real time read {@link #realBase}. */
  private long virtualBase;

  private long realBase = System.nanoTime();
  private long autojumpThresholdNanos = NEVER;

  /** Makes a clock that reads zero and goes on only when told to. */
  public MockClock() {}

  /**
   * Makes a clock that reads zero, and jumps to the next deadline as soon as all tasks are blocked:
   * with an autojump threshold of zero.
   *
   * @return the clock
   */
  public static MockClock autojump() {
    MockClock clock = new MockClock();
    clock.setAutojumpThreshold(Duration.ZERO);
    return clock;
  }

  /**
   * Returns what it reads: the same as {@link Triad#currentTime} in its run.
   *
   * @return the virtual time since its start
   */
  public Duration currentTime() {
    return Duration.ofNanos(nanos());
  }

  /**
   * Goes on at once. Every deadline that is passed fires in the next pass of the run, all of them
   * together (TEST-07).
   *
   * @param duration how far, zero or more
   * @throws IllegalArgumentException if it is negative: time cannot go backwards (TEST-01)
   */
  public void jump(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("time can't go backwards, by " + duration);
    }
    virtualBase = sum(virtualBase, Nanos.of(duration));
  }

  /**
   * Returns the rate at which it follows real time.
   *
   * @return virtual seconds per real second; zero if it stands still
   */
  public double rate() {
    return rate;
  }

  /**
   * Lets it follow real time from now on, faster or slower, or stand still. Its reading goes on from
   * where it is (TEST-02).
   *
   * @param newRate virtual seconds per real second, zero or more
   * @throws IllegalArgumentException if it is negative, infinite or not a number
   */
  public void setRate(double newRate) {
    if (!(newRate >= 0) || Double.isInfinite(newRate)) {
      throw new IllegalArgumentException("the rate must be finite and >= 0, not " + newRate);
    }
    long real = System.nanoTime();
    virtualBase = nanosAt(real);
    realBase = real;
    rate = newRate;
  }

  /**
   * Returns how long all tasks must be blocked until it jumps by itself.
   *
   * @return real time; {@link Triad#FOREVER} if it never does
   */
  public Duration autojumpThreshold() {
    return autojumpThresholdNanos == NEVER
        ? Triad.FOREVER
        : Duration.ofNanos(autojumpThresholdNanos);
  }

  /**
   * Lets it jump to the next deadline by itself when all tasks have been blocked for a while and
   * nothing has arrived. Without a deadline it never jumps (TEST-04).
   *
   * <p>A task that waits for the network, a file or a worker thread is blocked, too: with a threshold
   * of zero time may jump past an answer that is on its way, so a program that talks to the outside
   * needs a threshold that the outside does not take (TEST-08). A task that waits in {@link
   * Settling#waitAllTasksBlocked} goes first, whatever its cushion (TEST-06), and one that is stopped
   * by a lock of the JDK counts as running.
   *
   * @param threshold how long in real time, zero or more; {@link Triad#FOREVER} for never, which is
   *     the default
   * @throws IllegalArgumentException if it is negative
   */
  public void setAutojumpThreshold(Duration threshold) {
    if (threshold.isNegative()) {
      throw new IllegalArgumentException("the threshold must be >= 0, not " + threshold);
    }
    autojumpThresholdNanos = Nanos.of(threshold);
  }

  @Override
  public long nanos() {
    return nanosAt(System.nanoTime());
  }

  private long nanosAt(long realNanos) {
    return rate == 0 ? virtualBase : sum(virtualBase, (long) ((realNanos - realBase) * rate));
  }

  /**
   * Returns how long the run may sleep until this clock reaches a deadline, if nobody makes it jump
   * (TEST-03).
   *
   * @param deadlineNanos a reading of this clock
   * @return real nanoseconds: 0 if it is due, the rest divided by the rate, {@link Long#MAX_VALUE}
   *     if the clock stands still
   */
  @Override
  public long untilNanos(long deadlineNanos) {
    long now = nanos();
    if (deadlineNanos <= now) {
      return 0;
    }
    if (deadlineNanos == NEVER || rate == 0) {
      return NEVER;
    }
    return (long) Math.ceil((deadlineNanos - now) / rate); // never early, or the run would spin
  }

  @Override
  public long idleThresholdNanos() {
    return autojumpThresholdNanos;
  }

  @Override
  public void idle(long nextDeadlineNanos) {
    if (nextDeadlineNanos != NEVER) {
      // With a rate, time goes on between the two readings; it may be late then, never early.
      virtualBase = sum(virtualBase, Math.max(0, nextDeadlineNanos - nanos()));
    }
  }

  /** Both are zero or more; stays at the end of time when it gets there. */
  private static long sum(long nanos, long more) {
    return more > NEVER - 1 - nanos ? NEVER - 1 : nanos + more;
  }

  @Override
  public String toString() {
    return "MockClock at " + currentTime() + ", rate " + rate + ", autojump threshold "
        + (autojumpThresholdNanos == NEVER ? "none" : autojumpThreshold());
  }
}
