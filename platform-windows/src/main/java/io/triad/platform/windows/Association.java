package io.triad.platform.windows;

/** That the packets of a handle go to the port of an engine. */
final class Association {
  /** How many operations are in flight on the handle that nobody has cancelled. */
  int users;

  /** Whether a call that succeeds at once sends no packet. */
  boolean skips;
}
