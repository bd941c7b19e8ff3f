package io.triad.platform.windows;

import io.triad.engine.CompletionPort;
import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.ReceiveStock;
import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.PortFunctions;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine on an I/O completion port of Windows.
 *
 * <p><b>An operation is one overlapped call,</b> made when it is submitted, and its end is a packet in
 * the port, which {@link #poll} takes out with others. Its {@link Overlapped} carries the slot of the
 * operation, so a packet finds its operation without a search.
 *
 * <p><b>Three ways to end.</b> A call may go on (ERROR_IO_PENDING): a packet comes. It may fail at
 * once: none does. It may succeed at once: one comes all the same, unless the socket was told to save
 * it, which is done where the system allows it. What ends without a packet waits in {@code turn} for
 * the next poll, because nothing is delivered by anything else.
 *
 * <pre>
 * where a block is        how it came there                     how it leaves
 * ───────────────────────────────────────────────────────────────────────────────────────────
 * the kernel (pending)    a call goes on                        its packet, and nothing else
 * turn                    ended at once; a buffer is free;      poll completes it
 *                         more to receive; cancelled, starved
 * starved                 no receive buffer                     one is free; cancelled → turn
 * </pre>
 *
 * <p><b>Cancelling</b> is CancelIoEx on the one OVERLAPPED, and then waiting for the packet, which
 * tells whether it came too late.
 *
 * <p>How each kind of operation begins is in {@link OverlappedCalls}; what is more than one call has a
 * class of its own, {@link LoanedReceives}, {@link Acceptor} and {@link ReadinessPolls}. Which sockets
 * belong to the port is in {@link Associations}.
 */
final class IocpEngine implements Engine {
  /** The most receive buffers that a run has, 256 MiB in all. */
  static final int MAX_RECEIVE_BUFFERS = 4096;

  private static final long MILLI_NANOS = 1_000_000;

  private final PortCalls calls;
  private final Arena arena;
  private final CompletionQueue queue;
  private final OverlappedBlocks blocks;
  private final Associations associations;
  private final ReadinessPolls polls;
  private final OverlappedCalls starts;
  private final Cancellations cancellations;
  private final ReceiveStock buffers;
  private final LoanedReceives receives;
  private final HandlePackets handles;

  /** What is to be completed by the next poll. */
  private final ArrayDeque<Overlapped> turn = new ArrayDeque<>();

  private boolean anything;
  private boolean askedNobody;

  /** Opens one on the kernel of Windows. */
  static Engine open() {
    Arena arena = Arena.ofShared();
    try {
      return new IocpEngine(new PortFunctions(arena), arena, MAX_RECEIVE_BUFFERS);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Makes one.
   *
   * @param arena is closed with it
   * @param maxReceiveBuffers how many receive buffers there may be
   */
  IocpEngine(PortCalls calls, Arena arena, int maxReceiveBuffers) {
    this.calls = calls;
    this.arena = arena;
    int port = calls.createPort();
    if (port < 0) {
      throw new EngineUnavailableException(
          "CreateIoCompletionPort failed with error " + -port
              + ": this process has used up its memory or its handles");
    }
    queue = new CompletionQueue(calls, arena, port);
    blocks = new OverlappedBlocks(arena);
    associations = new Associations(calls, port);
    polls = new ReadinessPolls(calls, port);
    starts = new OverlappedCalls(calls, arena, associations);
    cancellations = new Cancellations(calls);
    buffers = new ReceiveStock(bytes -> calls.pages(arena, bytes), maxReceiveBuffers);
    receives = new LoanedReceives(this, starts, buffers);
    handles = new HandlePackets(calls, port);
  }

  // ---- submitting ----

  @Override
  public void submit(Operation operation) {
    if (operation.inFlight()) {
      throw new IllegalStateException("submitted a second time: " + operation);
    }
    switch (operation.kind()) {
      case AWAIT_READY -> {
        int base = polls.beneath(operation.descriptor()); // refused before it is in flight
        Overlapped block = blocks.enter(operation);
        startedPoll(block, base < 0 ? base : polls.poll(block, base));
      }
      case ACCEPT -> accept(blocks.enter(operation));
      case RECEIVE_LOANED -> receives.probe(blocks.enter(operation));
      case CLOSE -> endedAtOnce(blocks.enter(operation), starts.close(operation.descriptor()));
      default -> {
        Overlapped block = blocks.enter(operation);
        started(block, starts.call(block));
      }
    }
  }

  /** Notes how a call on a socket has begun; and perhaps has ended. */
  void started(Overlapped block, int answer) {
    if (answer == PortCalls.PENDING) {
      int socket = block.operation().descriptor();
      block.pending = true;
      block.handle = socket;
      block.association = associations.of(socket);
      block.association.users++;
    } else {
      endedAtOnce(block, answer);
    }
  }

  private void startedPoll(Overlapped block, int answer) {
    if (answer == PortCalls.PENDING) {
      block.pending = true;
    } else {
      endedAtOnce(block, answer);
    }
  }

  private void endedAtOnce(Overlapped block, int result) {
    block.result = result;
    giveTurn(block);
  }

  /** Has the next poll go on with a block. */
  void giveTurn(Overlapped block) {
    turn.add(block);
  }

  private void accept(Overlapped own) {
    int family = starts.listener(own.operation().descriptor());
    int result = family;
    if (family >= 0) {
      Acceptor acceptor =
          new Acceptor(this, calls, blocks, starts, cancellations, own, family);
      own.acceptor = acceptor;
      result = acceptor.begin();
    }
    if (result != PortCalls.PENDING) {
      own.acceptor = null;
      endedAtOnce(own, result);
    }
  }

  // ---- cancelling ----

  @Override
  public void cancel(Operation operation) {
    if (!operation.inFlight() || operation.cancelRequested()) {
      return;
    }
    operation.markCancelRequested();
    Overlapped block = blocks.of(operation);
    if (block.acceptor != null) {
      block.acceptor.cancel();
    } else if (receives.withdraw(block)) {
      giveTurn(block);
    } else {
      cancellations.ask(block);
    }
  }

  @Override
  public void cancelAll() {
    blocks.forEachOperation(this::cancel);
    handles.cancelAll();
  }

  // ---- a pass ----

  /**
   * If something had ended at once and was delivered, the port is not asked: the tasks that now run
   * will have more to do, and then is the time to ask. But it never goes unasked twice in a row.
   */
  @Override
  public boolean poll(long timeoutNanos) {
    anything = false;
    receives.feed();
    // What is added by their handlers is for the next pass, or none would end.
    for (int left = turn.size(); left > 0; left--) {
      Overlapped block = turn.remove();
      completed(block, block.result);
    }
    if (anything && !askedNobody) {
      askedNobody = true;
      return true;
    }
    askedNobody = false;
    long patience = cancellations.askAgain() ? Math.min(timeoutNanos, MILLI_NANOS) : timeoutNanos;
    int packets = queue.take(anything || !turn.isEmpty() ? 0 : patience);
    for (int i = 0; i < packets; i++) {
      long key = queue.key(i);
      if (key == Associations.KEY) {
        packet(blocks.at(queue.overlapped(i)), queue.bytes(i));
      } else if (key != CompletionQueue.WAKE_KEY) {
        handles.packet(key, queue.overlapped(i), queue.bytes(i));
      }
    }
    return anything || packets > 0;
  }

  @Override
  public void wake() {
    queue.wake();
  }

  private void packet(Overlapped block, int bytes) {
    if (!block.pending) {
      throw new IllegalStateException("the kernel completed block " + block.index + " twice");
    }
    block.pending = false;
    block.leave();
    cancellations.ended(block);
    int status = Overlapped.statusAt(block.address);
    Operation operation = block.operation();
    completed(
        block,
        operation.kind() == Operation.Kind.AWAIT_READY
            ? polls.result(block, status)
            : Statuses.result(calls, operation, status, bytes));
  }

  private void completed(Overlapped block, int result) {
    Operation operation = block.operation();
    switch (block.step) {
      case WHOLE -> finish(block, starts.ended(block, result));
      case ACCEPT -> acceptorOf(operation).completed(block, result);
      case PROBE -> receives.probed(block, result);
      case FILL_NEXT -> receives.fill(block);
      case FILL -> receives.filled(block, result);
    }
  }

  private Acceptor acceptorOf(Operation operation) {
    Acceptor acceptor = blocks.of(operation).acceptor;
    assert acceptor != null;
    return acceptor;
  }

  /** A connection for an operation that goes on accepting. */
  void accepted(Operation operation, int socket) {
    associations.forget(socket); // whatever had this number before, it is closed
    deliver(operation, socket, null);
  }

  /** Tells of something after which more will follow. */
  void deliver(Operation operation, int result, @Nullable LoanedBuffer buffer) {
    anything = true;
    operation.complete(result, true, buffer);
  }

  /** Ends an operation. */
  void finish(Overlapped block, int result) {
    Operation operation = block.operation();
    anything = true;
    blocks.strike(block);
    operation.complete(result, false, null);
  }

  // ---- the rest ----

  @Override
  public boolean wantsNonBlocking() {
    return true; // for the calls beside it: overlapped ones do not care
  }

  @Override
  public boolean sendsFiles() {
    return true;
  }

  @Override
  public <T> @Nullable T facility(Class<T> type) {
    return type == CompletionPort.class ? type.cast(handles) : null;
  }

  @Override
  public int operationsInFlight() {
    return blocks.operations() + handles.waiting();
  }

  @Override
  public int buffersLent() {
    return buffers.lent();
  }

  @Override
  public boolean buffersAreScarce() {
    return buffers.isScarce();
  }

  @Override
  public List<String> describe() {
    return List.of(
        "engine: IOCP, because it is what this system has",
        "receive: of no bytes until there are some, then into a buffer",
        buffers.describe(),
        associations.describe());
  }

  @Override
  public void close() {
    cancelAll();
    while (operationsInFlight() > 0) {
      poll(FOREVER);
    }
    polls.close();
    queue.close();
    arena.close();
  }
}
