package io.triad.sync;

import io.triad.loop.Fiber;
import io.triad.loop.Waiter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One task's wait at an end of a channel: to get rid of an object, or to get one. How it ended is
 * noted here, and the task itself throws: the stack trace of an exception is that of who gets it.
 */
final class Transfer<T> extends Waiter {
  /** How it ended. */
  enum Outcome {
    /** The object is on the other side. */
    DONE,
    /** This end was closed. */
    CLOSED,
    /** The last end of the other side was closed. */
    OTHER_SIDE_GONE
  }

  private final Object end;
  private @Nullable T item;
  private @Nullable Outcome outcome;

  /** {@code item} is what to send, or null to receive. */
  Transfer(Fiber fiber, Object end, @Nullable T item) {
    super(fiber);
    this.end = end;
    this.item = item;
  }

  boolean isFor(Object channelEnd) {
    return end == channelEnd;
  }

  /** What a sender wants to get rid of, or what a receiver has got. */
  T item() {
    return Objects.requireNonNull(item);
  }

  /** {@code received} is for a receiver. */
  void succeed(@Nullable T received) {
    item = received;
    outcome = Outcome.DONE;
    resume();
  }

  void fail(Outcome how) {
    outcome = how;
    resume();
  }

  Outcome outcome() {
    return Objects.requireNonNull(outcome, "woken and told nothing");
  }
}
