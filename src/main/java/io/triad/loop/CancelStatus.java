package io.triad.loop;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A node of the tree of cancellation: one per entered scope. Whether it is cancelled is kept
 * up to date from the root downwards at the moment of a change, so that a checkpoint only reads one
 * field.
 *
 * <p>Each fiber belongs to exactly one node, its innermost scope. Children and fibers hang in
 * intrusive lists: entering and leaving a scope allocates nothing but the node, which is its own
 * deadline as well.
 */
public abstract class CancelStatus extends Deadline {
  private @Nullable CancelStatus parent;
  private boolean requested;
  private boolean shield;
  private boolean effective;

  private @Nullable CancelStatus firstChild;
  private @Nullable CancelStatus previousSibling;
  private @Nullable CancelStatus nextSibling;
  private @Nullable Fiber firstFiber;

  /** Makes the exception that a fiber of this node gets at a cancel point. */
  protected abstract Error cancelled();

  @Override
  protected void reached() {
    throw new AssertionError("whoever sets the deadline of a scope says what is to happen");
  }

  /** Whether a checkpoint in this node raises. */
  public final boolean effectivelyCancelled() {
    return effective;
  }

  /** Whether a cancellation from outside reaches into this node. */
  public final boolean cancelledFromOutside() {
    return parent != null && !shield && parent.effective;
  }

  /** Whether this very node was asked to cancel. */
  public final boolean requested() {
    return requested;
  }

  /** The node around this one; null for a root and after the exit. */
  public final @Nullable CancelStatus parent() {
    return parent;
  }

  /** Whether cancellations from outside are kept away. */
  public final boolean shield() {
    return shield;
  }

  /** Keeps cancellations from outside away, or lets them in: a sleeping fiber notices at once. */
  public final void setShield(boolean shield) {
    this.shield = shield;
    update();
  }

  /** Cancels what runs inside. Idempotent. */
  public final void request() {
    if (!requested) {
      requested = true;
      update();
    }
  }

  /** Puts this node below another one. */
  public final void attach(@Nullable CancelStatus newParent) {
    detach();
    parent = newParent;
    if (newParent != null) {
      nextSibling = newParent.firstChild;
      if (nextSibling != null) {
        nextSibling.previousSibling = this;
      }
      newParent.firstChild = this;
    }
    update();
  }

  /** Takes this node out of the tree; it must have no children and no fibers left. */
  public final void close() {
    assert firstChild == null : "a scope is closed around another one that is still open";
    assert firstFiber == null : "a scope is closed around a running task";
    detach();
  }

  /** Moves every child and every fiber of this node to another one, except for one fiber. */
  public final void moveContentsTo(CancelStatus target, Fiber staying) {
    while (firstChild != null) {
      firstChild.attach(target);
    }
    for (Fiber fiber = firstFiber; fiber != null;) {
      Fiber next = fiber.nextInScope;
      if (fiber != staying) {
        fiber.setCancelStatus(target);
      }
      fiber = next;
    }
  }

  final void add(Fiber fiber) {
    fiber.nextInScope = firstFiber;
    if (firstFiber != null) {
      firstFiber.previousInScope = fiber;
    }
    firstFiber = fiber;
  }

  final void remove(Fiber fiber) {
    Fiber previous = fiber.previousInScope;
    Fiber next = fiber.nextInScope;
    if (previous != null) {
      previous.nextInScope = next;
    } else {
      firstFiber = next;
    }
    if (next != null) {
      next.previousInScope = previous;
    }
    fiber.previousInScope = null;
    fiber.nextInScope = null;
  }

  private void detach() {
    CancelStatus old = parent;
    if (old == null) {
      return;
    }
    if (previousSibling != null) {
      previousSibling.nextSibling = nextSibling;
    } else {
      old.firstChild = nextSibling;
    }
    if (nextSibling != null) {
      nextSibling.previousSibling = previousSibling;
    }
    previousSibling = null;
    nextSibling = null;
    parent = null;
  }

  /** Works with a list instead of recursion: scopes may be nested by the thousand. */
  private void update() {
    if (effective == (requested || cancelledFromOutside())) {
      return;
    }
    ArrayDeque<CancelStatus> changed = new ArrayDeque<>();
    changed.add(this);
    while (!changed.isEmpty()) {
      CancelStatus node = changed.remove();
      boolean now = node.requested || node.cancelledFromOutside();
      if (now == node.effective) {
        continue;
      }
      node.effective = now;
      if (now) {
        node.deliver();
      }
      for (CancelStatus child = node.firstChild; child != null; child = child.nextSibling) {
        changed.add(child);
      }
    }
  }

  private void deliver() {
    // Delivering makes a fiber ready and runs no user code but its abort function, which must not
    // change scopes; the list therefore stays as it is.
    for (Fiber fiber = firstFiber; fiber != null; fiber = fiber.nextInScope) {
      fiber.deliverCancellation();
    }
  }
}
