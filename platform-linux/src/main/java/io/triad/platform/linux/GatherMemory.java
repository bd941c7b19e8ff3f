package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the message headers of gathering sends: a struct msghdr (sendmsg(2), 56 bytes) followed
 * by its struct iovec entries. A block belongs to an operation until its completion.
 */
final class GatherMemory {
  /** More ranges than this are left to the next send, which a send may do. */
  static final int MAX_RANGES = 60;

  private static final int HEADER_BYTES = 64;
  private static final int BLOCK_BYTES = HEADER_BYTES + MAX_RANGES * 16;
  private static final int IOV_AT = 16;
  private static final int IOVLEN_AT = 24;

  private final Arena arena;
  private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
  private @Nullable MemorySegment[] bySlot = new MemorySegment[16];

  GatherMemory(Arena arena) {
    this.arena = arena;
  }

  /** Writes the header and the ranges of an operation; answers the address of the header. */
  long message(Operation operation) {
    MemorySegment block = free.isEmpty() ? arena.allocate(BLOCK_BYTES, 8) : free.pop();
    int count = Math.min(operation.count(), MAX_RANGES);
    block.asSlice(0, HEADER_BYTES).fill((byte) 0);
    block.set(JAVA_LONG, IOV_AT, block.address() + HEADER_BYTES);
    block.set(JAVA_LONG, IOVLEN_AT, count);
    for (int i = 0; i < count; i++) {
      block.set(JAVA_LONG, HEADER_BYTES + i * 16L, operation.addressOf(i));
      block.set(JAVA_LONG, HEADER_BYTES + i * 16L + 8, operation.lengthOf(i));
    }
    int slot = operation.slot();
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, bySlot.length * 2));
    }
    bySlot[slot] = block;
    return block.address();
  }

  /** Takes the block of an operation back. */
  void release(Operation operation) {
    MemorySegment block = bySlot[operation.slot()];
    assert block != null;
    bySlot[operation.slot()] = null;
    free.push(block);
  }
}
