package io.triad.examples.http;

/** A request that is answered with an error, after which its connection cannot go on. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String why;

  RefusedException(int status, String why) {
    super(why);
    this.status = status;
    this.why = why;
  }

  /** What the client is told. */
  String why() {
    return why;
  }

  /** The status code of the answer. */
  int status() {
    return status;
  }
}
