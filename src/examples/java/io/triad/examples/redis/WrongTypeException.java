package io.triad.examples.redis;

/** A command for one type of value met another one. */
final class WrongTypeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongTypeException() {
    super("WRONGTYPE Operation against a key holding the wrong kind of value", null, false, false);
  }
}
