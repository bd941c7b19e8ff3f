package io.triad;

/**
 * A method whose name ends with {@code Nowait} would have had to wait. It has done nothing. It is
 * control flow and not a mistake, so it has no stack trace.
 */
public final class WouldBlockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public WouldBlockException() {
    super("this would block", null, true, false);
  }
}
