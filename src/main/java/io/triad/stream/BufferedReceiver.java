package io.triad.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.Triad;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stream of bytes apart: into lines, pieces of a known size, pieces that end with a
 * delimiter. It is itself a stream, so that what follows a header can be received as usual.
 *
 * <pre>{@code
 * var receiver = new BufferedReceiver(stream);
 * for (String line; (line = receiver.receiveLine(UTF_8, 1024)) != null; ) { … }
 * }</pre>
 *
 * <p><b>All or nothing.</b> {@code receiveLine}, {@code receiveUntil}, {@code receiveExactly} and
 * {@code peek} consume either the whole piece or nothing: whatever they throw, {@link
 * io.triad.Cancelled} included, the bytes are still there, and the call can be repeated or another
 * one tried. Waiting for a piece that arrives slowly costs no more than if it came at once.
 *
 * <p><b>The end.</b> If the stream ends where a piece could begin, {@code receiveLine} and {@code
 * receiveUntil} return null. If it ends in the middle of a piece, that is {@link
 * PrematureEndException}, a last line without its line feed included: a sender that was cut off must
 * not be taken for one that has finished. Who wants that rest as it is gets it by {@code receiveSome}.
 *
 * <p>All methods but {@code buffered} and {@code toString} are checkpoints. One task receives at a
 * time. From the moment a receiver is made its stream must not be received from directly. A receiver
 * that has handed out everything holds no large buffer.
 */
public final class BufferedReceiver implements ReceiveStream {
  private static final byte[] LINE_FEED = {'\n'};

  private final ReceiveStream stream;
  private final ByteWindow buffer = new ByteWindow();
  private final ChunkAction<RuntimeException> append = buffer::append;
  private boolean receiving;
  private boolean waited;
  private boolean closed;

  /**
   * Makes one with an empty buffer.
   *
   * @param stream where to receive from; closed together with the receiver
   */
  public BufferedReceiver(ReceiveStream stream) {
    this.stream = Objects.requireNonNull(stream, "stream");
  }

  // ---- pieces ----

  /**
   * Receives a line. It ends with a line feed, or a carriage return and a line feed; neither is part
   * of the result.
   *
   * @param charset how to decode it; any in which a line feed is the byte 10 and that byte is nothing
   *     else, as in UTF-8 and the ISO 8859 family. What it cannot decode becomes its replacement.
   * @param maxBytes the longest line to accept, 0 or more, without its end
   * @return the line, or null at the end of the stream
   * @throws LimitExceededException if the line is longer
   * @throws PrematureEndException if the stream ends before the line does
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if the charset or limit will not do
   */
  public @Nullable String receiveLine(Charset charset, int maxBytes) throws IOException {
    if (charset != UTF_8 && charset != ISO_8859_1 && charset != US_ASCII
        && !Arrays.equals("\n".getBytes(charset), LINE_FEED)) {
      throw new IllegalArgumentException("lines cannot be found in " + charset);
    }
    begin();
    try {
      int length = awaitDelimiter(LINE_FEED, maxBytes, true);
      if (length < 0) {
        return null;
      }
      int text = length > 0 && buffer.get(length - 1) == '\r' ? length - 1 : length;
      String line = buffer.text(text, charset);
      buffer.consume(length + 1);
      return line;
    } finally {
      receiving = false;
    }
  }

  /**
   * Receives what comes before a delimiter, and consumes the delimiter with it.
   *
   * @param delimiter the bytes that end the piece, at least one
   * @param maxBytes the longest piece to accept, 0 or more, without the delimiter
   * @return the bytes before the delimiter, or null at the end of the stream
   * @throws LimitExceededException if the piece is longer
   * @throws PrematureEndException if the stream ends before the delimiter
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if the delimiter is empty, or the limit negative
   */
  public byte @Nullable [] receiveUntil(byte[] delimiter, int maxBytes) throws IOException {
    if (delimiter.length == 0) {
      throw new IllegalArgumentException("the delimiter must not be empty");
    }
    begin();
    try {
      int delimiterLength = delimiter.length;
      int length = awaitDelimiter(delimiter, maxBytes, false);
      if (length < 0) {
        return null;
      }
      byte[] piece = buffer.copy(length);
      buffer.consume(length + delimiterLength);
      return piece;
    } finally {
      receiving = false;
    }
  }

  /** Waits for a delimiter; how many bytes are before it, or -1 at the end of the stream. */
  private int awaitDelimiter(byte[] delimiter, int maxBytes, boolean line) throws IOException {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes must be >= 0, not " + maxBytes);
    }
    buffer.lookFor(delimiter);
    for (;;) {
      boolean found = buffer.find();
      int length = buffer.searched();
      // The carriage return before a line feed is not counted.
      boolean tooLong = length > maxBytes
          && !(line && length == maxBytes + 1 && buffer.get(maxBytes) == '\r');
      if (tooLong) {
        throw new LimitExceededException(
            maxBytes,
            "no " + (line ? "end of line" : "delimiter") + " within " + maxBytes
                + " bytes; received "
                + buffer);
      }
      if (found) {
        yieldUnlessWaited();
        return length;
      }
      if (!receiveMore()) {
        if (buffer.count() == 0) {
          return -1;
        }
        throw new PrematureEndException(
            "the stream ended before " + (line ? "the end of a line" : "a delimiter")
                + "; received " + buffer,
            buffer.copy(buffer.count()));
      }
    }
  }

  /**
   * Receives a number of bytes, no less and no more.
   *
   * @param length how many, 0 or more
   * @return the bytes
   * @throws PrematureEndException if the stream ends before
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if the number is negative
   */
  public byte[] receiveExactly(int length) throws IOException {
    if (length < 0) {
      throw new IllegalArgumentException("length must be >= 0, not " + length);
    }
    byte[] piece = new byte[length];
    receiveExactly(MemorySegment.ofArray(piece));
    return piece;
  }

  /**
   * Fills a buffer from its position to its limit, which the position then is at; if this throws, the
   * position has not moved.
   *
   * @param into where to
   * @throws PrematureEndException if the stream ends before
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if the buffer is read-only
   */
  public void receiveExactly(ByteBuffer into) throws IOException {
    receiveExactly(MemorySegment.ofBuffer(into));
    into.position(into.limit());
  }

  /**
   * Fills a memory segment. If this throws, what is in the segment is undefined.
   *
   * @param into where to; at most 2<sup>31</sup> - 65 bytes
   * @throws PrematureEndException if the stream ends before
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if the segment is read-only or too long
   */
  public void receiveExactly(MemorySegment into) throws IOException {
    if (into.isReadOnly() || into.byteSize() > ByteWindow.MAX_BYTES) {
      throw new IllegalArgumentException(
          into.isReadOnly() ? "the memory is read-only" : "the segment is too long");
    }
    begin();
    int length = (int) into.byteSize();
    int filled = 0;
    try {
      filled = buffer.takeInto(into);
      while (filled < length) {
        waited = true;
        int more = stream.receiveSome(into.asSlice(filled));
        checkOpen();
        if (more < 0) {
          byte[] partial = into.asSlice(0, filled).toArray(ValueLayout.JAVA_BYTE);
          throw new PrematureEndException(
              "the stream ended after " + filled + " of " + length + " bytes", partial);
        }
        filled += more;
      }
      yieldUnlessWaited();
    } catch (Throwable e) {
      if (filled > 0 && !closed) {
        buffer.putBack(into, filled);
      }
      throw e;
    } finally {
      receiving = false;
    }
  }

  /**
   * Waits until there are so many bytes, and returns a copy of them without consuming any.
   *
   * @param length how many, 0 or more
   * @return the bytes that will be received next; fewer if the stream ends before
   * @throws IOException if the stream is closed or broken
   * @throws IllegalArgumentException if the number is negative
   */
  public byte[] peek(int length) throws IOException {
    if (length < 0) {
      throw new IllegalArgumentException("length must be >= 0, not " + length);
    }
    begin();
    try {
      while (buffer.count() < length && receiveMore()) {
        // until there are enough
      }
      yieldUnlessWaited();
      return buffer.copy(Math.min(buffer.count(), length));
    } finally {
      receiving = false;
    }
  }

  /**
   * Returns how many bytes have been received from the stream and not been asked for yet.
   *
   * @return how many can be had without waiting
   */
  public int buffered() {
    return buffer.count();
  }

  // ---- as a stream ----

  @Override
  public int receiveSome(MemorySegment into) throws IOException {
    if (into.isReadOnly() || into.byteSize() == 0) {
      throw new IllegalArgumentException(
          into.isReadOnly() ? "the segment is read-only" : "the segment is empty");
    }
    begin();
    try {
      if (buffer.count() == 0) {
        return stream.receiveSome(into);
      }
      yieldUnlessWaited();
      return buffer.takeInto(into);
    } finally {
      receiving = false;
    }
  }

  @Override
  public byte[] receiveSome(int maxBytes) throws IOException {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be >= 1, not " + maxBytes);
    }
    begin();
    try {
      if (buffer.count() == 0) {
        return stream.receiveSome(maxBytes);
      }
      yieldUnlessWaited();
      byte[] some = buffer.copy(Math.min(buffer.count(), maxBytes));
      buffer.consume(some.length);
      return some;
    } finally {
      receiving = false;
    }
  }

  @Override
  public <E extends Exception> boolean receive(ChunkAction<E> action) throws IOException, E {
    begin();
    try {
      if (buffer.count() == 0) {
        return stream.receive(action);
      }
      yieldUnlessWaited();
      Chunk chunk = new Chunk();
      buffer.lendTo(chunk); // what the action does is no concern of the buffer
      try {
        action.accept(chunk);
      } finally {
        chunk.revoke();
      }
      return true;
    } finally {
      receiving = false;
    }
  }

  /** Closes the stream, and drops what has not been asked for. */
  @Override
  public void close() throws IOException {
    closed = true;
    buffer.clear();
    stream.close();
  }

  @Override
  public String toString() {
    return "BufferedReceiver, "
        + (closed ? "closed" : buffer.count() + " bytes buffered")
        + ", "
        + stream;
  }

  // ---- of all calls ----

  private void begin() throws ClosedResourceException {
    checkOpen();
    if (receiving) {
      throw new BusyResourceException(
          "another task is currently receiving data from this BufferedReceiver");
    }
    Triad.checkpointIfCancelled();
    receiving = true;
    waited = false;
  }

  private void checkOpen() throws ClosedResourceException {
    if (closed) {
      throw new ClosedResourceException("this BufferedReceiver was already closed");
    }
  }

  /** The second half of a checkpoint, for a call that found all it needs in the buffer. */
  private void yieldUnlessWaited() throws ClosedResourceException {
    if (!waited) {
      Triad.cancelShieldedCheckpoint();
      checkOpen();
    }
  }

  /** Waits for more bytes; false at the end of the stream. */
  private boolean receiveMore() throws IOException {
    waited = true;
    boolean more = stream.receive(append);
    checkOpen();
    return more;
  }
}
