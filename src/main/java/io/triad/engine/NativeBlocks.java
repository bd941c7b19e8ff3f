package io.triad.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap memory of a run for what the kernel must see for the length of one operation: heap bytes
 * on their way out, socket addresses. There are two sizes, because memory that the JDK allocates is
 * cleared and thereby resident: ten thousand small messages to peers that do not read shall not cost
 * a large block each. Of one size the block given back last is taken first, because it is in the
 * cache. Used on the loop only.
 */
public final class NativeBlocks implements AutoCloseable {
  /** The size of a large block: the most that one operation takes from the heap. */
  public static final int LARGE_BYTES = 64 * 1024;

  /** The size of a small block; holds any socket address. */
  public static final int SMALL_BYTES = 4 * 1024;

  private final ArrayDeque<Block> small = new ArrayDeque<>();
  private final ArrayDeque<Block> large = new ArrayDeque<>();
  private @Nullable Arena arena;
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

    /** Its size in bytes. */
    public int size() {
      return view.capacity();
    }
  }

  /** Takes a small block; whoever takes it gives it back. */
  public Block take() {
    return take(SMALL_BYTES);
  }

  /**
   * Takes a block for some bytes, of which it may hold but a part; whoever takes it gives it back.
   */
  public Block take(long bytes) {
    int size = bytes <= SMALL_BYTES ? SMALL_BYTES : LARGE_BYTES;
    ArrayDeque<Block> free = stackOf(size);
    Block block = free.isEmpty() ? new Block(arena().allocate(size, 64)) : free.pop();
    lent++;
    return block;
  }

  /** Gives a block back. */
  public void give(Block block) {
    lent--;
    stackOf(block.size()).push(block);
  }

  private ArrayDeque<Block> stackOf(int size) {
    return size == SMALL_BYTES ? small : large;
  }

  private Arena arena() {
    if (arena == null) {
      arena = Arena.ofShared();
    }
    return arena;
  }

  /** How many are taken. */
  public int lent() {
    return lent;
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
    }
  }
}
