package io.triad.stream;

import io.triad.ClosedResourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** What {@link Adapters#inputStream} returns. */
final class ReceiveInputStream extends InputStream {
  /** From so many bytes on, receiving into the caller's array is cheaper than reading ahead. */
  private static final int DIRECT_BYTES = 4096;

  private static final byte[] NONE = {};

  private final ReceiveStream stream;

  /** What was read ahead: the bytes from {@code position} on. */
  private byte[] ahead = NONE;

  private int position;
  private boolean closed;

  ReceiveInputStream(ReceiveStream stream) {
    this.stream = stream;
  }

  @Override
  public int read() throws IOException {
    return isFilled() ? ahead[position++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      checkOpen();
      return 0;
    }
    if (available() == 0 && length >= DIRECT_BYTES) {
      return stream.receiveSome(MemorySegment.ofArray(into).asSlice(offset, length));
    }
    if (!isFilled()) {
      return -1;
    }
    int count = Math.min(length, ahead.length - position);
    System.arraycopy(ahead, position, into, offset, count);
    position += count;
    return count;
  }

  /** Receives if nothing is left; false at the end of the stream. */
  private boolean isFilled() throws IOException {
    if (available() > 0) {
      return true;
    }
    ahead = NONE; // nothing is held while waiting
    position = 0;
    byte[] received = stream.receiveSome();
    checkOpen();
    ahead = received;
    return received.length > 0;
  }

  @Override
  public int available() throws IOException {
    checkOpen();
    return ahead.length - position;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    Objects.requireNonNull(out, "out");
    long[] count = {available()};
    out.write(ahead, position, ahead.length - position);
    position = ahead.length;
    stream.forEachChunk(
        chunk -> {
          if (out instanceof SendOutputStream sender) {
            sender.send(chunk); // from memory to memory of the engine, past the heap
          } else {
            out.write(chunk.toArray());
          }
          count[0] += chunk.length();
        });
    return count[0];
  }

  private void checkOpen() throws ClosedResourceException {
    if (closed) {
      throw new ClosedResourceException("this input stream was already closed");
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    ahead = NONE;
    position = 0;
    stream.close();
  }

  @Override
  public String toString() {
    return "InputStream of " + stream;
  }
}
