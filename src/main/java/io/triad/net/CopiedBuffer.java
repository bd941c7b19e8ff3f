package io.triad.net;

import io.triad.engine.LoanedBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What was in a buffer of the engine's, when that had to go back before anybody read it. */
final class CopiedBuffer extends LoanedBuffer {
  private final ByteBuffer bytes;
  private final MemorySegment memory;

  /** Copies a buffer, and gives it back. */
  CopiedBuffer(LoanedBuffer buffer) {
    byte[] copy = new byte[buffer.length()];
    buffer.view().get(buffer.offset(), copy);
    buffer.release();
    bytes = ByteBuffer.wrap(copy);
    memory = MemorySegment.ofArray(copy);
  }

  @Override
  public MemorySegment memory() {
    return memory;
  }

  @Override
  public ByteBuffer view() {
    return bytes;
  }

  @Override
  public int offset() {
    return 0;
  }

  @Override
  public int length() {
    return bytes.capacity();
  }

  @Override
  public void release() {}
}
