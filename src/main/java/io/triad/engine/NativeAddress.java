package io.triad.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory for one socket address in the system's form, and how much of it is used. */
public final class NativeAddress {
  private final MemorySegment memory;
  private int length;

  /** Makes an empty one. */
  public NativeAddress(Arena arena) {
    memory = arena.allocate(Platform.ADDRESS_BYTES, 8);
  }

  /** {@link Platform#ADDRESS_BYTES} bytes. */
  public MemorySegment memory() {
    return memory;
  }

  /** How many bytes the address has; 0 for none. */
  public int length() {
    return length;
  }

  /** Says how many bytes the address has. */
  public void setLength(int bytes) {
    if (bytes < 0 || bytes > Platform.ADDRESS_BYTES) {
      throw new IllegalArgumentException("an address has no " + bytes + " bytes");
    }
    length = bytes;
  }

  /** The address itself. */
  public byte[] toArray() {
    return memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Takes an address as it is. */
  public void set(byte[] address) {
    setLength(address.length);
    MemorySegment.copy(address, 0, memory, ValueLayout.JAVA_BYTE, 0, address.length);
  }

  /** Takes an address of so many bytes as it stands in native memory. */
  public void set(long address, int bytes) {
    setLength(bytes);
    memory.copyFrom(MemorySegment.ofAddress(address).reinterpret(bytes));
  }
}
