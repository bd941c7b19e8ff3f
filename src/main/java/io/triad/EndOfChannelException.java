package io.triad;

import java.io.IOException;

/**
 * A channel has come to its orderly end: everybody who could send has closed, and everything that was
 * sent has been received (STR-10). Streams of bytes say the same with an empty result.
 */
public final class EndOfChannelException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Makes one. */
  public EndOfChannelException() {
    super("all senders of this channel are closed, and everything has been received");
  }
}
