package io.triad.loop;

import org.jspecify.annotations.Nullable;

/**
 * One sleep of a fiber in a {@link WaitQueue}: the place in the queue and what a cancellation does,
 * in one object, so that waiting allocates nothing else. Extended where something is handed over.
 */
public class Waiter implements Abort {
  private final Fiber fiber;
  @Nullable WaitQueue<?> queue;
  @Nullable Waiter previous;
  @Nullable Waiter next;

  /** Prepares a sleep of the calling fiber. */
  public Waiter(Fiber fiber) {
    this.fiber = fiber;
  }

  /** Who waits. */
  public final Fiber fiber() {
    return fiber;
  }

  /** Wakes it; it must have been taken out of its queue. */
  public final void resume() {
    assert queue == null : "it would be in the queue and awake";
    fiber.resume();
  }

  /** Leaves the queue it is in now, which need not be the one it came to. */
  @Override
  public boolean abort() {
    WaitQueue<?> current = queue;
    assert current != null : "a sleeping waiter is in a queue";
    current.unlink(this);
    return true;
  }
}
