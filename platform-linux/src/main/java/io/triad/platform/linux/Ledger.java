package io.triad.platform.linux;

import io.triad.engine.Operation;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operations in flight, each in a slot whose number the kernel carries as user data. */
final class Ledger {
  private @Nullable Operation[] slots = new Operation[256];
  private boolean[] multishot = new boolean[256];
  private boolean[] polling = new boolean[256];
  private int[] free = new int[256];
  private int freeCount;
  private int used;

  /** Puts an operation into a free slot; answers its number. */
  int add(Operation operation) {
    int slot;
    if (freeCount > 0) {
      slot = free[--freeCount];
    } else {
      if (used == slots.length) {
        slots = Arrays.copyOf(slots, used * 2);
        multishot = Arrays.copyOf(multishot, used * 2);
        polling = Arrays.copyOf(polling, used * 2);
        free = Arrays.copyOf(free, used * 2);
      }
      slot = used++;
    }
    slots[slot] = operation;
    polling[slot] = false;
    return slot;
  }

  /** The operation in a slot; there must be one. */
  Operation get(int slot) {
    Operation operation = slots[slot];
    if (operation == null) {
      throw new IllegalStateException("the kernel completed slot " + slot + ", which is free");
    }
    return operation;
  }

  /** Notes whether the kernel was last asked for many completions or for one. */
  void setMultishot(int slot, boolean value) {
    multishot[slot] = value;
  }

  /** Whether the kernel was last asked for many completions. */
  boolean multishot(int slot) {
    return multishot[slot];
  }

  /** Notes whether the kernel was last asked when the descriptor is ready, not for the thing itself. */
  void setPolling(int slot, boolean value) {
    polling[slot] = value;
  }

  /** Whether the kernel was last asked when the descriptor is ready. */
  boolean polling(int slot) {
    return polling[slot];
  }

  /** Frees a slot. */
  void remove(int slot) {
    slots[slot] = null;
    free[freeCount++] = slot;
  }

  /** Passes every operation to an action, which must neither add nor remove one. */
  void forEach(Consumer<Operation> action) {
    for (int slot = 0; slot < used; slot++) {
      Operation operation = slots[slot];
      if (operation != null) {
        action.accept(operation);
      }
    }
  }

  /** How many slots are taken. */
  int size() {
    return used - freeCount;
  }
}
