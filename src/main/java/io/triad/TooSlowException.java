package io.triad;

/**
 * A time-out of {@link Triad#failAfter} or {@link Triad#failAt} has struck (CORE-38). Everything
 * inside was cancelled and has ended.
 */
public final class TooSlowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooSlowException() {
    super("the time is over");
  }
}
