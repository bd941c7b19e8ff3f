package io.triad.loop;

import org.jspecify.annotations.Nullable;

/**
 * What is ready to run, first in, first out: fibers, and continuations of foreign virtual threads.
 * A ring that doubles when it is full. Touched by the loop's thread only.
 */
final class ReadyQueue {
  private @Nullable Object[] ring = new Object[256];
  private int head;
  private int size;

  void add(Object entry) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) & (ring.length - 1)] = entry;
    size++;
  }

  Object remove() {
    assert size > 0;
    Object entry = ring[head];
    assert entry != null;
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    size--;
    return entry;
  }

  /** Takes back what was added last. */
  Object removeLast() {
    assert size > 0;
    int last = (head + size - 1) & (ring.length - 1);
    Object entry = ring[last];
    assert entry != null;
    ring[last] = null;
    size--;
    return entry;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private void grow() {
    @Nullable Object[] larger = new Object[ring.length * 2];
    int untilEnd = ring.length - head;
    System.arraycopy(ring, head, larger, 0, untilEnd);
    System.arraycopy(ring, 0, larger, untilEnd, head);
    ring = larger;
    head = 0;
  }
}
