package io.triad.loop;

import java.util.ArrayList;
import java.util.List;

/**
 * Fibers that wait until all others are blocked and nothing has happened for a while, which is
 * measured in real time (TEST-09 to TEST-12). There are few of them, in tests, so a list will do.
 */
final class QuietWaiters {
  private record Waiter(Fiber fiber, long cushionNanos) {}

  private final List<Waiter> waiters = new ArrayList<>(0);
  private long quietSince;

  boolean isEmpty() {
    return waiters.isEmpty();
  }

  void await(Fiber fiber, long cushionNanos) {
    Waiter waiter = new Waiter(fiber, cushionNanos);
    waiters.add(waiter);
    quietSince = System.nanoTime();
    fiber.suspend(() -> waiters.remove(waiter));
  }

  /** How long the kernel may be waited in until somebody is to be woken; there must be one. */
  long untilNanos() {
    return Math.max(0, shortestCushion() - (System.nanoTime() - quietSince));
  }

  /**
   * A pass of the loop is over; there must be somebody who waits.
   *
   * @param anything whether anything happened in it
   */
  void passed(boolean anything) {
    long now = System.nanoTime();
    if (anything) {
      quietSince = now;
      return;
    }
    long cushion = shortestCushion();
    if (now - quietSince >= cushion) {
      quietSince = now;
      for (Waiter waiter : List.copyOf(waiters)) {
        if (waiter.cushionNanos == cushion) {
          waiters.remove(waiter);
          waiter.fiber.resume();
        }
      }
    }
  }

  private long shortestCushion() {
    long shortest = Long.MAX_VALUE;
    for (Waiter waiter : waiters) {
      shortest = Math.min(shortest, waiter.cushionNanos);
    }
    return shortest;
  }
}
