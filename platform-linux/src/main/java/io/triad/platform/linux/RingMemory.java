package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.platform.linux.ffi.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Memory shared with the kernel: mapped pages as segments, and the four ways to touch an index of a
 * ring. The letters are JCTools': lv load volatile (here acquire), so store ordered (release), lp
 * and sp plain.
 */
final class RingMemory {
  private static final VarHandle INT = JAVA_INT.varHandle();

  /** All memory, for what is read so often that the checks of a segment of its own would show. */
  private static final MemorySegment EVERYWHERE =
      MemorySegment.NULL.reinterpret(Long.MAX_VALUE).asReadOnly();

  private static final int PROT_READ_WRITE = 0x1 | 0x2;
  private static final int MAP_SHARED = 0x01;
  private static final int MAP_PRIVATE = 0x02;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_POPULATE = 0x8000;

  private RingMemory() {}

  static int lvInt(MemorySegment memory, long offset) {
    return (int) INT.getAcquire(memory, offset);
  }

  /** The mapping that the address lies in must exist. */
  static int lvIntAt(long address) {
    return (int) INT.getAcquire(EVERYWHERE, address);
  }

  static void soInt(MemorySegment memory, long offset, int value) {
    INT.setRelease(memory, offset, value);
  }

  static int lpInt(MemorySegment memory, long offset) {
    return memory.get(JAVA_INT, offset);
  }

  static void spInt(MemorySegment memory, long offset, int value) {
    memory.set(JAVA_INT, offset, value);
  }

  /** Maps a part of a ring; unmapped when the arena closes. */
  static MemorySegment mapRing(Libc libc, Arena arena, long bytes, int descriptor, long offset) {
    return map(libc, arena, bytes, MAP_SHARED | MAP_POPULATE, descriptor, offset);
  }

  /** Maps fresh pages, which cost nothing until they are touched. */
  static MemorySegment mapPages(Libc libc, Arena arena, long bytes) {
    return map(libc, arena, bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }

  private static MemorySegment map(
      Libc libc, Arena arena, long bytes, int flags, int descriptor, long offset) {
    long address = libc.mmap(bytes, PROT_READ_WRITE, flags, descriptor, offset);
    if (address < 0 && address > -4096) {
      throw new OutOfMemoryError(
          "mmap of " + bytes + " bytes failed: " + Libc.strerror((int) -address));
    }
    return MemorySegment.ofAddress(address)
        .reinterpret(bytes, arena, mapped -> Libc.munmap(mapped.address(), bytes));
  }
}
