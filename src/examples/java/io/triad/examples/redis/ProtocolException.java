package io.triad.examples.redis;

/** Bytes that are no command. Where the next command begins is then unknown. */
final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1L;

  ProtocolException(String message) {
    super(message);
  }
}
