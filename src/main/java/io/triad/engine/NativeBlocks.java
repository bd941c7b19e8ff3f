package io.triad.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Off-heap memory of a run for what the kernel must see for the length of one operation: heap bytes
 * on their way out, socket addresses. Blocks of one size; the last one given back is taken first,
 * because it is in the cache. Used on the loop only.
 */
public final class NativeBlocks implements AutoCloseable {
  /** The size of a block. */
  public static final int BLOCK_BYTES = 64 * 1024;

  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<Block> free = new ArrayDeque<>();
  private int lent;

  /** A block, with both views made once. */
  public static final class Block {
    private final MemorySegment memory;
    private final ByteBuffer view;

    Block(MemorySegment memory) {
      this.memory = memory;
      this.view = memory.asByteBuffer();
    }

    /** Its memory. */
    public MemorySegment memory() {
      return memory;
    }

    /** The same as a buffer that nobody moves. */
    public ByteBuffer view() {
      return view;
    }
  }

  /** Takes a block; whoever takes it gives it back. */
  public Block take() {
    lent++;
    return free.isEmpty() ? new Block(arena.allocate(BLOCK_BYTES, 64)) : free.pop();
  }

  /** Gives a block back. */
  public void give(Block block) {
    lent--;
    free.push(block);
  }

  /** How many are taken. */
  public int lent() {
    return lent;
  }

  @Override
  public void close() {
    arena.close();
  }
}
