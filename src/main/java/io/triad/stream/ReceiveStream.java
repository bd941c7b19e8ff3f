package io.triad.stream;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The receiving end of a stream of bytes.
 *
 * <p>One task receives at a time; a second one gets {@link io.triad.BusyResourceException} while the
 * first goes on undisturbed (STR-09).
 *
 * <p>All methods block until at least one byte or the end of the stream is there. They throw {@link
 * io.triad.ClosedResourceException} if this side has closed the stream, {@link
 * io.triad.BrokenResourceException} if it does not work any more, {@link io.triad.Cancelled} if a
 * scope around the caller is cancelled: then no byte was consumed.
 */
public interface ReceiveStream extends AsyncResource {
  /** How many bytes {@link #receiveSome()} returns at most. */
  int DEFAULT_MAX_BYTES = 64 * 1024;

  /**
   * Receives into a memory segment.
   *
   * @param into where to; at least one byte long
   * @return how many bytes were written to its front, or -1 at the end of the stream
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if the segment is empty or read-only
   */
  int receiveSome(MemorySegment into) throws IOException;

  /**
   * Receives into a buffer, from its position to at most its limit; the position moves.
   *
   * @param into where to; must have room
   * @return how many bytes were received, or -1 at the end of the stream
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if the buffer has no room or is read-only
   */
  default int receiveSome(ByteBuffer into) throws IOException {
    if (into.isReadOnly()) {
      throw new IllegalArgumentException("the buffer is read-only");
    }
    int received = receiveSome(MemorySegment.ofBuffer(into));
    if (received > 0) {
      into.position(into.position() + received);
    }
    return received;
  }

  /**
   * Receives into a new array.
   *
   * @param maxBytes the most bytes to return, at least 1
   * @return 1 to {@code maxBytes} bytes, which the caller owns; empty at the end of the stream and
   *     only there (STR-14)
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if {@code maxBytes} is less than 1
   */
  default byte[] receiveSome(int maxBytes) throws IOException {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be >= 1, not " + maxBytes);
    }
    byte[] bytes = new byte[maxBytes];
    int received = receiveSome(MemorySegment.ofArray(bytes));
    return received == maxBytes ? bytes : Arrays.copyOf(bytes, Math.max(0, received));
  }

  /**
   * Receives as much as the stream sees fit into a new array.
   *
   * @return at least one byte; empty at the end of the stream and only there
   * @throws IOException if the stream is closed or broken
   */
  default byte[] receiveSome() throws IOException {
    return receiveSome(DEFAULT_MAX_BYTES);
  }

  /**
   * Receives without copying: lends the caller a chunk for the length of a call.
   *
   * <p>The bytes count as consumed when the action begins, also if it throws. The action may do
   * anything, block included, but must not receive from the same stream.
   *
   * @param action gets the chunk, which is at least one byte long and dead after the call
   * @param <E> the checked exception the action may throw
   * @return false at the end of the stream, without a call
   * @throws IOException if the stream is closed or broken
   * @throws E what the action throws
   */
  default <E extends Exception> boolean receive(ChunkAction<E> action) throws IOException, E {
    byte[] bytes = receiveSome();
    if (bytes.length == 0) {
      return false;
    }
    Chunk chunk = new Chunk();
    chunk.lend(MemorySegment.ofArray(bytes), 0, bytes.length);
    try {
      action.accept(chunk);
    } finally {
      chunk.revoke();
    }
    return true;
  }

  /**
   * Hands every chunk to an action, in order, until the stream ends (STR-15). Like {@link #receive},
   * again and again: nothing is copied, and each chunk is dead after its call.
   *
   * @param action gets the chunks, each at least one byte long
   * @param <E> the checked exception the action may throw
   * @throws IOException if the stream is closed or broken
   * @throws E what the action throws; later chunks can still be received
   */
  default <E extends Exception> void forEachChunk(ChunkAction<E> action) throws IOException, E {
    while (receive(action)) {
      // until the end
    }
  }
}
