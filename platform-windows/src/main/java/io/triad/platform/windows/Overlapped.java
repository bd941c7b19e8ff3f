package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Operation;
import io.triad.engine.ReceiveStock;
import io.triad.platform.windows.ffi.AFD_POLL_INFO;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One OVERLAPPED in native memory, and what this side knows of the call that it is for. The kernel has
 * the memory from the call to its packet, and may write to it at any time between; so it is given to
 * another operation only after the packet.
 *
 * <pre>
 *  0  Internal, InternalHigh: an NTSTATUS and a count (IO_STATUS_BLOCK has the same two)
 * 16  Offset, OffsetHigh, hEvent
 * 32  the index of this block, by which a packet finds it
 * 64  an AFD_POLL_INFO, for AWAIT_READY
 * </pre>
 */
final class Overlapped {
  /** What one takes: two cache lines. */
  static final int BYTES = 128;

  /** No {@link #companion}. */
  static final int NONE = -1;

  private static final int STATUS_AT = 0;
  private static final int OFFSET_AT = 16;
  private static final int INDEX_AT = 32;
  private static final int POLL_AT = 64;

  /** All memory: a packet brings an address. */
  private static final MemorySegment EVERYWHERE =
      MemorySegment.NULL.reinterpret(Long.MAX_VALUE).asReadOnly();

  /** What is done with the call when it ends. */
  enum Step {
    /** It ends the operation. */
    WHOLE,
    /** A receive of nothing: something is there to be received. */
    PROBE,
    /** A receive into {@link #buffer}. */
    FILL,
    /** Nothing was asked of the kernel yet: it is to be received into a buffer. */
    FILL_NEXT,
    /** A connection is there. */
    ACCEPT
  }

  /** Its place among the blocks; that of an operation's own is its slot. */
  final int index;

  /** Where it is. */
  final long address;

  private final MemorySegment memory;

  /** Whose it is; null if it is free. */
  @Nullable Operation operation;

  Step step = Step.WHOLE;

  /** Whether the kernel has it. */
  boolean pending;

  /** On which handle; for cancelling. */
  int handle;

  /** What is known of that handle as long as it is sure that nobody has closed it. */
  @Nullable Association association;

  /** How it ended when it ended without a packet. */
  int result;

  /** Where received bytes go. */
  ReceiveStock.@Nullable Buffer buffer;

  /** What else was opened for it: a socket to accept on, a file. */
  int companion = NONE;

  /** The calls that accept for the operation, if that is what it does. */
  @Nullable Acceptor acceptor;

  Overlapped(int index, MemorySegment memory) {
    this.index = index;
    this.memory = memory;
    address = memory.address();
    memory.set(JAVA_INT, INDEX_AT, index);
  }

  /** The index of the block that a packet is about. */
  static int indexAt(long address) {
    return EVERYWHERE.get(JAVA_INT, address + INDEX_AT);
  }

  /** The last word of the kernel in an OVERLAPPED, whoever made it. */
  static int statusAt(long address) {
    return EVERYWHERE.get(JAVA_INT, address + STATUS_AT);
  }

  /** Whose it is; there must be somebody. */
  Operation operation() {
    Operation owner = operation;
    if (owner == null) {
      throw new IllegalStateException("block " + index + " is free");
    }
    return owner;
  }

  /** From now on somebody may close the handle. */
  void leave() {
    if (association != null) {
      association.users--;
      association = null;
    }
  }

  /** Makes it ready for a call. */
  void clear(long offset) {
    memory.set(JAVA_LONG, STATUS_AT, 0);
    memory.set(JAVA_LONG, STATUS_AT + 8, 0);
    memory.set(JAVA_LONG, OFFSET_AT, offset); // the low half first, as in the struct
    memory.set(JAVA_LONG, OFFSET_AT + 8, 0);
  }

  /** The question to the driver behind the sockets, and its answer. */
  MemorySegment poll() {
    return memory.asSlice(POLL_AT, AFD_POLL_INFO.layout());
  }

  long pollAddress() {
    return address + POLL_AT;
  }
}
