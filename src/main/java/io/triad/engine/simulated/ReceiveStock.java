package io.triad.engine.simulated;

import io.triad.engine.LoanedBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The receive buffers of an engine. They are made when they are first needed. */
final class ReceiveStock {
  /** The size of a buffer: the largest piece one receive brings. */
  static final int BUFFER_BYTES = 16 * 1024;

  private final World world;
  private final Arena arena;
  private final int limit;
  private final ArrayDeque<Buffer> free = new ArrayDeque<>();
  private int made;
  private int lent;

  ReceiveStock(World world, Arena arena, int limit) {
    this.world = world;
    this.arena = arena;
    this.limit = limit;
  }

  /** A buffer; null if all are lent out. */
  @Nullable Buffer take() {
    Buffer buffer = free.poll();
    if (buffer == null) {
      if (made == limit) {
        return null;
      }
      made++;
      buffer = new Buffer(arena.allocate(BUFFER_BYTES, 64));
    }
    lent++;
    buffer.out = true;
    return buffer;
  }

  int lent() {
    return lent;
  }

  boolean isScarce() {
    return lent > limit / 2;
  }

  String describe() {
    return "receive buffers: up to " + limit + " of " + BUFFER_BYTES + " bytes, " + made + " made";
  }

  /** One buffer. */
  final class Buffer extends LoanedBuffer {
    private final MemorySegment memory;
    private final ByteBuffer view;
    private int length;
    private boolean out;

    Buffer(MemorySegment memory) {
      this.memory = memory;
      this.view = memory.asByteBuffer();
    }

    void filled(int bytes) {
      length = bytes;
    }

    @Override
    public MemorySegment memory() {
      return memory;
    }

    @Override
    public ByteBuffer view() {
      return view;
    }

    @Override
    public int offset() {
      return 0;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public void release() {
      world.enter();
      try {
        if (!out) {
          throw new IllegalStateException("a receive buffer was released twice");
        }
        out = false;
        lent--;
        free.push(this);
      } finally {
        world.exit();
      }
    }
  }
}
