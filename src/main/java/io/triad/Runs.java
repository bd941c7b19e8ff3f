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
