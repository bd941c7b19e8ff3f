package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Files on their way to sockets, by splice(2) and without a copy: from the file into a pipe, from the
 * pipe into the socket.
 *
 * <p>The first half may wait for a disk, so the kernel's workers do it (IORING_OP_SPLICE, which always
 * goes to them). The second half moves memory only, if the socket does not wait: the loop itself does
 * it, as much as the socket has room for, with a poll in between. By IORING_OP_SPLICE it would hold a
 * worker for each peer that reads slowly, for as long as it likes. Splice asks the descriptor whether
 * it may wait, and nobody else, so the socket is in non-blocking mode meanwhile.
 *
 * <p>What counts is what the socket took. What is in the pipe when a transfer ends early is thrown
 * away with the pipe.
 *
 * <pre>
 * state     what is in flight          then
 * ──────────────────────────────────────────────────────────────────────────────
 * FILLING   splice, file to pipe       the loop drains the pipe
 * WAITING   poll of the socket         the loop drains the pipe
 * FAILED    nothing, but a no-op       ends with the error
 * </pre>
 */
final class FileTransfers {
  /** The answer of {@link #completed} that it is to be prepared again. */
  static final int GOES_ON = Integer.MIN_VALUE + 7;

  /** What a pipe should hold; it starts with 64 KiB, and the system may not grant more. */
  private static final int PIPE_BYTES = 1 << 20;

  /** How many idle pipes are kept. */
  private static final int MAX_IDLE = 8;

  private enum State {
    FILLING,
    WAITING,
    FAILED
  }

  /** A pipe that is empty. */
  private record Pipe(int reader, int writer, int capacity) {}

  /** What is known of one operation. */
  private static final class Transfer {
    private final @Nullable Pipe pipe;
    private final int socketFlags;
    private State state = State.FILLING;
    private int error;
    private int inPipe;
    private int taken;

    Transfer(@Nullable Pipe pipe, int socketFlags) {
      this.pipe = pipe;
      this.socketFlags = socketFlags;
    }

    Pipe pipe() {
      assert pipe != null;
      return pipe;
    }
  }

  private final Libc libc;
  private final MemorySegment pair;
  private final ArrayDeque<Pipe> idle = new ArrayDeque<>();
  private @Nullable Transfer[] bySlot = new Transfer[16];

  FileTransfers(Libc libc, Arena arena) {
    this.libc = libc;
    pair = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
  }

  /** Writes the next step of an operation. */
  void write(SubmissionEntries entries, long at, Operation operation) {
    int slot = operation.slot();
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, bySlot.length * 2));
    }
    Transfer transfer = bySlot[slot];
    if (transfer == null) {
      transfer = begin(operation.descriptor());
      bySlot[slot] = transfer;
    }
    switch (transfer.state) {
      case FILLING ->
          entries.writeSplice(
              at,
              operation.fileDescriptor(),
              operation.fileOffset() + transfer.taken,
              transfer.pipe().writer(),
              Math.min(operation.length() - transfer.taken, transfer.pipe().capacity()),
              slot);
      case WAITING -> entries.writePoll(at, operation);
      case FAILED -> entries.writeNothing(at, slot);
    }
  }

  private Transfer begin(int socket) {
    int flags = libc.fcntl(socket, Linux.F_GETFL(), 0);
    int result =
        flags < 0 || (flags & Linux.O_NONBLOCK()) != 0
            ? flags
            : libc.fcntl(socket, Linux.F_SETFL(), flags | Linux.O_NONBLOCK());
    Pipe pipe = result < 0 ? null : idle.poll();
    if (result >= 0 && pipe == null) {
      result = libc.pipe2(pair, Linux.O_CLOEXEC());
      if (result >= 0) {
        int reader = pair.get(JAVA_INT, 0);
        int writer = pair.get(JAVA_INT, Integer.BYTES);
        int capacity = libc.fcntl(writer, Linux.F_SETPIPE_SZ(), PIPE_BYTES);
        if (capacity < 0) {
          capacity = libc.fcntl(writer, Linux.F_GETPIPE_SZ(), 0);
        }
        pipe = new Pipe(reader, writer, capacity);
      }
    }
    Transfer transfer = new Transfer(pipe, flags);
    if (result < 0) {
      transfer.state = State.FAILED;
      transfer.error = result;
    }
    return transfer;
  }

  /**
   * Takes the completion of a step.
   *
   * @return {@link #GOES_ON}, or how the operation ends
   */
  int completed(Operation operation, int result) {
    Transfer transfer = of(operation);
    switch (transfer.state) {
      case FAILED -> {
        return transfer.error;
      }
      case FILLING -> {
        if (result == -Linux.EINTR()) { // a worker was asked to stop, before it had begun
          return operation.cancelRequested() ? Operation.CANCELED : GOES_ON;
        }
        if (result <= 0) {
          return result == 0 ? transfer.taken : result;
        }
        transfer.inPipe = result;
      }
      case WAITING -> {
        if (result < 0) {
          return result;
        }
      }
    }
    return operation.cancelRequested() ? Operation.CANCELED : drain(operation, transfer);
  }

  private int drain(Operation operation, Transfer transfer) {
    while (transfer.inPipe > 0) {
      int moved =
          libc.splice(
              transfer.pipe().reader(),
              operation.descriptor(),
              transfer.inPipe,
              Linux.SPLICE_F_NONBLOCK() | Linux.SPLICE_F_MOVE());
      if (moved == -Linux.EAGAIN()) {
        transfer.state = State.WAITING;
        return GOES_ON;
      }
      if (moved <= 0) {
        return moved == 0 ? -Linux.EPIPE() : moved;
      }
      transfer.inPipe -= moved;
      transfer.taken += moved;
    }
    transfer.state = State.FILLING;
    return transfer.taken == operation.length() ? transfer.taken : GOES_ON;
  }

  private Transfer of(Operation operation) {
    Transfer transfer = bySlot[operation.slot()];
    assert transfer != null;
    return transfer;
  }

  /**
   * Gives back what an operation had.
   *
   * @param result how it ends
   * @return how it ends truly: with what the socket took, if it took anything
   */
  int end(Operation operation, int result) {
    Transfer transfer = operation.slot() < bySlot.length ? bySlot[operation.slot()] : null;
    if (transfer == null) {
      return result; // cancelled before its first step
    }
    bySlot[operation.slot()] = null;
    Pipe pipe = transfer.pipe;
    if (pipe != null) {
      if (transfer.inPipe == 0 && idle.size() < MAX_IDLE) {
        idle.push(pipe);
      } else {
        close(pipe);
      }
    }
    // After a cancellation the descriptor may be closed by now, and its number somebody else's.
    boolean wasBlocking = (transfer.socketFlags & Linux.O_NONBLOCK()) == 0;
    if (wasBlocking && transfer.state != State.FAILED && !operation.cancelRequested()) {
      libc.fcntl(operation.descriptor(), Linux.F_SETFL(), transfer.socketFlags);
    }
    return result < 0 && transfer.taken > 0 ? transfer.taken : result;
  }

  private void close(Pipe pipe) {
    libc.close(pipe.reader());
    libc.close(pipe.writer());
  }

  /** Closes the pipes. */
  void close() {
    idle.forEach(this::close);
    idle.clear();
  }
}
