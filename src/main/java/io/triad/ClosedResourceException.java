package io.triad;

import java.io.IOException;

/**
 * This side has closed the resource, be it another task that did (STR-08). What the other side does
 * never causes it.
 */
public final class ClosedResourceException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what was closed
   */
  public ClosedResourceException(String message) {
    super(message);
  }
}
