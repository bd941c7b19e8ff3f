package io.triad.engine;

import org.jspecify.annotations.Nullable;

/** An operation in the hands of a {@link ReadinessEngine}; used again for others. */
final class Request {
  /** Its place in the ledger of its engine. */
  final int slot;

  private @Nullable Operation operation;

  /** The bytes that a send has handed over; 1 for a connect that has begun. */
  int progress;

  /** Where it has waited since it was submitted; null if it never had to. */
  @Nullable Watch watch;

  /** In which queue it is; null while it is tried. */
  @Nullable RequestQueue queue;

  @Nullable Request previous;
  @Nullable Request next;

  Request(int slot) {
    this.slot = slot;
  }

  void begin(Operation submitted) {
    operation = submitted;
    progress = 0;
    watch = null;
  }

  Operation operation() {
    assert operation != null;
    return operation;
  }

  boolean isFree() {
    return operation == null;
  }

  /** Lets go of the operation, and answers it. */
  Operation end() {
    assert queue == null;
    Operation ended = operation();
    operation = null;
    watch = null;
    return ended;
  }
}
