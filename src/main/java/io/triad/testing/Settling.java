package io.triad.testing;

import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.time.Duration;

/** Waiting until everybody else waits. */
public final class Settling {
  private Settling() {}

  /**
   * Waits until every other task of the run is blocked and nothing arrives; see {@link
   * #waitAllTasksBlocked(Duration)}.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public static void waitAllTasksBlocked() {
    waitAllTasksBlocked(Duration.ZERO);
  }

  /**
   * Waits until every other task of the run has been blocked for some real time, without anything
   * arriving in the meantime: no completion of the kernel, no message of another thread, no deadline
   * (TEST-09, TEST-12). A task that sleeps or waits with a time-out is blocked (TEST-11).
   *
   * <p>Of several tasks that wait here those with the shortest cushion are woken first, equal ones
   * together, and the others begin afresh (TEST-10).
   *
   * @param cushion how long everybody must have been blocked; zero or more, in real time whatever
   *     clock the run has
   * @throws IllegalArgumentException if the cushion is negative
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public static void waitAllTasksBlocked(Duration cushion) {
    if (cushion.isNegative()) {
      throw new IllegalArgumentException("the cushion must be non-negative, not " + cushion);
    }
    Fiber fiber = Loop.requireFiber();
    fiber.loop().awaitQuiet(fiber, Nanos.of(cushion));
  }
}
