package io.triad.engine.simulated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.triad.engine.Message;
import io.triad.engine.Operation;
import java.lang.foreign.MemorySegment;

/** Ranges of native memory, as an operation or a message names them. */
final class Ranges {
  private final long[] starts;
  private final int[] lengths;

  private Ranges(long[] starts, int[] lengths) {
    this.starts = starts;
    this.lengths = lengths;
  }

  static Ranges of(long address, int length) {
    return new Ranges(new long[] {address}, new int[] {length});
  }

  static Ranges of(Message message) {
    long[] starts = new long[message.count()];
    int[] lengths = new int[message.count()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = message.startOf(i);
      lengths[i] = message.lengthOf(i);
    }
    return new Ranges(starts, lengths);
  }

  static Ranges of(Operation gathering) {
    long[] starts = new long[gathering.count()];
    int[] lengths = new int[gathering.count()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = gathering.addressOf(i);
      lengths[i] = gathering.lengthOf(i);
    }
    return new Ranges(starts, lengths);
  }

  int count() {
    return starts.length;
  }

  /** Where a range begins. */
  long start(int index) {
    return starts[index];
  }

  /** How many bytes a range has. */
  int length(int index) {
    return lengths[index];
  }

  /** All bytes together; no more than an int holds, as for a system. */
  int total() {
    long total = 0;
    for (int length : lengths) {
      total += length;
    }
    return (int) Math.min(total, Integer.MAX_VALUE);
  }

  /** Copies all bytes out. */
  byte[] gather() {
    byte[] bytes = new byte[total()];
    int done = 0;
    for (int i = 0; i < starts.length; i++) {
      MemorySegment.copy(ByteQueue.MEMORY, JAVA_BYTE, starts[i], bytes, done, lengths[i]);
      done += lengths[i];
    }
    return bytes;
  }

  /** Copies in what there is room for; answers how much that was. */
  int scatter(byte[] bytes) {
    int done = 0;
    for (int i = 0; i < starts.length && done < bytes.length; i++) {
      int count = Math.min(lengths[i], bytes.length - done);
      MemorySegment.copy(bytes, done, ByteQueue.MEMORY, JAVA_BYTE, starts[i], count);
      done += count;
    }
    return done;
  }
}
