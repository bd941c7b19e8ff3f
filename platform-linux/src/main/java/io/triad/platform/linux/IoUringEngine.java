package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.EngineWatcher;
import io.triad.engine.Operation;
import io.triad.engine.SocketOption;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine on io_uring(7).
 *
 * <p><b>One system call a pass.</b> {@link #submit} only fills submission entries; {@link #poll}
 * hands them over and, in the same call, waits for completions with the deadline as its time-out.
 * When nothing was submitted and nothing is waited for, there is no call at all unless the kernel
 * says it has work.
 *
 * <p><b>User data.</b> A submission carries the slot of its operation in the {@link Ledger}; a slot
 * is free again only after the final completion, so a completion always finds its operation. Negative
 * values are the engine's own.
 *
 * <p><b>Receiving.</b> RECEIVE_LOANED is a multishot receive with buffers that the kernel chooses
 * on arrival. The kernel ends a multishot whenever it likes (completion queue overflow, no
 * buffers); the engine arms it again, and only the end of the stream, an error or a cancellation
 * reaches the owner. Where the kernel has no such thing, it is a poll followed by recv(2).
 *
 * <p><b>Cancelling</b> is a request like any other (io_uring_enter(2), IORING_OP_ASYNC_CANCEL); what
 * counts is the final completion of its target.
 */
final class IoUringEngine implements Engine {
  private static final long IGNORED = -1;
  private static final long WAKE = -2;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final SocketCalls calls;
  private final Libc libc;
  private final Arena arena;
  private final Ring ring;
  private final SubmissionEntries entries;
  private final ReceiveBuffers buffers;
  private final GatherMemory gather;
  private final Ledger ledger = new Ledger();

  /** Operations for which the submission queue had no room. */
  private final ArrayDeque<Operation> unprepared = new ArrayDeque<>();

  /** Cancellations for which the submission queue had no room. */
  private final ArrayDeque<Operation> uncancelled = new ArrayDeque<>();

  /** Receives that wait for a buffer to come back. */
  private final ArrayDeque<Operation> starved = new ArrayDeque<>();

  private final FileTransfers files;
  private final ZeroCopySends zeroCopySends = new ZeroCopySends();

  /** Operations cancelled before the kernel knew of them. */
  private final ArrayDeque<Operation> withdrawn = new ArrayDeque<>();

  private final int wakeDescriptor;
  private final MemorySegment wakeCounter;
  /** Kept for {@link #isQuiet}, which is asked at every checkpoint. */
  private boolean nothingToStart;

  private boolean wakeArmed;
  private boolean closing;

  private final MemorySegment timeout;
  private final MemorySegment waitArgument;

  private boolean multishotReceive;
  private boolean multishotAccept;

  IoUringEngine(SocketCalls calls, IoUringOptions options) {
    this.calls = calls;
    arena = Arena.ofShared();
    Ring opened = null;
    try {
      libc = new Libc(arena);
      opened =
          Ring.open(
              libc,
              arena,
              options.submissionEntries(),
              options.completionEntries(),
              options.forbiddenSetupFlags());
      ring = opened;
      buffers =
          new ReceiveBuffers(
              libc, arena, ring.descriptor(), options.maxReceiveBuffers(), options.multishot());
      multishotReceive = buffers.chosenByKernel();
      gather = new GatherMemory(arena);
      files = new FileTransfers(libc, arena);
      entries = new SubmissionEntries(ring.entries(), gather, ring.tellsOfCancelledSends());
      timeout = arena.allocate(16, 8); // struct __kernel_timespec
      waitArgument = arena.allocate(24, 8); // struct io_uring_getevents_arg
      waitArgument.set(JAVA_LONG, 16, timeout.address());
      wakeCounter = arena.allocate(JAVA_LONG);
      wakeDescriptor = libc.eventfd(0, Linux.EFD_CLOEXEC());
      if (wakeDescriptor < 0) {
        throw new EngineUnavailableException(IoUringRefusal.explain("eventfd", -wakeDescriptor));
      }
      multishotAccept = options.multishot() && knowsMultishotAccept();
    } catch (Throwable e) {
      if (opened != null) {
        opened.close();
      }
      arena.close();
      throw e;
    }
  }

  /**
   * Whether the kernel knows multishot accept (5.19). One that does finds that an eventfd is no socket;
   * another finds a bit without a meaning, EINVAL. Tried at once, so that what the engine says of
   * itself is true before the first connection.
   */
  private boolean knowsMultishotAccept() {
    long entry = ring.nextEntry();
    entries.writeMultishotAccept(entry, wakeDescriptor, IGNORED);
    do {
      enter(1, FOREVER);
    } while (!ring.hasCompletion());
    int answer = ring.completions().get(JAVA_INT, ring.completion() + 8);
    ring.advance();
    entries.writeNothing(entry, IGNORED); // it has been taken; nobody shall find it there
    return answer != -Linux.EINVAL();
  }

  // ---- submitting ----

  @Override
  public void submit(Operation operation) {
    if (operation.inFlight()) {
      throw new IllegalStateException("submitted a second time: " + operation);
    }
    nothingToStart = false;
    operation.enterLedger(ledger.add(operation));
    start(operation);
  }

  private void start(Operation operation) {
    if (!unprepared.isEmpty() || !prepare(operation)) {
      unprepared.add(operation); // behind the others: nothing overtakes
    }
  }

  private boolean prepare(Operation operation) {
    long entry = freeEntry();
    if (entry < 0) {
      return false;
    }
    if (operation.kind() == Operation.Kind.SEND_FILE) {
      files.write(entries, entry, operation);
      return true;
    }
    boolean multishot =
        switch (operation.kind()) {
          case RECEIVE_LOANED -> multishotReceive;
          case ACCEPT -> multishotAccept;
          case SEND_ZERO_COPY -> !zeroCopySends.mustCopy(operation);
          default -> false;
        };
    ledger.setMultishot(operation.slot(), multishot);
    if (ledger.polling(operation.slot())) {
      entries.writePoll(entry, operation);
      return true;
    }
    if (operation.kind() == Operation.Kind.RECEIVE_LOANED) {
      buffers.expectReceives();
    }
    if (operation.kind() == Operation.Kind.SEND_ZERO_COPY && !multishot) {
      entries.writeSend(entry, operation);
    } else {
      entries.write(entry, operation, multishot);
    }
    return true;
  }

  /** A free submission entry, made by submitting what is there if need be; -1 if there is none. */
  private long freeEntry() {
    long entry = ring.nextEntry();
    if (entry < 0) {
      enter(0, 0);
      entry = ring.nextEntry();
    }
    return entry;
  }

  // ---- cancelling ----

  @Override
  public void cancel(Operation operation) {
    if (!operation.inFlight() || operation.cancelRequested()) {
      return;
    }
    nothingToStart = false;
    operation.markCancelRequested();
    if (unprepared.remove(operation) || starved.remove(operation)) {
      withdrawn.add(operation);
    } else if (!prepareCancel(operation.slot())) {
      uncancelled.add(operation);
    }
  }

  @Override
  public void cancelAll() {
    ledger.forEach(this::cancel);
  }

  private boolean prepareCancel(long userData) {
    long entry = freeEntry();
    if (entry < 0) {
      return false;
    }
    entries.writeCancel(entry, userData, IGNORED);
    return true;
  }

  // ---- waiting ----

  @Override
  public boolean poll(long timeoutNanos) {
    prepareWhatWaits();
    boolean mayWait = timeoutNanos > 0 && withdrawn.isEmpty() && !ring.hasCompletion();
    if (mayWait) {
      // What found no room in the queue finds it after this call: no reason to sleep in it.
      enter(1, allPrepared() ? timeoutNanos : 0);
    } else if (ring.unsubmitted() > 0 || ring.kernelHasWork()) {
      enter(0, 0);
    }
    boolean anything = reap();
    anything |= !withdrawn.isEmpty();
    while (!withdrawn.isEmpty()) {
      finish(withdrawn.remove(), Operation.CANCELED);
    }
    nothingToStart = ring.unsubmitted() == 0 && allPrepared() && starved.isEmpty();
    return anything;
  }

  @Override
  public boolean isQuiet() {
    return nothingToStart && ring.isQuiet();
  }

  private void prepareWhatWaits() {
    if (!wakeArmed && !closing) {
      armWake();
    }
    while (!unprepared.isEmpty() && prepare(unprepared.peek())) {
      unprepared.remove();
    }
    while (!uncancelled.isEmpty()
        && (!stillToCancel(uncancelled.peek()) || prepareCancel(uncancelled.peek().slot()))) {
      uncancelled.remove();
    }
    for (int i = starved.size(); i > 0 && buffers.available(); i--) {
      start(starved.remove());
    }
    buffers.offer();
  }

  /** It may have ended meanwhile, and even have been submitted anew: then nobody cancelled it. */
  private static boolean stillToCancel(Operation operation) {
    return operation.inFlight() && operation.cancelRequested();
  }

  /** Whether everything that was asked for is at least in the submission queue. */
  private boolean allPrepared() {
    return unprepared.isEmpty() && uncancelled.isEmpty() && (wakeArmed || closing);
  }

  private void enter(int minComplete, long timeoutNanos) {
    long argument = 0;
    if (minComplete > 0 && timeoutNanos != FOREVER) {
      timeout.set(JAVA_LONG, 0, timeoutNanos / NANOS_PER_SECOND);
      timeout.set(JAVA_LONG, 8, timeoutNanos % NANOS_PER_SECOND);
      argument = waitArgument.address();
    }
    int result = ring.enter(minComplete, argument, argument == 0 ? 0 : 24);
    if (result < 0 && !isTransient(-result)) {
      throw new IllegalStateException(
          "io_uring_enter failed: " + LinuxErrors.name(-result) + ", " + ring.unsubmitted()
              + " entries unsubmitted");
    }
  }

  /**
   * ETIME: the time is over. EINTR: a signal. EAGAIN and EBUSY: the kernel wants completions to be
   * read first, which is what comes next (io_uring_enter(2)).
   */
  private static boolean isTransient(int errno) {
    return errno == Linux.ETIME()
        || errno == Linux.EINTR()
        || errno == Linux.EAGAIN()
        || errno == Linux.EBUSY();
  }

  @Override
  public void wake() {
    Libc.eventfdSignal(wakeDescriptor);
  }

  /** Without room now, the next poll tries again: the event counter keeps what it was told. */
  private void armWake() {
    long entry = freeEntry();
    if (entry < 0) {
      return;
    }
    entries.writeRead(entry, wakeDescriptor, wakeCounter, WAKE);
    wakeArmed = true;
  }

  // ---- completing ----

  /** Takes what is there now: what its handlers cause is for the next pass, or none would end. */
  private boolean reap() {
    int ready = ring.completionsReady();
    MemorySegment completions = ring.completions();
    for (int left = ready; left > 0; left--) {
      long at = ring.completion();
      long userData = completions.get(JAVA_LONG, at);
      int result = completions.get(JAVA_INT, at + 8);
      int flags = completions.get(JAVA_INT, at + 12);
      ring.advance();
      if (userData >= 0) {
        completed(ledger.get((int) userData), result, flags);
      } else if (userData == WAKE) {
        wakeArmed = false;
      }
    }
    return ready > 0;
  }

  private void completed(Operation operation, int result, int flags) {
    boolean more = (flags & Linux.IORING_CQE_F_MORE()) != 0;
    if (operation.kind() == Operation.Kind.SEND_FILE) {
      int end = files.completed(operation, result);
      if (end == FileTransfers.GOES_ON) {
        start(operation);
      } else {
        finish(operation, end);
      }
      return;
    }
    if (ledger.polling(operation.slot())) {
      ready(operation, result);
      return;
    }
    if (wouldBlock(operation, result)) {
      ledger.setPolling(operation.slot(), true);
      if (operation.kind() == Operation.Kind.SEND_GATHER) {
        gather.release(operation);
      }
      startAgain(operation);
      return;
    }
    switch (operation.kind()) {
      case RECEIVE_LOANED -> {
        if (ledger.multishot(operation.slot())) {
          received(operation, result, flags, more);
        } else {
          readyToReceive(operation, result);
        }
      }
      case ACCEPT -> accepted(operation, result, more);
      case SEND_ZERO_COPY -> sentWithoutCopy(operation, result, flags);
      case SEND_GATHER -> {
        gather.release(operation);
        finish(operation, result);
      }
      default -> finish(operation, result);
    }
  }

  /**
   * Whether the kernel did not wait because the descriptor is in non-blocking mode. A Unix socket
   * whose connection answers EAGAIN has met a full backlog, about which no poll says anything.
   */
  private static boolean wouldBlock(Operation operation, int result) {
    return switch (operation.kind()) {
      case RECEIVE, RECEIVE_LOANED, SEND, SEND_GATHER, ACCEPT -> result == -Linux.EAGAIN();
      case CONNECT -> result == -Linux.EINPROGRESS();
      case SEND_ZERO_COPY, SEND_FILE -> false; // they look after it themselves
      case AWAIT_READY, CLOSE -> false;
    };
  }

  /** The poll that stands for an operation on a descriptor in non-blocking mode has completed. */
  private void ready(Operation operation, int result) {
    if (result < 0) {
      finish(operation, result);
    } else if (operation.kind() == Operation.Kind.CONNECT) {
      connected(operation);
    } else {
      ledger.setPolling(operation.slot(), false);
      startAgain(operation);
    }
  }

  /** A second connect(2) tells what became of the first; see {@link LinuxCalls#connected}. */
  private void connected(Operation operation) {
    MemorySegment address = MemorySegment.ofAddress(operation.address());
    int result = libc.connect(operation.descriptor(), address, operation.length());
    if (result == -Linux.EALREADY()) {
      startAgain(operation);
    } else {
      finish(operation, result == -Linux.EISCONN() ? 0 : result);
    }
  }

  private void sentWithoutCopy(Operation operation, int result, int flags) {
    boolean plain = !ledger.multishot(operation.slot());
    if (!plain && !zeroCopySends.completed(operation, result, flags)) {
      return;
    }
    int sent = plain ? result : zeroCopySends.resultOf(operation);
    if (sent == -Linux.EAGAIN()) {
      ledger.setPolling(operation.slot(), true);
      startAgain(operation);
    } else if (!plain && zeroCopySends.refused(operation, sent)) {
      startAgain(operation);
    } else {
      finish(operation, sent);
    }
  }

  private void finish(Operation operation, int ending) {
    int result = ending;
    if (operation.kind() == Operation.Kind.SEND_FILE) {
      result = files.end(operation, ending);
    } else if (operation.kind() == Operation.Kind.SEND_ZERO_COPY) {
      zeroCopySends.forget(operation);
    }
    ledger.remove(operation.slot());
    operation.complete(
        result == -Linux.ECANCELED() ? Operation.CANCELED : result, false, null);
  }

  private void received(Operation operation, int result, int flags, boolean more) {
    if (result > 0) {
      operation.complete(result, true, buffers.filledByKernel(bufferId(flags), result));
      if (!more) {
        startAgain(operation);
      }
      return;
    }
    if ((flags & Linux.IORING_CQE_F_BUFFER()) != 0) {
      buffers.filledByKernel(bufferId(flags), 0).release(); // chosen by the kernel and then not filled
    }
    if (result == -Linux.ENOBUFS()) {
      buffers.ranDry();
      if (buffers.available()) {
        EngineWatcher.noBufferFor(operation, buffers.lent(), false);
        startAgain(operation);
      } else {
        starve(operation);
      }
    } else if (result == -Linux.EINVAL() && !receiveItselfIsInvalid(operation.descriptor())) {
      // This kernel has no multishot receive. From now on: poll, then receive.
      if (multishotReceive) {
        multishotReceive = false;
        buffers.chooseOurselves();
      }
      startAgain(operation);
    } else if (!more) {
      finish(operation, result);
    }
  }

  private static int bufferId(int flags) {
    return flags >>> Linux.IORING_CQE_BUFFER_SHIFT();
  }

  private boolean receiveItselfIsInvalid(int descriptor) {
    int peeked = libc.recv(descriptor, 0, 0, Linux.MSG_DONTWAIT() | Linux.MSG_PEEK());
    return peeked == -Linux.EINVAL();
  }

  /** Goes on with an operation that the kernel regards as ended and the owner does not. */
  private void startAgain(Operation operation) {
    if (operation.cancelRequested()) {
      // The cancellation found nothing to end: it had just ended by itself.
      withdrawn.add(operation);
    } else {
      start(operation);
    }
  }

  private void starve(Operation operation) {
    EngineWatcher.noBufferFor(operation, buffers.lent(), true);
    if (operation.cancelRequested()) {
      withdrawn.add(operation);
    } else {
      starved.add(operation);
    }
  }

  /** The poll of a poll-then-receive has completed. */
  private void readyToReceive(Operation operation, int result) {
    if (result < 0) {
      finish(operation, result);
      return;
    }
    ReceiveBuffers.@Nullable Buffer buffer = buffers.take();
    if (buffer == null) {
      starve(operation);
      return;
    }
    int received =
        libc.recv(
            operation.descriptor(),
            buffer.memory().address() + buffer.offset(),
            ReceiveBuffers.BUFFER_BYTES,
            Linux.MSG_DONTWAIT());
    if (received > 0) {
      buffer.filled(received);
      operation.complete(received, true, buffer);
      startAgain(operation);
      return;
    }
    buffer.release();
    if (received == -Linux.EAGAIN() || received == -Linux.EINTR()) {
      startAgain(operation);
    } else {
      finish(operation, received);
    }
  }

  private void accepted(Operation operation, int result, boolean more) {
    if (result >= 0) {
      operation.complete(result, true, null);
      if (!more) {
        startAgain(operation);
      }
    } else if (result == -Linux.EINVAL()
        && ledger.multishot(operation.slot())
        && calls.getOption(operation.descriptor(), SocketOption.ACCEPTING) == 1) {
      // The socket listens, so it is the multishot that this kernel does not know.
      multishotAccept = false;
      startAgain(operation);
    } else {
      finish(operation, result);
    }
  }

  // ---- the rest ----

  @Override
  public int operationsInFlight() {
    return ledger.size();
  }

  @Override
  public boolean sendsFiles() {
    return true;
  }

  @Override
  public boolean sendsZeroCopy() {
    return true;
  }

  @Override
  public boolean buffersAreScarce() {
    return buffers.areScarce();
  }

  @Override
  public int buffersLent() {
    return buffers.lent();
  }

  @Override
  public List<String> describe() {
    return IoUringDescription.of(
        ring, buffers, multishotReceive, multishotAccept, zeroCopySends);
  }

  @Override
  public void close() {
    closing = true;
    cancelAll();
    // The wake-up is read into memory of ours: it goes only after the kernel's last word on it.
    while (wakeArmed || ledger.size() > 0) {
      if (wakeArmed && ledger.size() == 0) {
        wake();
      }
      poll(FOREVER);
    }
    ring.close();
    files.close();
    libc.close(wakeDescriptor);
    arena.close();
  }
}
