package io.triad.stream;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * One stream made of two: what is sent goes into one half, what is received comes out of the other.
 * For example the two pipes of a child process, or a connection one direction of which passes a
 * filter.
 *
 * <p>It adds nothing of its own: each call goes to its half with its arguments as they are, and what
 * the half answers or throws comes back (STR-20).
 *
 * @param <S> the type of the sending half
 * @param <R> the type of the receiving half
 */
public final class StapledStream<S extends SendStream, R extends ReceiveStream>
    implements HalfCloseableStream {
  private final S sendStream;
  private final R receiveStream;

  /**
   * Staples two streams; closing the result closes both.
   *
   * @param sendStream where to send
   * @param receiveStream where to receive from
   */
  public StapledStream(S sendStream, R receiveStream) {
    this.sendStream = Objects.requireNonNull(sendStream, "sendStream");
    this.receiveStream = Objects.requireNonNull(receiveStream, "receiveStream");
  }

  /**
   * Returns the sending half.
   *
   * @return the very stream that was stapled
   */
  public S sendStream() {
    return sendStream;
  }

  /**
   * Returns the receiving half.
   *
   * @return the very stream that was stapled
   */
  public R receiveStream() {
    return receiveStream;
  }

  // ---- sending ----

  @Override
  public void sendAll(MemorySegment data) throws IOException {
    sendStream.sendAll(data);
  }

  @Override
  public void sendAll(byte[] data) throws IOException {
    sendStream.sendAll(data);
  }

  @Override
  public void sendAll(ByteBuffer data) throws IOException {
    sendStream.sendAll(data);
  }

  @Override
  public void sendAll(Chunk chunk) throws IOException {
    sendStream.sendAll(chunk);
  }

  @Override
  public void sendAll(List<ByteBuffer> data) throws IOException {
    sendStream.sendAll(data);
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException {
    sendStream.waitSendAllMightNotBlock();
  }

  /**
   * Ends the sending direction: by the {@code sendEof} of the sending half if that has one (as a
   * {@link HalfCloseableStream}), else by closing that half (STR-21).
   *
   * @throws IOException if the sending half is broken, or does not close gracefully
   * @throws io.triad.BusyResourceException if another task is sending
   */
  @Override
  public void sendEof() throws IOException {
    if (sendStream instanceof HalfCloseableStream half) {
      half.sendEof();
    } else {
      sendStream.close();
    }
  }

  // ---- receiving ----

  @Override
  public int receiveSome(MemorySegment into) throws IOException {
    return receiveStream.receiveSome(into);
  }

  @Override
  public int receiveSome(ByteBuffer into) throws IOException {
    return receiveStream.receiveSome(into);
  }

  @Override
  public byte[] receiveSome(int maxBytes) throws IOException {
    return receiveStream.receiveSome(maxBytes);
  }

  @Override
  public byte[] receiveSome() throws IOException {
    return receiveStream.receiveSome();
  }

  @Override
  public <E extends Exception> boolean receive(ChunkAction<E> action) throws IOException, E {
    return receiveStream.receive(action);
  }

  @Override
  public <E extends Exception> void forEachChunk(ChunkAction<E> action) throws IOException, E {
    receiveStream.forEachChunk(action);
  }

  // ---- the rest ----

  /**
   * Closes the sending half, then the receiving half, the second also if the first fails. If both
   * fail, the error of the sending half is thrown and that of the other is suppressed in it (STR-22).
   *
   * @throws IOException if a half could not be closed gracefully
   */
  @Override
  public void close() throws IOException {
    try (receiveStream) {
      sendStream.close();
    }
  }

  @Override
  public String toString() {
    return "StapledStream, sends to " + sendStream + ", receives from " + receiveStream;
  }
}
