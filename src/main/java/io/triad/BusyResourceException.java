package io.triad;

/**
 * Another task is in the middle of an operation on this resource that excludes this one (STR-09).
 * The other operation is not disturbed. It is a mistake in the program, hence unchecked.
 */
public final class BusyResourceException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message who uses what
   */
  public BusyResourceException(String message) {
    super(message);
  }
}
