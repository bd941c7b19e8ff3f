package io.triad.sync;

import io.triad.BrokenLockException;
import io.triad.Task;
import io.triad.WouldBlockException;
import io.triad.loop.EndHook;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;
import org.jspecify.annotations.Nullable;

/** What both locks are. Their Javadoc shows these methods as their own. */
abstract sealed class FairLock permits Lock, StrictFifoLock {
  private final WaitQueue<Waiter> waiting = new WaitQueue<>();
  private final Ownership ownership = new Ownership(this);

  /** Stays when the owner has ended without releasing. */
  private @Nullable Fiber owner;

  private boolean broken;

  FairLock() {}

  /**
   * Acquires the lock; waits for it if another task has it. A checkpoint.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; it does not have the lock
   *     then
   * @throws BrokenLockException if the owner has ended without releasing, or does so while the caller
   *     waits
   * @throws IllegalStateException if the calling task has the lock already, or outside of a task
   */
  public final void acquire() {
    Fiber fiber = Loop.requireFiber();
    fiber.checkpointIfCancelled();
    if (owner == null) {
      give(fiber);
      fiber.yieldNow(); // what has happened must not be reported as cancelled (CORE-16)
    } else {
      refuse(fiber);
      waiting.await(new Waiter(fiber), this);
      checkOwned(fiber);
    }
  }

  /**
   * Acquires the lock if that can be done at once; not a checkpoint.
   *
   * @throws WouldBlockException if another task has the lock, or has been given it this moment
   * @throws BrokenLockException if the owner has ended without releasing
   * @throws IllegalStateException if the calling task has the lock already, or outside of a task
   */
  public final void acquireNowait() {
    Fiber fiber = Loop.requireFiber();
    if (owner != null) {
      refuse(fiber);
      throw new WouldBlockException();
    }
    give(fiber);
  }

  /**
   * Acquires the lock for a block; see {@link #acquire} for the errors. A checkpoint.
   *
   * <pre>{@code
   * try (var _ = lock.hold()) {
   *   …
   * }
   * }</pre>
   *
   * @return what releases the lock when it is closed, in the task that holds it
   */
  public final Held hold() {
    acquire();
    return ownership;
  }

  /**
   * Releases the lock. If tasks wait, the one that has waited longest owns it at once: the caller
   * cannot get it back before that one (CORE-66). Not a checkpoint.
   *
   * @throws IllegalStateException if the calling task does not have the lock, or outside of a task
   */
  public final void release() {
    Fiber fiber = owner;
    if (fiber == null || fiber.thread() != Thread.currentThread()) { // cheaper than asking the loop
      throw notHeld();
    }
    fiber.removeEndHook(ownership);
    Waiter next = waiting.poll();
    if (next == null) {
      owner = null;
    } else {
      give(next.fiber());
      next.resume();
    }
  }

  /**
   * Returns whether a task has the lock.
   *
   * @return whether it is held; a broken lock is, for ever
   */
  public final boolean isLocked() {
    return owner != null;
  }

  /**
   * Returns what can be counted.
   *
   * @return a snapshot
   */
  public final LockStatistics statistics() {
    return new LockStatistics(owner == null ? null : (Task) owner.body(), waiting.size());
  }

  @Override
  public final String toString() {
    String name = getClass().getSimpleName();
    if (owner == null) {
      return name + ", free";
    }
    return broken
        ? name + ", broken: its owner " + owner + " has ended"
        : name + ", held by " + owner + ", " + waiting.size() + " waiting";
  }

  // ---- for conditions ----

  final void checkHeld(Fiber fiber) {
    if (owner != fiber) {
      throw notHeld();
    }
  }

  private IllegalStateException notHeld() {
    return new IllegalStateException("the calling task does not hold the lock: " + this);
  }

  /** Tasks of this queue become owners in turn. */
  final WaitQueue<Waiter> waiting() {
    return waiting;
  }

  /** What a task does that has slept in the queue and was woken. */
  final void checkOwned(Fiber fiber) {
    if (owner != fiber) {
      throw brokenLock();
    }
  }

  /** Acquires and lets no cancellation pass. */
  final void takeBack(Fiber fiber) {
    if (broken) {
      throw brokenLock();
    }
    if (owner == null) {
      give(fiber);
    } else {
      waiting.awaitShielded(new Waiter(fiber), this);
      checkOwned(fiber);
    }
  }

  private void give(Fiber fiber) {
    owner = fiber;
    fiber.addEndHook(ownership);
  }

  private void refuse(Fiber fiber) {
    if (broken) {
      throw brokenLock();
    }
    if (owner == fiber) {
      throw new IllegalStateException(
          "the calling task holds the lock already, and locks are not re-entrant: " + this);
    }
  }

  private BrokenLockException brokenLock() {
    return new BrokenLockException("the owner of this lock ended without releasing it: " + owner);
  }

  /** The owner has ended. Its waiters find out by themselves, with their own stack traces. */
  private void abandon() {
    broken = true;
    waiting.resumeAll();
  }

  /** That some task has the lock: what it closes, and what happens if it ends before. */
  private static final class Ownership extends EndHook implements Held {
    private final FairLock lock;

    Ownership(FairLock lock) {
      this.lock = lock;
    }

    @Override
    public void close() {
      lock.release();
    }

    @Override
    protected void ended(Fiber fiber) {
      lock.abandon();
    }
  }
}
