package io.triad.stream;

import java.io.IOException;

/**
 * More bytes arrived than were allowed without the delimiter that was looked for. Nothing was
 * consumed: the bytes are still in the {@link BufferedReceiver}.
 */
public final class LimitExceededException extends IOException {
  private static final long serialVersionUID = 1L;

  /** How many bytes were allowed. */
  private final int limit;

  /**
   * Makes one.
   *
   * @param limit how many bytes were allowed
   * @param message what was received instead
   */
  public LimitExceededException(int limit, String message) {
    super(message);
    this.limit = limit;
  }

  /** {@return how many bytes were allowed before the delimiter} */
  public int limit() {
    return limit;
  }
}
