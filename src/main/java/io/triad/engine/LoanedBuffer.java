package io.triad.engine;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Received bytes in the engine's own memory, lent until {@link #release}. The object belongs to the
 * engine and comes again with other bytes, so nobody keeps it beyond that call.
 */
public abstract class LoanedBuffer {
  /** The memory that {@link #offset} counts in. */
  public abstract MemorySegment memory();

  /** The same memory as a buffer that nobody moves; for copying without allocation. */
  public abstract ByteBuffer view();

  /** Where the bytes begin in the memory and in the view. */
  public abstract int offset();

  /** How many bytes were received, at least 1. */
  public abstract int length();

  /** Gives the memory back; exactly once. */
  public abstract void release();
}
