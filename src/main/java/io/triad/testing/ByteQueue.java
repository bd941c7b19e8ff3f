package io.triad.testing;

import io.triad.ClosedResourceException;
import io.triad.WouldBlockException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;
import java.util.Arrays;

/** Bytes without limit, put in by anybody and fetched by one task at a time. */
final class ByteQueue {
  private static final byte[] NOTHING = {};

  private final ConflictDetector fetching =
      new ConflictDetector("another task is already fetching data");

  /** The bytes from {@code start} to {@code end} are there. */
  private byte[] bytes = NOTHING;

  private int start;
  private int end;
  private boolean closed;

  /** Who fetches, while there is nothing to fetch. */
  private final WaitQueue<Waiter> waiting = new WaitQueue<>();

  void put(byte[] more) throws ClosedResourceException {
    if (closed) {
      throw new ClosedResourceException("this side has been closed, and takes no more data");
    }
    if (more.length == 0) {
      return; // who waits would take nothing for the end
    }
    if (more.length > bytes.length - end) {
      int length = end - start;
      int needed = Math.addExact(length, more.length);
      byte[] target = needed > bytes.length ? new byte[Math.max(needed, 2 * length)] : bytes;
      System.arraycopy(bytes, start, target, 0, length);
      bytes = target;
      start = 0;
      end = length;
    }
    System.arraycopy(more, 0, bytes, end, more.length);
    end += more.length;
    waiting.resumeAll();
  }

  /** Says that no more will come. */
  void close() {
    closed = true;
    waiting.resumeAll();
  }

  /** The same, and drops what is there. */
  void closeAndDrop() {
    bytes = NOTHING;
    start = 0;
    end = 0;
    close();
  }

  /** Takes 1 to {@code maxBytes} bytes, or none if there will never be any. */
  byte[] getNowait(int maxBytes) {
    checkMaxBytes(maxBytes);
    fetching.check();
    if (mustWait()) {
      throw new WouldBlockException();
    }
    return take(maxBytes);
  }

  /** The same; waits until that is possible. */
  byte[] get(int maxBytes) {
    checkMaxBytes(maxBytes);
    try (var _ = fetching.enter()) {
      Fiber fiber = Loop.requireFiber();
      if (mustWait()) {
        waiting.await(new Waiter(fiber), this);
      } else {
        fiber.checkpoint();
      }
      return take(maxBytes);
    }
  }

  private boolean mustWait() {
    return start == end && !closed;
  }

  private byte[] take(int maxBytes) {
    int count = Math.min(maxBytes, end - start);
    byte[] taken = Arrays.copyOfRange(bytes, start, start + count);
    start += count;
    return taken;
  }

  static void checkMaxBytes(int maxBytes) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be >= 1, not " + maxBytes);
    }
  }

  @Override
  public String toString() {
    return "data in memory";
  }
}
