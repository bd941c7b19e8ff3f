package io.triad.socket;

import io.triad.engine.Message;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;

/**
 * Ranges of memory as parts of one message, for the length of one call: native ones in place, those
 * on the heap through {@link ByteTransfer.Staging}. Of a stream they may be cut short.
 */
final class Ranges implements AutoCloseable {
  private final List<MemorySegment> ranges;
  private final boolean stream;
  private final ByteTransfer.Staging staging;

  Ranges(Socket socket, List<MemorySegment> ranges) {
    this.ranges = ranges;
    stream = socket.type() == socket.run.streamType;
    long onHeap = 0;
    for (MemorySegment range : ranges) {
      onHeap += range.isNative() ? 0 : range.byteSize();
    }
    staging = new ByteTransfer.Staging(socket, onHeap);
  }

  /** Adds the ranges to a message; what is on the heap is copied for sending. */
  void addTo(Message message, boolean toBeSent) {
    MemorySegment staged = staging.memory();
    long copied = 0;
    for (MemorySegment range : ranges) {
      if (range.byteSize() == 0) {
        continue;
      }
      if (message.count() == Message.MAX_RANGES) {
        if (stream) {
          return;
        }
        throw new IllegalArgumentException(
            "a message has no more than " + Message.MAX_RANGES + " parts");
      }
      if (range.isNative()) {
        message.add(ByteTransfer.addressOf(range), ByteTransfer.lengthOf(range));
        continue;
      }
      long count = Math.min(range.byteSize(), staged.byteSize() - copied);
      if (toBeSent) {
        MemorySegment.copy(range, 0, staged, copied, count);
      }
      if (count > 0) {
        message.add(staged.address() + copied, (int) count);
      }
      copied += count;
      if (count < range.byteSize()) {
        return;
      }
    }
  }

  /** Copies what was received to where it belongs on the heap. */
  void copyOut(int received) {
    MemorySegment staged = staging.memory();
    long copied = 0;
    long left = received;
    for (MemorySegment range : ranges) {
      long count = Math.min(left, range.byteSize());
      if (!range.isNative()) {
        count = Math.min(count, staged.byteSize() - copied);
        MemorySegment.copy(staged, copied, range, 0, count);
        copied += count;
      }
      left -= count;
    }
  }

  @Override
  public void close() {
    try {
      staging.close();
    } finally {
      Reference.reachabilityFence(ranges);
    }
  }
}
