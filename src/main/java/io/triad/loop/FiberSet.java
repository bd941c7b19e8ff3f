package io.triad.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fibers of a loop that have not ended, in an intrusive list. */
final class FiberSet {
  private @Nullable Fiber first;
  private int size;

  /**
   * Those that have left their carrier without a word, by their threads; see {@link Fiber#isStray}.
   * They come back as foreign continuations, which say no more than that.
   */
  private final Map<Thread, Fiber> strays = new HashMap<>(0);

  void add(Fiber fiber) {
    fiber.nextInLoop = first;
    if (first != null) {
      first.previousInLoop = fiber;
    }
    first = fiber;
    size++;
  }

  void remove(Fiber fiber) {
    Fiber previous = fiber.previousInLoop;
    Fiber next = fiber.nextInLoop;
    if (previous == null) {
      first = next;
    } else {
      previous.nextInLoop = next;
    }
    if (next != null) {
      next.previousInLoop = previous;
    }
    size--;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The youngest first. */
  List<Fiber> list() {
    List<Fiber> all = new ArrayList<>(size);
    for (Fiber fiber = first; fiber != null; fiber = fiber.nextInLoop) {
      all.add(fiber);
    }
    return all;
  }

  void strayed(Fiber fiber) {
    strays.put(fiber.thread, fiber);
  }

  void cameBack(Fiber fiber) {
    strays.remove(fiber.thread);
  }

  boolean hasStrays() {
    return !strays.isEmpty();
  }

  /** The stray whose thread it is; null if it is nobody's. */
  @Nullable Fiber strayOn(Thread thread) {
    return strays.get(thread);
  }
}
