package io.triad.platform.windows;

import io.triad.engine.Operation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The blocks of an engine, and thereby its ledger: an operation in flight has one of its own, whose
 * index is its slot. Accepting has more of them.
 */
final class OverlappedBlocks {
  private static final int FIRST_STOCK = 64;

  private final Arena arena;
  private Overlapped[] blocks = new Overlapped[0];
  private int[] free = new int[0];
  private int freeCount;
  private int operations;

  OverlappedBlocks(Arena arena) {
    this.arena = arena;
  }

  /** Enters an operation. */
  Overlapped enter(Operation operation) {
    Overlapped block = takeFor(operation);
    operation.enterLedger(block.index);
    operations++;
    return block;
  }

  /** Strikes an operation out, and gives its own block back. */
  void strike(Overlapped block) {
    operations--;
    give(block);
  }

  /** One more for an operation that has one. */
  Overlapped takeFor(Operation operation) {
    if (freeCount == 0) {
      grow();
    }
    Overlapped block = blocks[free[--freeCount]];
    block.operation = operation;
    return block;
  }

  /** Gives one back, of which the kernel has told the end. */
  void give(Overlapped block) {
    assert !block.pending && block.association == null && block.buffer == null;
    block.operation = null;
    block.acceptor = null;
    block.companion = Overlapped.NONE;
    block.step = Overlapped.Step.WHOLE;
    free[freeCount++] = block.index;
  }

  private void grow() {
    int before = blocks.length;
    int after = Math.max(FIRST_STOCK, before * 2);
    MemorySegment memory = arena.allocate((long) (after - before) * Overlapped.BYTES, 64);
    blocks = Arrays.copyOf(blocks, after);
    free = Arrays.copyOf(free, after);
    for (int index = after - 1; index >= before; index--) {
      long at = (long) (index - before) * Overlapped.BYTES;
      blocks[index] = new Overlapped(index, memory.asSlice(at, Overlapped.BYTES));
      free[freeCount++] = index;
    }
  }

  /** The block that a packet is about. */
  Overlapped at(long address) {
    int index = Overlapped.indexAt(address);
    if (index < 0 || index >= blocks.length || blocks[index].address != address) {
      // Two runs at a time with one socket: the second has moved it to its port.
      throw new IllegalStateException("a packet for somebody else, of a socket moved to this port");
    }
    return blocks[index];
  }

  /** An operation's own block. */
  Overlapped of(Operation operation) {
    Overlapped block = blocks[operation.slot()];
    if (block.operation != operation) {
      throw new IllegalArgumentException("not in flight here: " + operation);
    }
    return block;
  }

  /** Passes every operation in flight to an action, which must not end any. */
  void forEachOperation(Consumer<Operation> action) {
    for (Overlapped block : blocks) {
      Operation operation = block.operation;
      if (operation != null && operation.slot() == block.index) {
        action.accept(operation);
      }
    }
  }

  /** How many operations are in flight. */
  int operations() {
    return operations;
  }
}
