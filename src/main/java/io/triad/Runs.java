package io.triad;

import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import org.jspecify.annotations.Nullable;

/** Where the caller stands: in which task of which run. */
final class Runs {
  private Runs() {}

  static Fiber fiber() {
    return Loop.requireFiber();
  }

  /** The loop that the caller is on, in a task or in a callback of the run. */
  static Loop loop() {
    Loop loop = Loop.current();
    if (loop == null) {
      throw new IllegalStateException(
          "must be called from a task of a run: inside Triad.run, on the thread of a task");
    }
    return loop;
  }

  static @Nullable Fiber fiberOrNull() {
    return Loop.currentFiber();
  }

  static @Nullable Task taskOrNull() {
    Fiber fiber = Loop.currentFiber();
    return fiber == null ? null : (Task) fiber.body();
  }

  /** Throws anything as if it were E. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <E extends Throwable> E sneaky(Throwable throwable) throws E {
    throw (E) throwable;
  }
}
