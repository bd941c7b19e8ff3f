package io.triad.model;

import io.triad.sync.Lock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A lock, who holds it, and who is next. */
final class LockModel {
  final Lock lock = new Lock();
  private final Deque<Walker> queue = new ArrayDeque<>();
  private @Nullable Walker owner;

  /** Somebody is about to acquire it. */
  void asked(Walker walker) {
    queue.add(walker);
  }

  void acquired(Walker walker) {
    if (owner != null) {
      throw new Violation(walker + " and " + owner + " hold the same lock");
    }
    if (queue.peek() != walker) {
      throw new Violation(walker + " got the lock before " + queue.peek());
    }
    queue.remove();
    owner = walker;
  }

  /** The wait was taken back. */
  void gaveUp(Walker walker) {
    queue.remove(walker);
  }

  void released(Walker walker) {
    if (owner != walker) {
      throw new Violation(walker + " could release the lock of " + owner);
    }
    owner = null;
  }

  boolean heldBy(Walker walker) {
    return owner == walker;
  }
}
