package io.triad.stream;

import io.triad.PartialResult;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The sending end of a stream of bytes.
 *
 * <p>One task sends at a time: {@link #sendAll}, {@link #waitSendAllMightNotBlock} and {@link
 * HalfCloseableStream#sendEof} exclude each other, and a second one gets {@link
 * io.triad.BusyResourceException} while the first goes on undisturbed (STR-09).
 *
 * <p>All methods throw {@link io.triad.ClosedResourceException} if this side has closed the stream,
 * {@link io.triad.BrokenResourceException} if it does not work any more, {@link io.triad.Cancelled}
 * if a scope around the caller is cancelled. Whatever leaves {@code sendAll} says by {@link
 * io.triad.PartialResult#of} how many bytes had been accepted (STR-12).
 */
public interface SendStream extends AsyncResource {
  /**
   * Sends all bytes of a memory segment; blocks until the system has taken the last one. Native
   * memory is used in place and must stay as it is until the method returns; heap memory is copied.
   *
   * @param data what to send; may be empty, which sends nothing
   * @throws IOException if the stream is closed or broken
   */
  void sendAll(MemorySegment data) throws IOException;

  /**
   * Sends all bytes of an array.
   *
   * @param data what to send
   * @throws IOException if the stream is closed or broken
   */
  default void sendAll(byte[] data) throws IOException {
    sendAll(MemorySegment.ofArray(data));
  }

  /**
   * Sends the bytes between position and limit, and moves the position over those that were
   * accepted, also when it throws. A direct buffer is used in place.
   *
   * @param data what to send; unchanged but for its position
   * @throws IOException if the stream is closed or broken
   */
  default void sendAll(ByteBuffer data) throws IOException {
    try {
      sendAll(MemorySegment.ofBuffer(data));
    } catch (Throwable e) {
      PartialResult.of(e).ifPresent(n -> data.position(data.position() + (int) n));
      throw e;
    }
    data.position(data.limit());
  }

  /**
   * Sends a loaned chunk on, in place.
   *
   * @param chunk what was received
   * @throws IOException if the stream is closed or broken
   */
  default void sendAll(Chunk chunk) throws IOException {
    sendAll(chunk.segment());
  }

  /**
   * Sends the bytes of several buffers, in order, as if they were one; in one system call where the
   * stream can. Positions move over the bytes that were accepted.
   *
   * @param data what to send
   * @throws IOException if the stream is closed or broken
   */
  default void sendAll(List<ByteBuffer> data) throws IOException {
    if (data.isEmpty()) {
      sendAll(MemorySegment.NULL);
    }
    long sent = 0;
    for (ByteBuffer buffer : data) {
      int count = buffer.remaining();
      try {
        sendAll(buffer);
      } catch (Throwable e) {
        PartialResult.attach(e, sent + PartialResult.of(e).orElse(0));
        throw e;
      }
      sent += count;
    }
  }

  /**
   * Waits until {@link #sendAll} might not block. May return early, never late; returns or throws
   * Broken if the receiver is gone (STR-13).
   *
   * @throws IOException if the stream is closed or broken
   */
  void waitSendAllMightNotBlock() throws IOException;
}
