package io.triad.engine.simulated;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;

/**
 * What happened in a world, line by line: a hash of all lines, and the last of them in full. Two
 * worlds with equal counts and hashes had the same history.
 */
final class Trace {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L; // FNV-1a, 64 bits
  private static final long FNV_PRIME = 0x100000001b3L;

  private final int limit;
  private final ArrayDeque<String> last = new ArrayDeque<>();
  private long hash = FNV_OFFSET;
  private long lines;

  /**
   * Makes an empty one.
   *
   * @param limit how many lines are kept; with 0 nothing is written at all
   */
  Trace(int limit) {
    this.limit = limit;
  }

  void add(long nanos, Supplier<String> text) {
    if (limit == 0) {
      return;
    }
    String line = nanos + " " + text.get();
    for (int i = 0; i < line.length(); i++) {
      hash = (hash ^ line.charAt(i)) * FNV_PRIME;
    }
    hash = (hash ^ '\n') * FNV_PRIME;
    lines++;
    if (last.size() == limit) {
      last.remove();
    }
    last.add(line);
  }

  long hash() {
    return hash;
  }

  long lines() {
    return lines;
  }

  List<String> last() {
    return List.copyOf(last);
  }
}
