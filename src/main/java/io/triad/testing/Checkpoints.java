package io.triad.testing;

import io.triad.Action;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;

/**
 * Assertions about checkpoints: whether code let other tasks run, and whether it looked whether it
 * is cancelled. Counted for the calling task only, not for tasks that the code starts.
 */
public final class Checkpoints {
  private Checkpoints() {}

  /**
   * Runs an action and asserts that it executed a checkpoint: at least one point where other tasks
   * may run, and at least one where it would have been cancelled (TEST-17). What the action throws
   * passes through, and nothing is asserted then.
   *
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   * @throws AssertionError if the action ended normally without a checkpoint
   */
  public static <E extends Exception> void assertCheckpoints(Action<E> action) throws E {
    Points points = new Points();
    action.run();
    if (!points.makeCheckpoint()) {
      throw new AssertionError("the action executed no checkpoint: " + points);
    }
  }

  /**
   * Runs an action and asserts that it executed no checkpoint, not even a half of one, also if it
   * throws (TEST-18).
   *
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   * @throws AssertionError if the action let other tasks run or could have been cancelled; what the
   *     action threw is suppressed in it
   */
  public static <E extends Exception> void assertNoCheckpoints(Action<E> action) throws E {
    Points points = new Points();
    try {
      action.run();
    } catch (Throwable thrown) {
      try {
        points.requireNone();
      } catch (AssertionError failure) {
        failure.addSuppressed(thrown);
        throw failure;
      }
      throw thrown;
    }
    points.requireNone();
  }

  /** What has been counted since it was made. */
  static final class Points {
    private final Fiber fiber = Loop.requireFiber();
    private final long scheduledBefore = fiber.schedulePoints();
    private final long cancelledBefore = fiber.cancelPoints();

    /** Whether there were both kinds. */
    boolean makeCheckpoint() {
      return scheduled() != 0 && cancelled() != 0;
    }

    private long scheduled() {
      return fiber.schedulePoints() - scheduledBefore;
    }

    private long cancelled() {
      return fiber.cancelPoints() - cancelledBefore;
    }

    private void requireNone() {
      if (scheduled() != 0 || cancelled() != 0) {
        throw new AssertionError("the action executed a checkpoint: " + this);
      }
    }

    @Override
    public String toString() {
      return scheduled() + " schedule points, " + cancelled() + " cancel points";
    }
  }
}
