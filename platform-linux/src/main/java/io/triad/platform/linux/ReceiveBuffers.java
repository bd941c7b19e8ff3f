package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.engine.LoanedBuffer;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import io.triad.platform.linux.ffi.io_uring_buf_reg;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The receive buffers of a run, from which the kernel takes one when data arrives. So an idle
 * connection holds none.
 *
 * <p>They are provided through a ring in memory shared with the kernel (io_uring_register(2),
 * IORING_REGISTER_PBUF_RING): we write entries and then the tail, the kernel takes from its own
 * head. The kernel would go through all buffers in turn, and through the whole cache with them.
 * Therefore a buffer that comes back goes on a stack, and before each pass no more than a target is
 * offered, from the top of the stack: the ones used last. The target is doubled when the kernel runs
 * dry (ENOBUFS) and follows what the busiest of the recent passes needed. The stock behind it grows
 * up to the size of the ring; pages are touched only by data that arrives.
 *
 * <p>Buffers lie a few cache lines further apart than they are long. At a distance of a power of two
 * the first lines of all of them would compete for the same few sets of the cache.
 *
 * <p>Where the kernel has no such ring, the engine takes from the stack by itself.
 */
final class ReceiveBuffers {
  /**
   * The size of a buffer: the largest piece one receive brings. A stream that keeps coming fills
   * them, and with a quarter of this size takes some 15 % more processor time for each byte; a small
   * message takes no more of a large one than the pages it touches.
   */
  static final int BUFFER_BYTES = 64 * 1024;

  /** The buffer group, of which there is one. */
  static final int GROUP = 0;

  private static final int STRIDE_BYTES = BUFFER_BYTES + 5 * 64;
  private static final int FIRST_STOCK = 64;
  private static final int LEAST_TARGET = 32;
  private static final int PASSES_BETWEEN_ADJUSTMENTS = 1024;
  private static final int[] RING_SIZES = {16384, 4096, 512};
  private static final int ENTRY_BYTES = 16;
  private static final int TAIL_OFFSET = 14; // the last two bytes of entry 0
  private static final VarHandle SHORT = JAVA_SHORT.varHandle();

  private final Libc libc;
  private final Arena arena;
  private final int capacity;
  private @Nullable MemorySegment ring;
  private String state;
  private final ArrayDeque<Buffer> stack = new ArrayDeque<>();
  private Buffer[] buffers = {};
  private int tail;
  private int lent;

  /** How many are in the ring, as far as we know, and how many should be. */
  private int offered;

  private int target = LEAST_TARGET;
  private boolean expected;
  private boolean ranDry;
  private int usedInThisPass;
  private int mostUsed;
  private int passes;

  /**
   * Makes an empty stock.
   *
   * @param limit the most buffers
   * @param kernelMayChoose whether to provide them to the kernel if it has the means
   */
  ReceiveBuffers(
      Libc libc, Arena arena, int ringDescriptor, int limit, boolean kernelMayChoose) {
    this.libc = libc;
    this.arena = arena;
    if (!kernelMayChoose) {
      capacity = limit;
      state = "taken by the engine";
      return;
    }
    MemorySegment registered = null;
    int size = 0;
    int result = 0;
    MemorySegment registration = arena.allocate(io_uring_buf_reg.layout());
    for (int candidate : RING_SIZES) {
      size = candidate;
      MemorySegment memory = RingMemory.mapPages(libc, arena, (long) size * ENTRY_BYTES);
      io_uring_buf_reg.ring_addr(registration, memory.address());
      io_uring_buf_reg.ring_entries(registration, size);
      io_uring_buf_reg.bgid(registration, (short) GROUP);
      result =
          libc.ioUringRegister(
              ringDescriptor, Linux.IORING_REGISTER_PBUF_RING(), registration, 1);
      if (result >= 0) {
        registered = memory;
        break;
      }
      if (result != -Linux.ENOMEM()) {
        break;
      }
    }
    ring = registered;
    capacity = registered == null ? limit : Math.min(size, limit);
    state =
        registered == null
            ? "no ring of provided buffers (" + LinuxErrors.name(-result) + ")"
            : "a ring of up to " + capacity + " provided buffers of " + BUFFER_BYTES + " bytes";
  }

  /** Whether the kernel chooses the buffers. */
  boolean chosenByKernel() {
    return ring != null;
  }

  /** From now on buffers are for {@link #take}; what the kernel has it keeps until it is used. */
  void chooseOurselves() {
    ring = null;
    state = "taken by the engine";
  }

  /** The buffer that the kernel filled. */
  Buffer filledByKernel(int id, int length) {
    offered--;
    usedInThisPass++;
    return lend(buffers[id], length);
  }

  /** Takes a buffer to be filled by us; null if there is none and no more can be made. */
  @Nullable Buffer take() {
    if (stack.isEmpty() && !grow()) {
      return null;
    }
    return lend(stack.pop(), 0);
  }

  private Buffer lend(Buffer buffer, int length) {
    assert !buffer.out : "the kernel used a buffer that is lent out";
    buffer.out = true;
    buffer.length = length;
    lent++;
    return buffer;
  }

  /** The kernel found none; may be called several times a pass. */
  void ranDry() {
    ranDry = true;
  }

  /** There will be receives: until then, nothing is offered. */
  void expectReceives() {
    expected = true;
  }

  /** To be called once a pass, before the kernel is entered: offers it buffers up to the target. */
  void offer() {
    MemorySegment shared = ring;
    if (shared == null || !expected) {
      return;
    }
    adjustTarget();
    int before = tail;
    while (offered < target && (!stack.isEmpty() || grow())) {
      write(shared, stack.pop());
      offered++;
    }
    if (tail != before) {
      // Ordered after the entries: the kernel reads the tail with acquire.
      SHORT.setRelease(shared, (long) TAIL_OFFSET, (short) tail);
    }
  }

  private void adjustTarget() {
    mostUsed = Math.max(mostUsed, usedInThisPass);
    usedInThisPass = 0;
    if (ranDry) {
      ranDry = false;
      target = Math.min(capacity, target * 2);
    } else if (++passes >= PASSES_BETWEEN_ADJUSTMENTS) {
      passes = 0;
      target = Math.min(capacity, Math.max(LEAST_TARGET, mostUsed * 2));
      mostUsed = 0;
    }
  }

  private void write(MemorySegment shared, Buffer buffer) {
    long entry = (tail & (shared.byteSize() / ENTRY_BYTES - 1)) * ENTRY_BYTES;
    shared.set(JAVA_LONG, entry, buffer.block.address() + buffer.offset);
    shared.set(JAVA_INT, entry + 8, BUFFER_BYTES);
    shared.set(JAVA_SHORT, entry + 12, (short) buffer.id);
    tail++;
  }

  /** Makes more buffers; false if the limit is reached. */
  private boolean grow() {
    int before = buffers.length;
    int after = Math.min(capacity, Math.max(FIRST_STOCK, before * 2));
    if (after <= before) {
      return false;
    }
    MemorySegment block =
        RingMemory.mapPages(libc, arena, (long) (after - before) * STRIDE_BYTES);
    buffers = Arrays.copyOf(buffers, after);
    ByteBuffer view = block.asByteBuffer();
    for (int id = after - 1; id >= before; id--) {
      buffers[id] = new Buffer(id, block, view, (id - before) * STRIDE_BYTES);
      stack.push(buffers[id]);
    }
    return true;
  }

  /** Whether half of all that there may be are lent out. */
  boolean areScarce() {
    return lent > capacity / 2;
  }

  /** How many are lent out. */
  int lent() {
    return lent;
  }

  /** Whether a buffer could be had now. */
  boolean available() {
    return lent < buffers.length || buffers.length < capacity;
  }

  String describe() {
    return state + ", " + buffers.length + " in stock";
  }

  /** One buffer. */
  final class Buffer extends LoanedBuffer {
    private final int id;
    private final MemorySegment block;
    private final ByteBuffer view;
    private final int offset;
    private int length;
    private boolean out;

    Buffer(int id, MemorySegment block, ByteBuffer view, int offset) {
      this.id = id;
      this.block = block;
      this.view = view;
      this.offset = offset;
    }

    /** Says how much of it we filled ourselves. */
    void filled(int bytes) {
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
      stack.push(this);
    }
  }
}
