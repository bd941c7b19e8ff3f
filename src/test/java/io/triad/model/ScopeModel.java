package io.triad.model;

import io.triad.CancelScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the model knows of a scope: enough to say who must be cancelled, by the definition alone. */
final class ScopeModel {
  static final long NEVER = Long.MAX_VALUE;

  private final @Nullable ScopeModel parent;
  private final CancelScope real;
  private final boolean shield;
  private final long deadline;
  private boolean cancelled;

  /** What was thrown on purpose inside, and must be reported by the nursery of this scope. */
  final List<PlannedFailure> failures = new ArrayList<>();

  ScopeModel(@Nullable ScopeModel parent, CancelScope real, boolean shield, long deadline) {
    this.parent = parent;
    this.real = real;
    this.shield = shield;
    this.deadline = deadline;
  }

  void cancel() {
    cancelled = true;
    real.cancel();
  }

  /** The nursery cancels its scope itself. */
  void willBeCancelled() {
    cancelled = true;
  }

  /** Whether this very scope has been cancelled, with a deadline that is just due counted in or not. */
  boolean isCancelled(long now, boolean dueCounts) {
    return cancelled || (dueCounts ? now >= deadline : now > deadline);
  }

  /** Whether a checkpoint inside may throw at this instant. */
  boolean mayThrow(long now) {
    return reached(now, true);
  }

  /** Whether a checkpoint inside must throw: no deadline is just due, about which nobody can say. */
  boolean mustThrow(long now) {
    return reached(now, false);
  }

  /** Whether a cancellation from outside may, or must, be seen through this scope. */
  boolean reachedFromOutside(long now, boolean dueCounts) {
    return !shield && parent != null && parent.reached(now, dueCounts);
  }

  private boolean reached(long now, boolean dueCounts) {
    for (ScopeModel node = this; node != null; node = node.shield ? null : node.parent) {
      if (node.isCancelled(now, dueCounts)) {
        return true;
      }
    }
    return false;
  }
}
