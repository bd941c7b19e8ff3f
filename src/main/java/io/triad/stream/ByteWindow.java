package io.triad.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Locale;

/**
 * Bytes that have been received and not been asked for yet: a window that moves over an array and
 * grows as it must. Bytes come in behind and are taken away in front.
 *
 * <p>Each byte is moved a bounded number of times, on average: within the array only if at least as
 * many have been taken since the last time as are moved, and else into an array twice as long.
 */
final class ByteWindow {
  /** The most that it can hold: about the longest array. */
  static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  /** A longer array is not kept while it is empty. */
  private static final int KEPT_BYTES = 4096;

  private static final int SHOWN_BYTES = 40;
  private static final byte[] NONE = {};

  private final DelimiterSearch search = new DelimiterSearch();
  private byte[] bytes = NONE;
  private int start;
  private int count;

  /** How many bytes there are. */
  int count() {
    return count;
  }

  /** How many there can be before the array grows. */
  int capacity() {
    return bytes.length;
  }

  byte get(int index) {
    return bytes[start + index];
  }

  // ---- in ----

  void append(Chunk chunk) {
    int length = chunk.length();
    makeRoom(length);
    chunk.copyTo(0, bytes, start + count, length);
    count += length;
  }

  private void makeRoom(int length) {
    long needed = (long) count + length;
    if (start + needed <= bytes.length) {
      return;
    }
    if (needed > MAX_BYTES) {
      throw new OutOfMemoryError("a BufferedReceiver cannot hold " + needed + " bytes");
    }
    byte[] target = bytes;
    if (needed > bytes.length || count > start) {
      target = new byte[(int) Math.max(needed, Math.min(bytes.length * 2L, MAX_BYTES))];
    }
    System.arraycopy(bytes, start, target, 0, count);
    bytes = target;
    start = 0;
  }

  /** Takes back what was taken in vain, to the front. */
  void putBack(MemorySegment from, int length) {
    byte[] joined = new byte[length + count];
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, joined, 0, length);
    System.arraycopy(bytes, start, joined, length, count);
    bytes = joined;
    start = 0;
    count = joined.length;
    search.restart();
  }

  // ---- looking ----

  /** Looks for this delimiter from now on; goes on where it stopped if it is the same as before. */
  void lookFor(byte[] delimiter) {
    search.lookFor(delimiter);
  }

  /**
   * Looks at the bytes that have come since the last time.
   *
   * @return whether the delimiter is there: {@link #searched} bytes from the front
   */
  boolean find() {
    return search.advance(bytes, start, count);
  }

  /** How many bytes are before the delimiter or, if it was not found, before where it may begin. */
  int searched() {
    return search.position();
  }

  /** The first bytes, decoded. */
  String text(int length, Charset charset) {
    return new String(bytes, start, length, charset);
  }

  /** A copy of the first bytes. */
  byte[] copy(int length) {
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  // ---- out ----

  void consume(int length) {
    start += length;
    count -= length;
    search.restart();
    if (count == 0) {
      start = 0;
      if (bytes.length > KEPT_BYTES) {
        bytes = NONE;
      }
    }
  }

  /** Takes as many as there are or have room. */
  int takeInto(MemorySegment into) {
    int length = (int) Math.min(count, into.byteSize());
    MemorySegment.copy(bytes, start, into, ValueLayout.JAVA_BYTE, 0, length);
    consume(length);
    return length;
  }

  /** Lends everything, and is empty: the array belongs to the chunk from then on. */
  void lendTo(Chunk chunk) {
    chunk.lend(MemorySegment.ofArray(bytes), start, count);
    clear();
  }

  /** Drops everything. */
  void clear() {
    bytes = NONE;
    start = 0;
    count = 0;
    search.restart();
  }

  /** What is there, for messages. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(count + " bytes: \"");
    for (int i = 0; i < Math.min(count, SHOWN_BYTES); i++) {
      byte value = get(i);
      if (value >= ' ' && value < 0x7F) {
        text.append((char) value);
      } else {
        text.append(String.format(Locale.ROOT, "\\x%02x", value));
      }
    }
    return text.append(count > SHOWN_BYTES ? "\"..." : "\"").toString();
  }
}
