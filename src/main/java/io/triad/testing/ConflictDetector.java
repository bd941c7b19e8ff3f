package io.triad.testing;

import io.triad.BusyResourceException;

/** Lets one task at a time into what two must not do at once; the second one is told so. */
final class ConflictDetector implements AutoCloseable {
  private final String message;
  private boolean busy;

  ConflictDetector(String message) {
    this.message = message;
  }

  /** Begins; try-with-resources ends it. */
  ConflictDetector enter() {
    check();
    busy = true;
    return this;
  }

  /** Throws if somebody is inside. */
  void check() {
    if (busy) {
      throw new BusyResourceException(message);
    }
  }

  @Override
  public void close() {
    busy = false;
  }
}
