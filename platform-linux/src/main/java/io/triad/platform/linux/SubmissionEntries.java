package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.MemorySegment;

/**
 * Writes operations into entries of the submission queue: struct io_uring_sqe (io_uring_enter(2)),
 * 64 bytes, as eight 64-bit words, which x86-64 and arm64 both keep little endian.
 *
 * <pre>
 * at   word
 *  0   opcode u8, flags u8, ioprio u16, fd s32
 *  8   off u64
 * 16   addr u64
 * 24   len u32, flags of the operation u32
 * 32   user_data u64
 * 40   buf_group u16, personality u16, file_index u32
 * 48   two words that no operation here uses
 * </pre>
 */
final class SubmissionEntries {
  private final MemorySegment entries;
  private final GatherMemory gather;
  private final int sendFlags;

  /**
   * Writes into the entries of a ring.
   *
   * @param wholeSends whether the kernel shall go on with a send until it is whole
   */
  SubmissionEntries(MemorySegment entries, GatherMemory gather, boolean wholeSends) {
    this.entries = entries;
    this.gather = gather;
    sendFlags = Linux.MSG_NOSIGNAL() | (wholeSends ? Linux.MSG_WAITALL() : 0);
  }

  /** Writes an operation that stands in the ledger; its slot is the user data. */
  void write(long at, Operation operation, boolean multishot) {
    int descriptor = operation.descriptor();
    long address = operation.address();
    int length = operation.length();
    long slot = operation.slot();
    switch (operation.kind()) {
      case SEND ->
          fill(at, head(Linux.IORING_OP_SEND(), descriptor), address, args(length, sendFlags),
              slot);
      case SEND_GATHER ->
          fill(
              at,
              head(Linux.IORING_OP_SENDMSG(), descriptor),
              gather.message(operation),
              args(1, sendFlags),
              slot);
      case SEND_ZERO_COPY ->
          fill(
              at,
              head(Linux.IORING_OP_SEND_ZC(), descriptor)
                  | (long) Linux.IORING_SEND_ZC_REPORT_USAGE() << 16,
              address,
              args(length, sendFlags),
              slot);
      case SEND_FILE -> throw new AssertionError("files are sent step by step");
      case RECEIVE ->
          fill(at, head(Linux.IORING_OP_RECV(), descriptor), address, args(length, 0), slot);
      case RECEIVE_LOANED -> {
        if (multishot) {
          long flags = (long) Linux.IOSQE_BUFFER_SELECT() << 8;
          long ioprio = (long) Linux.IORING_RECV_MULTISHOT() << 16;
          fill(at, head(Linux.IORING_OP_RECV(), descriptor) | flags | ioprio, 0, 0, slot);
          entries.set(JAVA_LONG, at + 40, ReceiveBuffers.GROUP);
        } else {
          poll(at, descriptor, Linux.POLLIN(), slot);
        }
      }
      case ACCEPT -> {
        long ioprio = multishot ? (long) Linux.IORING_ACCEPT_MULTISHOT() << 16 : 0;
        fill(
            at,
            head(Linux.IORING_OP_ACCEPT(), descriptor) | ioprio,
            0,
            args(0, Linux.SOCK_CLOEXEC()),
            slot);
      }
      case CONNECT -> {
        fill(at, head(Linux.IORING_OP_CONNECT(), descriptor), address, 0, slot);
        entries.set(JAVA_LONG, at + 8, length); // of the address, where others have an offset
      }
      case AWAIT_READY ->
          poll(
              at,
              descriptor,
              operation.readiness() == Operation.READABLE
                  ? Linux.POLLIN() | Linux.POLLRDHUP()
                  : Linux.POLLOUT(),
              slot);
      case CLOSE -> fill(at, head(Linux.IORING_OP_CLOSE(), descriptor), 0, 0, slot);
    }
  }

  /** Writes the question when an operation would find its descriptor ready; its slot is the user data. */
  void writePoll(long at, Operation operation) {
    boolean sends =
        switch (operation.kind()) {
          case SEND, SEND_GATHER, SEND_ZERO_COPY, SEND_FILE, CONNECT -> true;
          default -> false;
        };
    poll(
        at,
        operation.descriptor(),
        sends ? Linux.POLLOUT() : Linux.POLLIN() | Linux.POLLRDHUP(),
        operation.slot());
  }

  /** Writes a splice from some place of a file to a pipe. */
  void writeSplice(long at, int file, long offset, int pipe, int length, long userData) {
    fill(
        at,
        head(Linux.IORING_OP_SPLICE(), pipe),
        offset,
        args(length, Linux.SPLICE_F_NONBLOCK() | Linux.SPLICE_F_MOVE()),
        userData);
    entries.set(JAVA_LONG, at + 8, -1); // a pipe has no offset
    entries.set(JAVA_INT, at + 44, file);
  }

  /** Writes a plain send for one that was to be without a copy. */
  void writeSend(long at, Operation operation) {
    fill(
        at,
        head(Linux.IORING_OP_SEND(), operation.descriptor()),
        operation.address(),
        args(operation.length(), sendFlags),
        operation.slot());
  }

  /** Writes a multishot accept that belongs to no operation. */
  void writeMultishotAccept(long at, int descriptor, long userData) {
    long ioprio = (long) Linux.IORING_ACCEPT_MULTISHOT() << 16;
    fill(at, head(Linux.IORING_OP_ACCEPT(), descriptor) | ioprio, 0, 0, userData);
  }

  /** Writes something that completes and does nothing else. */
  void writeNothing(long at, long userData) {
    fill(at, head(Linux.IORING_OP_NOP(), -1), 0, 0, userData);
  }

  /** Writes the wish that the operation with some user data end. */
  void writeCancel(long at, long target, long userData) {
    fill(at, head(Linux.IORING_OP_ASYNC_CANCEL(), -1), target, 0, userData);
  }

  /** Writes a read of a descriptor into memory. */
  void writeRead(long at, int descriptor, MemorySegment into, long userData) {
    fill(
        at,
        head(Linux.IORING_OP_READ(), descriptor),
        into.address(),
        args((int) into.byteSize(), 0),
        userData);
  }

  private void poll(long at, int descriptor, int events, long userData) {
    fill(at, head(Linux.IORING_OP_POLL_ADD(), descriptor), 0, args(0, events), userData);
  }

  private static long head(int opcode, int descriptor) {
    return opcode | (long) descriptor << 32;
  }

  private static long args(int length, int operationFlags) {
    return (length & 0xFFFFFFFFL) | (long) operationFlags << 32;
  }

  /** Writes all 64 bytes, because an entry comes back with what was in it before. */
  private void fill(long at, long head, long address, long args, long userData) {
    entries.set(JAVA_LONG, at, head);
    entries.set(JAVA_LONG, at + 8, 0);
    entries.set(JAVA_LONG, at + 16, address);
    entries.set(JAVA_LONG, at + 24, args);
    entries.set(JAVA_LONG, at + 32, userData);
    entries.set(JAVA_LONG, at + 40, 0);
    entries.set(JAVA_LONG, at + 48, 0);
    entries.set(JAVA_LONG, at + 56, 0);
  }
}
