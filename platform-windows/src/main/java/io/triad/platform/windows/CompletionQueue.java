package io.triad.platform.windows;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Engine;
import io.triad.platform.windows.ffi.PortCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** The completion port as a queue of packets: OVERLAPPED_ENTRYs, 32 bytes each. */
final class CompletionQueue {
  /** What comes with the packet of a wake-up. */
  static final long WAKE_KEY = 2;

  private static final int BATCH = 128;
  private static final int ENTRY_BYTES = 32;
  private static final int OVERLAPPED_AT = 8;
  private static final int BYTES_AT = 24;
  private static final int FOREVER_MILLIS = -1; // INFINITE
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final PortCalls calls;
  private final int port;
  private final MemorySegment entries;

  /**
   * Whether a wake-up is in the port: one is enough, however many call. It is taken back as soon as the
   * packet is out, before anything is delivered, so whoever calls after that posts another.
   */
  private final AtomicBoolean wakePosted = new AtomicBoolean();

  CompletionQueue(PortCalls calls, Arena arena, int port) {
    this.calls = calls;
    this.port = port;
    entries = arena.allocate((long) BATCH * ENTRY_BYTES, 8);
  }

  /** Takes out what is there, after waiting for it; answers how many packets. */
  int take(long timeoutNanos) {
    int count = calls.dequeue(port, entries.address(), BATCH, millis(timeoutNanos));
    if (count < 0) {
      throw new IllegalStateException("GetQueuedCompletionStatusEx failed with error " + -count);
    }
    for (int i = 0; i < count; i++) {
      if (key(i) == WAKE_KEY) {
        wakePosted.set(false);
      }
    }
    return count;
  }

  /** Rounded up: to wait for nothing before the time has come would be to spin. */
  static int millis(long nanos) {
    if (nanos == Engine.FOREVER) {
      return FOREVER_MILLIS;
    }
    long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI > 0 ? 1 : 0);
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  long key(int index) {
    return entries.get(JAVA_LONG, (long) index * ENTRY_BYTES);
  }

  long overlapped(int index) {
    return entries.get(JAVA_LONG, (long) index * ENTRY_BYTES + OVERLAPPED_AT);
  }

  int bytes(int index) {
    return entries.get(JAVA_INT, (long) index * ENTRY_BYTES + BYTES_AT);
  }

  /** Has a packet come; any thread. */
  void wake() {
    if (wakePosted.compareAndSet(false, true)) {
      int result = calls.post(port, 0, WAKE_KEY, 0);
      if (result < 0) {
        wakePosted.set(false);
        throw new IllegalStateException("PostQueuedCompletionStatus failed");
      }
    }
  }

  void close() {
    calls.closeHandle(port);
  }
}
