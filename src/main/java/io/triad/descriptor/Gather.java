package io.triad.descriptor;

import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The progress of a gathering send. Direct buffers go in place; heap buffers are copied, up to one
 * block at a time, which a send that may send less allows.
 */
public final class Gather {
  private static final int MAX_RANGES = 60;

  private final ArrayDeque<ByteBuffer> left = new ArrayDeque<>();
  private final NativeBlocks blocks;
  private final NativeBlocks.Block block;
  private final long[] addresses = new long[MAX_RANGES];
  private final int[] lengths = new int[MAX_RANGES];

  public Gather(List<ByteBuffer> buffers, NativeBlocks blocks) {
    this.blocks = blocks;
    long toCopy = 0;
    for (ByteBuffer buffer : buffers) {
      if (buffer.hasRemaining()) {
        left.add(buffer);
        toCopy += buffer.isDirect() ? 0 : buffer.remaining();
      }
    }
    block = blocks.take(toCopy);
  }

  public boolean hasRemaining() {
    return !left.isEmpty();
  }

  /** Sets an operation up with as much as one send takes. */
  public void prepare(Operation operation, int descriptor) {
    int count = 0;
    int copied = 0;
    for (ByteBuffer buffer : left) {
      if (count == MAX_RANGES || copied == block.size()) {
        break;
      }
      int length = buffer.remaining();
      if (buffer.isDirect()) {
        addresses[count] = MemorySegment.ofBuffer(buffer).address();
      } else {
        length = Math.min(length, block.size() - copied);
        block.view().put(copied, buffer, buffer.position(), length);
        addresses[count] = block.memory().address() + copied;
        copied += length;
      }
      lengths[count++] = length;
      if (length < buffer.remaining()) {
        break; // the block is full in the middle of this one
      }
    }
    operation.sendGather(descriptor, addresses, lengths, count);
  }

  /** Moves the positions over bytes that were taken. */
  public void advance(int sent) {
    int rest = sent;
    while (rest > 0) {
      ByteBuffer first = left.element();
      int taken = Math.min(rest, first.remaining());
      first.position(first.position() + taken);
      rest -= taken;
      if (!first.hasRemaining()) {
        left.remove();
      }
    }
  }

  public void release() {
    blocks.give(block);
  }
}
