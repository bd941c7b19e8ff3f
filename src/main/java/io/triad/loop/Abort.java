package io.triad.loop;

/** What a cancellation does to a fiber that sleeps. */
@FunctionalInterface
public interface Abort {
  /** Leaves the fiber asleep: whoever is to wake it does so, cancelled or not. */
  Abort NEVER = () -> false;

  /**
   * Called on the loop, at most once per sleep.
   *
   * @return true if the wait was taken back and nothing happened: the fiber gets its {@code
   *     Cancelled}; false if somebody else will resume the fiber
   */
  boolean abort();
}
