package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.triad.platform.linux.ffi.Linux;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The submission entries of the only ring of this process, found where the kernel has mapped them.
 * What is in them and not yet handed over can still be spoilt, so that the kernel answers as an
 * older one would.
 */
final class MappedSubmissions {
  private static final int ENTRY_BYTES = 64;
  private static final int IOPRIO_AT = 2;

  /** A bit that has no meaning for any operation: EINVAL, as for a bit that is not known yet. */
  private static final int UNKNOWN_BIT = 0x4000;

  private final MemorySegment entries;

  private MappedSubmissions(MemorySegment entries) {
    this.entries = entries;
  }

  /** Finds them in proc_pid_maps(5): the mapping of the ring at IORING_OFF_SQES. */
  static MappedSubmissions find() throws IOException {
    MemorySegment found = null;
    for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
      String[] fields = line.split("\\s+", 6);
      if (line.endsWith("anon_inode:[io_uring]") && fields[2].equals("10000000")) {
        if (found != null) {
          throw new AssertionError("more than one ring");
        }
        String[] range = fields[0].split("-", 2);
        long from = Long.parseUnsignedLong(range[0], 16);
        long to = Long.parseUnsignedLong(range[1], 16);
        found = MemorySegment.ofAddress(from).reinterpret(to - from);
      }
    }
    if (found == null) {
      throw new AssertionError("no ring");
    }
    return new MappedSubmissions(found);
  }

  /** Has the kernel refuse every multishot receive and accept in the queue; answers their number. */
  int refuseMultishots() {
    int count = 0;
    for (long at = 0; at < entries.byteSize(); at += ENTRY_BYTES) {
      int opcode = entries.get(JAVA_BYTE, at);
      int ioprio = entries.get(JAVA_SHORT, at + IOPRIO_AT);
      if (opcode == Linux.IORING_OP_RECV() && (ioprio & Linux.IORING_RECV_MULTISHOT()) != 0
          || opcode == Linux.IORING_OP_ACCEPT()
              && (ioprio & Linux.IORING_ACCEPT_MULTISHOT()) != 0) {
        entries.set(JAVA_SHORT, at + IOPRIO_AT, (short) (ioprio | UNKNOWN_BIT));
        count++;
      }
    }
    return count;
  }
}
