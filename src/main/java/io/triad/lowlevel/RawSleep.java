package io.triad.lowlevel;

import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One sleep in {@link Lowlevel#waitTaskRescheduled}: what is known while it lasts. */
final class RawSleep implements Abort {
  private final Fiber fiber;
  private final AbortFunction abortFunction;
  @Nullable Object data;
  private @Nullable Object value;
  private @Nullable Throwable heldBack;

  RawSleep(Fiber fiber, AbortFunction abortFunction, @Nullable Object data) {
    this.fiber = fiber;
    this.abortFunction = abortFunction;
    this.data = data;
  }

  /** The sleep that a fiber is in, or null. */
  static @Nullable RawSleep of(Fiber fiber) {
    return fiber.waitingFor() instanceof RawSleep sleep ? sleep : null;
  }

  @Nullable Object await() {
    fiber.suspend(this, this);
    return value;
  }

  void wake(@Nullable Object result) {
    value = result;
    fiber.resume();
  }

  void wakeWith(Throwable throwable) {
    fiber.resumeWith(throwable);
  }

  void wakeCancelled() {
    if (heldBack == null) {
      throw new IllegalStateException("no cancellation was held back from this task: " + fiber);
    }
    fiber.resumeWithPending(heldBack);
  }

  @Override
  public boolean abort() {
    AbortFunction.Result result =
        Objects.requireNonNull(
            abortFunction.abort(), "an abort function must answer SUCCEEDED or FAILED");
    if (result == AbortFunction.Result.SUCCEEDED) {
      return true;
    }
    // Kept and not made later: by then a shield may have come in between.
    heldBack = fiber.cancellation();
    return false;
  }

  @Override
  public String toString() {
    return data == null ? "waitTaskRescheduled" : "waitTaskRescheduled, " + data;
  }
}
