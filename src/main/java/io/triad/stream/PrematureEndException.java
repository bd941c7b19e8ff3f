package io.triad.stream;

import java.io.EOFException;

/**
 * The stream ended in the middle of something. The bytes that came before the end are here, and
 * still in the {@link BufferedReceiver} as well.
 */
public final class PrematureEndException extends EOFException {
  private static final long serialVersionUID = 1L;

  /** What came before the end. */
  private final byte[] received;

  /**
   * Makes one.
   *
   * @param message what was expected, and what was received
   * @param received the bytes that came before the end
   */
  public PrematureEndException(String message, byte[] received) {
    super(message);
    this.received = received.clone();
  }

  /** {@return a copy of the bytes that came before the end} */
  public byte[] received() {
    return received.clone();
  }
}
