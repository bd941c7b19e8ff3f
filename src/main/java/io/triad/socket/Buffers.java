package io.triad.socket;

import io.triad.PartialResult;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Buffers as memory, and their positions afterwards. */
final class Buffers {
  private Buffers() {}

  /** Sends all of a buffer, or fails having sent a part. */
  @FunctionalInterface
  interface Sending {
    void run() throws IOException;
  }

  static List<MemorySegment> segments(List<ByteBuffer> buffers) {
    List<MemorySegment> segments = new ArrayList<>(buffers.size());
    for (ByteBuffer buffer : buffers) {
      segments.add(MemorySegment.ofBuffer(buffer));
    }
    return segments;
  }

  /** Moves the position over what was moved; the answer of MSG_TRUNC may be more than there is. */
  static int advance(ByteBuffer buffer, int count) {
    buffer.position(buffer.position() + Math.min(count, buffer.remaining()));
    return count;
  }

  static int advance(List<ByteBuffer> buffers, int count) {
    int left = count;
    for (ByteBuffer buffer : buffers) {
      int here = Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + here);
      left -= here;
    }
    return count;
  }

  static void advanceWhole(ByteBuffer buffer, Sending sending) throws IOException {
    int start = buffer.position();
    try {
      sending.run();
    } catch (Throwable e) {
      buffer.position(start + (int) PartialResult.of(e).orElse(0));
      throw e;
    }
    buffer.position(buffer.limit());
  }
}
