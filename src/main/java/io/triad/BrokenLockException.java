package io.triad;

/**
 * Nobody can be given what a task waits for, because the task that was to give it has ended: it held
 * a lock and did not release it (CORE-67), or it had been named as the one on whom a parking lot
 * depends (LOW-35). A mistake in the program, hence unchecked.
 */
public final class BrokenLockException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message which task ended
   */
  public BrokenLockException(String message) {
    super(message);
  }
}
