package io.triad.sync;

/**
 * Says how many may do something at the same time: whoever wants to borrows a token first and gives
 * it back afterwards. {@link CapacityLimiter} is one; others can count across runs, or by weight.
 *
 * <p>Source: CORE-72.
 */
public interface Limiter {
  /**
   * Borrows a token for any object; waits while there is none. Called in a task, and should be a
   * checkpoint.
   *
   * @param borrower who gets it; its text says what for
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was borrowed then
   */
  void acquireOnBehalfOf(Object borrower);

  /**
   * Gives a token back. Called on the thread of the run but not necessarily in a task, so it must
   * not block.
   *
   * @param borrower who got it
   */
  void releaseOnBehalfOf(Object borrower);
}
