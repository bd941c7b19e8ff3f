package io.triad.engine.simulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/** Bytes in order. They come from memory at an address, and go there. */
final class ByteQueue {
  /**
   * All memory. An operation names an address, as to a kernel; that it is sound is for the caller to
   * know, here as there.
   */
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
  private int headOffset;

  /** Copies bytes in. */
  void add(long address, int count) {
    byte[] piece = new byte[count];
    MemorySegment.copy(MEMORY, JAVA_BYTE, address, piece, 0, count);
    pieces.add(piece);
  }

  /** Moves bytes out; there must be so many. */
  void moveTo(long address, int count) {
    int done = 0;
    while (done < count) {
      byte[] head = pieces.element();
      int taken = Math.min(count - done, head.length - headOffset);
      MemorySegment.copy(head, headOffset, MEMORY, JAVA_BYTE, address + done, taken);
      done += taken;
      headOffset += taken;
      if (headOffset == head.length) {
        pieces.remove();
        headOffset = 0;
      }
    }
  }

  /** Copies bytes out that stay; there must be so many after those that are passed over. */
  void copyTo(int passedOver, long address, int count) {
    int skip = passedOver + headOffset;
    int done = 0;
    for (byte[] piece : pieces) {
      int taken = Math.min(count - done, piece.length - skip);
      if (taken > 0) {
        MemorySegment.copy(piece, skip, MEMORY, JAVA_BYTE, address + done, taken);
        done += taken;
      }
      skip = Math.max(0, skip - piece.length);
      if (done == count) {
        return;
      }
    }
  }
}
