package io.triad;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The resource does not work any more through no doing of this side: a connection was reset, the
 * receiver is gone (STR-08).
 */
public final class BrokenResourceException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what broke
   * @param cause what the system said, or null
   */
  public BrokenResourceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
