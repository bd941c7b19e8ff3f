package io.triad.engine;

import io.triad.engine.NonBlockingCalls.ControlMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Places for datagrams, so that one system call can receive or send several. Used again and again, on
 * one loop only, either to receive, into buffers of its own, or to send, from memory of others.
 *
 * <p>The buffers take any datagram of UDP. They are a page and a half of cache lines further apart
 * than they are long: at a power of two the beginnings of all of them would compete for the same few
 * lines of the processor's cache.
 */
public abstract class DatagramBatch implements AutoCloseable {
  /** The size of a buffer: more than any datagram of UDP, and what several may have together. */
  public static final int BUFFER_BYTES = 64 * 1024;

  private static final int STRIDE = BUFFER_BYTES + 4096 + 192;

  private final Arena arena = Arena.ofShared();
  private final int capacity;
  private final MemorySegment addresses;
  private final int[] addressLengths;
  private final int[] lengths;
  private final int[] flags;
  private final int[] segmentBytes;
  private final long[] starts;
  private int error;
  private @Nullable MemorySegment buffers;
  private @Nullable ByteBuffer view;

  /** Makes empty places. */
  protected DatagramBatch(int capacity) {
    this.capacity = capacity;
    addresses = arena.allocate((long) capacity * Platform.ADDRESS_BYTES, 8);
    addressLengths = new int[capacity];
    lengths = new int[capacity];
    flags = new int[capacity];
    segmentBytes = new int[capacity];
    starts = new long[capacity];
  }

  /** Where a system puts its own structures; as long-lived as the batch. */
  protected final Arena arena() {
    return arena;
  }

  /** How many places there are. */
  public final int capacity() {
    return capacity;
  }

  // ---- receiving ----

  /**
   * Receives what is there, without waiting.
   *
   * @param max how many at most; no more than there are places
   * @param withControl whether control messages are wanted
   * @return how many, at least 1; {@link NonBlockingCalls#AGAIN} if there is nothing; or {@code -code}
   */
  public abstract int receive(int descriptor, int max, boolean withControl);

  /** The control messages that came with a datagram. */
  public abstract List<ControlMessage> controls(int place);

  /** The memory of all buffers. */
  public final MemorySegment buffers() {
    MemorySegment memory = buffers;
    if (memory == null) {
      memory = arena.allocate((long) capacity * STRIDE, 64);
      buffers = memory;
    }
    return memory;
  }

  /** The same as a buffer that nobody moves. */
  public final ByteBuffer view() {
    if (view == null) {
      view = buffers().asByteBuffer();
    }
    return view;
  }

  /** Where in {@link #buffers} the datagram of a place begins. */
  public static int offsetOf(int place) {
    return place * STRIDE;
  }

  /** Whether a datagram did not fit: the flag is the system's MSG_TRUNC. */
  public final int flagsOf(int place) {
    return flags[place];
  }

  /** Takes note of what a system call has put into a place. */
  protected final void received(
      int place, int length, int addressLength, int receivedFlags, int bytesOfSegments) {
    lengths[place] = length;
    addressLengths[place] = Math.min(addressLength, Platform.ADDRESS_BYTES);
    flags[place] = receivedFlags;
    segmentBytes[place] = bytesOfSegments;
  }

  /** Takes note of an error that was met behind the datagrams of a receive, and told only once. */
  protected final void noteError(int result) {
    error = result;
  }

  /** The error that was met behind the datagrams of the last receive; 0 if there was none. */
  public final int takeError() {
    int taken = error;
    error = 0;
    return taken;
  }

  // ---- sending ----

  /**
   * Prepares a datagram, or several.
   *
   * @param start where its bytes lie
   * @param length how many they are
   * @param bytesOfSegments if not 0, how long each of several datagrams is; the last may be shorter
   */
  public final void prepare(int place, long start, int length, int bytesOfSegments) {
    starts[place] = start;
    lengths[place] = length;
    segmentBytes[place] = bytesOfSegments;
  }

  /** Says to whom: the address is copied; of length 0 for whom the socket is connected to. */
  public final void setAddress(int place, MemorySegment from, long at, int length) {
    MemorySegment.copy(from, at, addresses, (long) place * Platform.ADDRESS_BYTES, length);
    addressLengths[place] = length;
  }

  /**
   * Sends what was prepared in some places, without waiting.
   *
   * @return for how many places that was done, at least 1; {@link NonBlockingCalls#AGAIN} if the
   *     socket has no room; or {@code -code} of the first
   */
  public abstract int send(int descriptor, int first, int count);

  /** Whether {@link #send} takes several datagrams in one place. */
  public abstract boolean takesSegments();

  // ---- both ----

  /** How many bytes are in a place. */
  public final int lengthOf(int place) {
    return lengths[place];
  }

  /** Where the bytes to be sent lie. */
  public final long startOf(int place) {
    return starts[place];
  }

  /** How long each datagram in a place is, if there are several in it; else 0. */
  public final int segmentBytesOf(int place) {
    return segmentBytes[place];
  }

  /** The addresses, {@link Platform#ADDRESS_BYTES} for each. */
  public final MemorySegment addresses() {
    return addresses;
  }

  /** How many bytes the address of a place has. */
  public final int addressLengthOf(int place) {
    return addressLengths[place];
  }

  @Override
  public void close() {
    arena.close();
  }
}
