package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Ranges of memory as calls on sockets want them: WSABUFs, 16 bytes each. The call reads them before
 * it returns (WSASend), so one place serves all.
 */
final class Ranges {
  /** More ranges than this are left to the next send, which a send may do. */
  static final int MAX_COUNT = 64;

  /**
   * So are more bytes. The kernel keeps the pages of a send in memory until it ends, or copies them,
   * however many they are.
   */
  static final int MAX_BYTES = 1 << 20;

  private static final int RANGE_BYTES = 16;
  private static final int ADDRESS_AT = 8;

  private final MemorySegment memory;

  Ranges(Arena arena) {
    memory = arena.allocate((long) MAX_COUNT * RANGE_BYTES, 8);
  }

  long address() {
    return memory.address();
  }

  /** Takes one range. */
  void set(long start, int length) {
    write(0, start, length);
  }

  /** Takes the ranges of a gathering send; answers how many. */
  int set(Operation gather) {
    int count = Math.min(gather.count(), MAX_COUNT);
    int room = MAX_BYTES;
    for (int i = 0; i < count; i++) {
      int length = Math.min(gather.lengthOf(i), room);
      write(i, gather.addressOf(i), length);
      room -= length;
    }
    return count;
  }

  private void write(int index, long start, int length) {
    long at = (long) index * RANGE_BYTES;
    memory.set(JAVA_INT, at, length);
    memory.set(JAVA_LONG, at + ADDRESS_AT, start);
  }
}
