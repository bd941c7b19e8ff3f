package io.triad.loop;

import java.util.Arrays;

/** A four-ary min-heap of deadlines; entries carry their index, so none is ever stale. */
public final class DeadlineQueue {
  private static final int ARITY = 4;

  private Deadline[] heap = new Deadline[64];
  private int size;

  /** Queues, moves or (with {@link Deadline#NEVER}) removes a deadline. */
  public void set(Deadline deadline, long nanos) {
    int index = deadline.heapIndex;
    if (nanos == Deadline.NEVER) {
      deadline.nanos = nanos;
      if (index != Deadline.NOT_QUEUED) {
        removeAt(index);
      }
      return;
    }
    long before = deadline.nanos;
    deadline.nanos = nanos;
    if (index == Deadline.NOT_QUEUED) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      siftUp(size++, deadline);
    } else if (nanos < before) {
      siftUp(index, deadline);
    } else {
      siftDown(index, deadline);
    }
  }

  /** Takes a deadline out; harmless when it is not queued. */
  public void remove(Deadline deadline) {
    if (deadline.heapIndex != Deadline.NOT_QUEUED) {
      removeAt(deadline.heapIndex);
    }
  }

  /** The earliest deadline, or {@link Deadline#NEVER}. */
  public long earliest() {
    return size == 0 ? Deadline.NEVER : heap[0].nanos;
  }

  /** How many deadlines are queued. */
  public int size() {
    return size;
  }

  /**
   * Tells the deadlines that are due, at most as many as were queued at the start: one that queues
   * another in the past cannot keep a pass from ending.
   *
   * @return how many were told
   */
  int fire(long now) {
    int fired = 0;
    for (int limit = size; fired < limit && size > 0 && heap[0].nanos <= now; fired++) {
      Deadline first = heap[0];
      removeAt(0);
      first.reached();
    }
    return fired;
  }

  @SuppressWarnings("NullAway") // null only beyond the size, where nobody reads
  private void removeAt(int index) {
    Deadline removed = heap[index];
    removed.heapIndex = Deadline.NOT_QUEUED;
    Deadline last = heap[--size];
    heap[size] = null;
    if (last != removed) {
      if (index > 0 && last.nanos < heap[(index - 1) / ARITY].nanos) {
        siftUp(index, last);
      } else {
        siftDown(index, last);
      }
    }
  }

  private void siftUp(int start, Deadline deadline) {
    int index = start;
    while (index > 0) {
      int parent = (index - 1) / ARITY;
      if (heap[parent].nanos <= deadline.nanos) {
        break;
      }
      place(index, heap[parent]);
      index = parent;
    }
    place(index, deadline);
  }

  private void siftDown(int start, Deadline deadline) {
    int index = start;
    for (;;) {
      int first = index * ARITY + 1;
      if (first >= size) {
        break;
      }
      int least = first;
      int end = Math.min(first + ARITY, size);
      for (int child = first + 1; child < end; child++) {
        if (heap[child].nanos < heap[least].nanos) {
          least = child;
        }
      }
      if (heap[least].nanos >= deadline.nanos) {
        break;
      }
      place(index, heap[least]);
      index = least;
    }
    place(index, deadline);
  }

  private void place(int index, Deadline deadline) {
    heap[index] = deadline;
    deadline.heapIndex = index;
  }
}
