package io.triad.loop;

import org.jspecify.annotations.Nullable;

/** Something from outside that one fiber gets at its next cancel point. */
final class Interrupt {
  private @Nullable Fiber target;

  /** Volatile for {@link #isPending}; on the loop it is read only for its target. */
  private volatile @Nullable Throwable thrown;

  void set(Fiber fiber, Throwable throwable) {
    target = fiber;
    thrown = throwable;
  }

  /** What is to be thrown; after that there is nothing any more. */
  @Nullable Throwable take() {
    Throwable taken = thrown;
    thrown = null;
    target = null;
    return taken;
  }

  /** Any thread. */
  boolean isPending() {
    return thrown != null;
  }

  boolean isFor(Fiber fiber) {
    return target == fiber;
  }

  @Nullable Throwable of(Fiber fiber) {
    return target == fiber ? thrown : null;
  }
}
