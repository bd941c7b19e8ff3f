package io.triad.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One message of a socket, to be sent or received: ranges of memory, an address, and control messages
 * (sendmsg(2), cmsg(3)). Used again and again, on the loop only.
 */
public final class Message {
  /** The most ranges: IOV_MAX of Linux, macOS and POSIX's example. */
  public static final int MAX_RANGES = 1024;

  private static final int FIRST_RANGES = 16;

  private final Arena arena;
  private final NativeAddress address;
  private long[] starts = new long[FIRST_RANGES];
  private int[] lengths = new int[FIRST_RANGES];
  private int count;
  private MemorySegment control;
  private int controlLength;
  private int flags;
  private MemorySegment scratch = MemorySegment.NULL;

  /** Makes an empty one whose memory lives as long as an arena. */
  public Message(Arena arena) {
    this.arena = arena;
    address = new NativeAddress(arena);
    control = MemorySegment.NULL;
  }

  /** Takes everything out. */
  public void clear() {
    count = 0;
    controlLength = 0;
    flags = 0;
    address.setLength(0);
  }

  /** To whom, or from whom; of length 0 for nobody. */
  public NativeAddress address() {
    return address;
  }

  /** Adds a range of native memory. */
  public void add(long start, int length) {
    if (count == MAX_RANGES) {
      throw new IllegalStateException("a message has no more than " + MAX_RANGES + " ranges");
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      lengths = Arrays.copyOf(lengths, count * 2);
    }
    starts[count] = start;
    lengths[count++] = length;
  }

  /** How many ranges there are. */
  public int count() {
    return count;
  }

  /** Where a range begins. */
  public long startOf(int index) {
    return starts[index];
  }

  /** How many bytes a range has. */
  public int lengthOf(int index) {
    return lengths[index];
  }

  /** The control messages: {@link #controlLength} bytes of them count. */
  public MemorySegment control() {
    return control;
  }

  /** How many bytes of control messages there are, or, before a receive, may be. */
  public int controlLength() {
    return controlLength;
  }

  /** Says how many bytes of control messages there are or may be, and has room for them. */
  public void setControlLength(int bytes) {
    if (bytes > control.byteSize()) {
      MemorySegment larger = arena.allocate(Math.max(256, Integer.highestOneBit(bytes) * 2L), 8);
      MemorySegment.copy(control, 0, larger, 0, controlLength);
      control = larger;
    }
    controlLength = bytes;
  }

  /** The flags with which it was received, as the system numbers them. */
  public int flags() {
    return flags;
  }

  /** Says with which flags it was received. */
  public void setFlags(int received) {
    flags = received;
  }

  /** For platforms: memory to lay the message out in as their calls want it. */
  public MemorySegment scratch(long bytes) {
    if (scratch.byteSize() < bytes) {
      scratch = arena.allocate(bytes, 8);
    }
    return scratch;
  }
}
