package io.triad.engine;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The receive buffers of an engine that takes one at the moment of trying, so that an idle connection
 * holds none; the one that came back last is taken first, because it is in the cache.
 *
 * <p>They are large, because a receive into a large one brings more for the same system call, and
 * because only the pages that data has touched cost memory. They lie a few cache lines further apart
 * than they are long: at a distance of a power of two the first lines of all of them would compete for
 * the same few sets of the cache.
 */
public final class ReceiveStock {
  /** The size of a buffer: the largest piece one receive brings. */
  public static final int BUFFER_BYTES = 64 * 1024;

  private static final int STRIDE_BYTES = BUFFER_BYTES + 5 * 64;
  private static final int FIRST_STOCK = 16;

  private final LongFunction<MemorySegment> pages;
  private final int limit;
  private final ArrayDeque<Buffer> free = new ArrayDeque<>();
  private int made;
  private int lent;

  /**
   * Makes an empty stock.
   *
   * @param pages gives so many bytes of fresh memory that lives as long as the engine
   * @param limit the most buffers
   */
  public ReceiveStock(LongFunction<MemorySegment> pages, int limit) {
    this.pages = pages;
    this.limit = limit;
  }

  /** A buffer; null if all are lent out. */
  public @Nullable Buffer take() {
    if (free.isEmpty() && !grow()) {
      return null;
    }
    Buffer buffer = free.pop();
    buffer.out = true;
    lent++;
    return buffer;
  }

  private boolean grow() {
    int count = Math.min(limit - made, Math.max(FIRST_STOCK, made));
    if (count == 0) {
      return false;
    }
    MemorySegment block = pages.apply((long) count * STRIDE_BYTES);
    ByteBuffer view = block.asByteBuffer();
    for (int i = count - 1; i >= 0; i--) {
      free.push(new Buffer(block, view, i * STRIDE_BYTES));
    }
    made += count;
    return true;
  }

  /** How many could be had now. */
  public int available() {
    return limit - lent;
  }

  /** How many are lent out. */
  public int lent() {
    return lent;
  }

  /** Whether half of all that there may be are lent out. */
  public boolean isScarce() {
    return lent > limit / 2;
  }

  /** A line for the description of an engine. */
  public String describe() {
    return "receive buffers: up to " + limit + " of " + BUFFER_BYTES + " bytes, " + made
        + " in stock";
  }

  /** One buffer. */
  public final class Buffer extends LoanedBuffer {
    private final MemorySegment block;
    private final ByteBuffer view;
    private final int offset;
    private int length;
    private boolean out;

    Buffer(MemorySegment block, ByteBuffer view, int offset) {
      this.block = block;
      this.view = view;
      this.offset = offset;
    }

    /** Where it is. */
    public long address() {
      return block.address() + offset;
    }

    /** Says how much of it has been filled. */
    public void filled(int bytes) {
      length = bytes;
    }

    @Override
    public MemorySegment memory() {
      return block;
    }

    @Override
    public ByteBuffer view() {
      return view;
    }

    @Override
    public int offset() {
      return offset;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public void release() {
      if (!out) {
        throw new IllegalStateException("a receive buffer was released twice");
      }
      out = false;
      lent--;
      free.push(this);
    }
  }
}
