package io.triad.descriptor;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import org.jspecify.annotations.Nullable;

/**
 * Closes a descriptor through the engine, together with the cancellations that precede it: no system
 * call of its own. Not a cancel point, because a resource must be closed when this is through.
 */
public final class Closing extends Operation {
  private final Fiber fiber;
  private int result;
  private boolean done;

  private Closing(Fiber fiber) {
    this.fiber = fiber;
  }

  /**
   * Closes a descriptor and waits until the engine has also had the last word on an operation that
   * was cancelled.
   */
  public static int close(Fiber fiber, int descriptor, Operation cancelled) {
    Closing closing = new Closing(fiber);
    closing.close(descriptor);
    fiber.loop().engine().submit(closing);
    while (!closing.done) {
      fiber.suspend(closing, Abort.NEVER);
    }
    while (cancelled.inFlight()) {
      fiber.yieldNow(); // on its way: the engine was asked before the close
    }
    return closing.result;
  }

  @Override
  public String toString() {
    return "descriptor " + descriptor() + " to be closed";
  }

  @Override
  protected void completed(int newResult, boolean more, @Nullable LoanedBuffer buffer) {
    result = newResult;
    done = true;
    fiber.resume();
  }
}
