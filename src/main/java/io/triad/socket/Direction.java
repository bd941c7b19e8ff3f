package io.triad.socket;

/** Which half of a connection {@link Socket#shutdown} ends; shutdown(2). */
public enum Direction {
  /** Nothing more is received: SHUT_RD. */
  READ("SHUT_RD"),
  /** Nothing more is sent, which the peer sees as the end: SHUT_WR. */
  WRITE("SHUT_WR"),
  /** Both: SHUT_RDWR. */
  BOTH("SHUT_RDWR");

  private final String constant;

  Direction(String constant) {
    this.constant = constant;
  }

  /** What the system's headers call it. */
  String constant() {
    return constant;
  }

  boolean includesWrite() {
    return this != READ;
  }
}
