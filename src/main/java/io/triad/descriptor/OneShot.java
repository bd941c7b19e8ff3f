package io.triad.descriptor;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import org.jspecify.annotations.Nullable;

/**
 * An operation with one completion, for which a task waits. Set up by the methods of {@link
 * Operation}, then {@link #await}; again and again.
 *
 * <p>A cancellation is passed on to the engine, and what counts is what the completion says: a result
 * is a result, and only {@link Operation#CANCELED} means that nothing happened.
 */
public final class OneShot extends Operation implements Abort {
  private @Nullable Fiber waiting;
  private int result;

  /** Submits it and waits for its end; a cancel point of the kernel's choice. */
  public int await(Fiber fiber) {
    return await(fiber, this);
  }

  /** Submits it and waits for its end, cancelled or not. */
  public int awaitShielded(Fiber fiber) {
    return await(fiber, Abort.NEVER);
  }

  private int await(Fiber fiber, Abort abort) {
    fiber.loop().engine().submit(this);
    waiting = fiber;
    fiber.suspend(this, abort);
    return result;
  }

  @Override
  public String toString() {
    String on = " on descriptor " + descriptor();
    return switch (kind()) {
      case SEND, SEND_ZERO_COPY, SEND_FILE -> "the sending of " + length() + " bytes" + on;
      case SEND_GATHER -> "the sending of " + count() + " buffers" + on;
      case CONNECT -> "the connection" + on;
      case AWAIT_READY ->
          "descriptor " + descriptor() + " to be "
              + (readiness() == WRITABLE ? "writable" : "readable");
      default -> super.toString();
    };
  }

  @Override
  public boolean abort() {
    assert waiting != null;
    waiting.loop().engine().cancel(this);
    return false;
  }

  @Override
  protected void completed(int newResult, boolean more, @Nullable LoanedBuffer buffer) {
    assert !more && buffer == null;
    assert waiting != null;
    result = newResult;
    Fiber fiber = waiting;
    waiting = null;
    fiber.resume();
  }
}
