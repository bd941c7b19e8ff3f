package io.triad.loop;

import org.jspecify.annotations.Nullable;

/**
 * Fibers that sleep until somebody lets them go on, in the order of their coming. Everything that
 * tasks of a run wait for among themselves is made of it.
 *
 * <p>The list is intrusive, so each operation takes a few stores, and so does a cancellation in the
 * middle. Whoever takes a waiter out must resume it or put it into another queue.
 *
 * @param <W> the kind of waiters
 */
public final class WaitQueue<W extends Waiter> {
  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private int size;

  /** Makes an empty queue. */
  public WaitQueue() {}

  /** Whether nobody waits. */
  public boolean isEmpty() {
    return first == null;
  }

  /** How many wait. */
  public int size() {
    return size;
  }

  /**
   * Puts the calling fiber to sleep at the end of the queue; a checkpoint.
   *
   * @param waiter a new one, of the calling fiber
   * @param what something whose text says what the fiber waits for
   * @throws Error the {@code Cancelled} of the scope; the fiber has left the queue then
   */
  public void await(W waiter, Object what) {
    append(waiter);
    waiter.fiber().suspend(what, waiter);
  }

  /** Like {@link #await}, but only {@link Waiter#resume} ends it. */
  public void awaitShielded(W waiter, Object what) {
    append(waiter);
    waiter.fiber().suspend(what, Abort.NEVER);
  }

  /** Takes out the one that has waited longest. */
  public @Nullable W poll() {
    W head = first();
    if (head != null) {
      unlink(head);
    }
    return head;
  }

  /** Takes out the one that has waited longest, and wakes it. */
  public void resumeFirst() {
    Waiter head = poll();
    if (head != null) {
      head.resume();
    }
  }

  /** Takes out everybody, and wakes them in order. */
  public void resumeAll() {
    for (Waiter waiter = poll(); waiter != null; waiter = poll()) {
      waiter.resume();
    }
  }

  /** Moves those that have waited longest to the end of another queue, in order. */
  public void move(int count, WaitQueue<W> target) {
    for (int left = Math.min(count, size); left > 0; left--) {
      W waiter = poll();
      assert waiter != null;
      target.append(waiter);
    }
  }

  /** The one that has waited longest. */
  @SuppressWarnings("unchecked") // append takes nothing else
  public @Nullable W first() {
    return (W) first;
  }

  /** The one that came next. */
  @SuppressWarnings("unchecked") // append takes nothing else
  public @Nullable W after(W waiter) {
    assert waiter.queue == this;
    return (W) waiter.next;
  }

  /** Takes one out. */
  public void remove(W waiter) {
    unlink(waiter);
  }

  private void append(W waiter) {
    assert waiter.queue == null : "it waits already";
    assert waiter.fiber().loop().onLoop() : "a fiber waits for tasks of its own run only";
    Waiter tail = last;
    waiter.queue = this;
    waiter.previous = tail;
    if (tail == null) {
      first = waiter;
    } else {
      tail.next = waiter;
    }
    last = waiter;
    size++;
  }

  void unlink(Waiter waiter) {
    assert waiter.queue == this : "it does not wait here";
    Waiter previous = waiter.previous;
    Waiter next = waiter.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      last = previous;
    } else {
      next.previous = previous;
    }
    waiter.queue = null;
    waiter.previous = null;
    waiter.next = null;
    size--;
  }
}
