package io.triad.testing;

import io.triad.Action;
import io.triad.ClosedResourceException;
import io.triad.Triad;
import io.triad.stream.ReceiveStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A receiving stream for tests whose other end is the test: what is received is what the test has
 * put in by {@link #putData} and {@link #putEof}.
 *
 * <p>A hook lets a test put data in at the moment somebody asks for it. Without one, receiving from an
 * empty stream blocks until the test puts something in.
 *
 * <p>For tasks of one run.
 */
public final class MemoryReceiveStream implements ReceiveStream {
  private final ConflictDetector receiving =
      new ConflictDetector("another task is using this stream");
  private final ByteQueue pending = new ByteQueue();
  private @Nullable Action<IOException> receiveSomeHook;
  private @Nullable Action<IOException> closeHook;
  private boolean closed;

  /** Makes an empty stream without hooks. */
  public MemoryReceiveStream() {}

  /**
   * Makes an empty stream with hooks.
   *
   * @param receiveSomeHook see {@link #setReceiveSomeHook}
   * @param closeHook see {@link #setCloseHook}
   */
  public MemoryReceiveStream(
      @Nullable Action<IOException> receiveSomeHook, @Nullable Action<IOException> closeHook) {
    this.receiveSomeHook = receiveSomeHook;
    this.closeHook = closeHook;
  }

  /** {@return what {@link #receiveSome()} calls, or null} */
  public @Nullable Action<IOException> receiveSomeHook() {
    return receiveSomeHook;
  }

  /**
   * Sets what {@code receiveSome} calls before it looks for data.
   *
   * @param hook what to call, or null
   */
  public void setReceiveSomeHook(@Nullable Action<IOException> hook) {
    receiveSomeHook = hook;
  }

  /** {@return what {@link #close} and {@link #closeNow} call, or null} */
  public @Nullable Action<IOException> closeHook() {
    return closeHook;
  }

  /**
   * Sets what both ways of closing call, each time, when the stream has been marked as closed. It
   * must not block.
   *
   * @param hook what to call, or null
   */
  public void setCloseHook(@Nullable Action<IOException> hook) {
    closeHook = hook;
  }

  @Override
  public int receiveSome(MemorySegment into) throws IOException {
    if (into.byteSize() == 0 || into.isReadOnly()) {
      throw new IllegalArgumentException("the segment is empty or read-only");
    }
    byte[] bytes = receiveSome((int) Math.min(into.byteSize(), Integer.MAX_VALUE));
    MemorySegment.copy(bytes, 0, into, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return bytes.length == 0 ? -1 : bytes.length;
  }

  /**
   * Receives everything that has been put in, at least one byte; see {@link #receiveSome(int)}.
   *
   * @return a new array, empty at the end of the stream
   * @throws IOException if this side has closed the stream; what the hook throws
   */
  @Override
  public byte[] receiveSome() throws IOException {
    return receiveSome(Integer.MAX_VALUE);
  }

  /**
   * Calls the hook, then receives what has been put in, or waits for it (TEST-27).
   *
   * @param maxBytes the most bytes to return, at least 1
   * @return a new array, empty at the end of the stream
   * @throws ClosedResourceException if this side has closed the stream, or does so while the caller
   *     waits
   * @throws IOException what the hook throws
   * @throws io.triad.BusyResourceException if another task is using this stream
   */
  @Override
  public byte[] receiveSome(int maxBytes) throws IOException {
    ByteQueue.checkMaxBytes(maxBytes);
    try (var _ = receiving.enter()) {
      MemorySendStream.twoCheckpoints();
      checkClosed();
      MemorySendStream.call(receiveSomeHook);
      byte[] bytes = pending.get(maxBytes);
      checkClosed();
      return bytes;
    }
  }

  private void checkClosed() throws ClosedResourceException {
    if (closed) {
      throw new ClosedResourceException("this stream has been closed");
    }
  }

  /**
   * Closes at once, without a checkpoint. What was not received is dropped; who waits to receive is
   * told that the stream is closed (TEST-29).
   *
   * @throws IOException what the hook throws; the stream is closed nevertheless
   */
  public void closeNow() throws IOException {
    closed = true;
    pending.closeAndDrop();
    MemorySendStream.call(closeHook);
  }

  /**
   * Closes as {@link #closeNow} does, and then executes a checkpoint.
   *
   * @throws IOException what the hook throws; the stream is closed nevertheless
   */
  @Override
  public void close() throws IOException {
    closeNow();
    Triad.checkpoint();
  }

  // ---- for the test ----

  /**
   * Puts in what is to be received next, behind what is there already; not a checkpoint.
   *
   * @param data the bytes, which are copied
   * @throws ClosedResourceException if the end has been put in, or the stream is closed (TEST-28)
   */
  public void putData(byte[] data) throws ClosedResourceException {
    pending.put(data);
  }

  /** Puts in the end of the stream, behind the data that is there; idempotent, not a checkpoint. */
  public void putEof() {
    pending.close();
  }

  @Override
  public String toString() {
    return "MemoryReceiveStream" + (closed ? ", closed" : "");
  }
}
