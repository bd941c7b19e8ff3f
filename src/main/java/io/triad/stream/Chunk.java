package io.triad.stream;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Received bytes that are lent for the length of a call; see {@link ReceiveStream#receive}. Nothing
 * was copied: they lie in memory of the engine, which is used again afterwards. A chunk that is
 * touched after the call throws {@link IllegalStateException}; a segment or buffer taken from it must
 * not be touched then.
 */
public final class Chunk {
  private @Nullable MemorySegment memory;
  private long offset;
  private int length;

  /** Makes a chunk that is not lent; for the authors of streams. */
  public Chunk() {}

  /**
   * Lends bytes; for the authors of streams.
   *
   * @param newMemory where they lie
   * @param newOffset where they begin there
   * @param newLength how many they are, at least 1
   * @throws IndexOutOfBoundsException if they do not lie there
   */
  public void lend(MemorySegment newMemory, long newOffset, int newLength) {
    Objects.checkFromIndexSize(newOffset, newLength, newMemory.byteSize());
    memory = newMemory;
    offset = newOffset;
    length = newLength;
  }

  /** Ends the loan; for the authors of streams. */
  public void revoke() {
    memory = null;
  }

  private MemorySegment memory() {
    if (memory == null) {
      throw new IllegalStateException("the loan of this chunk is over");
    }
    return memory;
  }

  /**
   * Returns how many bytes there are.
   *
   * @return at least 1
   */
  public int length() {
    memory();
    return length;
  }

  /**
   * Returns a byte.
   *
   * @param index from 0
   * @return the byte
   * @throws IndexOutOfBoundsException beyond the length
   */
  public byte get(int index) {
    return memory().get(JAVA_BYTE, offset + Objects.checkIndex(index, length));
  }

  /**
   * Copies bytes into an array.
   *
   * @param from the index of the first byte
   * @param into where to
   * @param at the index of the first byte there
   * @param count how many
   * @throws IndexOutOfBoundsException if either has no such range
   */
  public void copyTo(int from, byte[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, length);
    MemorySegment.copy(memory(), JAVA_BYTE, offset + from, into, at, count);
  }

  /**
   * Returns a copy of all bytes.
   *
   * @return a new array
   */
  public byte[] toArray() {
    byte[] bytes = new byte[length()];
    copyTo(0, bytes, 0, length);
    return bytes;
  }

  /**
   * Returns the bytes as a read-only segment, dead after the call.
   *
   * @return a view
   */
  public MemorySegment segment() {
    return memory().asSlice(offset, length).asReadOnly();
  }

  /**
   * Returns the bytes as a read-only buffer, dead after the call.
   *
   * @return a view
   */
  public ByteBuffer buffer() {
    return segment().asByteBuffer();
  }

  /**
   * Returns where the bytes lie, for streams that pass them to the system in place.
   *
   * @return the native address, or 0 if they lie on the heap
   */
  public long nativeAddress() {
    return memory().isNative() ? memory().address() + offset : 0;
  }
}
