package io.triad.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The engine for systems that tell when a descriptor is ready and leave the rest to the program:
 * try, wait, try again. What waits is a {@link Poller}, what tries are {@link NonBlockingCalls}.
 *
 * <p><b>A pass.</b> {@link #submit} only queues. {@link #poll} tries what is queued, once each, and
 * delivers; then it asks the poller and tries what has become ready. If trying brought something it
 * returns without asking: the tasks that now run will have more to try, and asking twice for them would
 * be once too often. It never does so twice in a row. So a message of a ping-pong costs three system
 * calls: await, receive, send.
 *
 * <p><b>Registrations.</b> Whoever finds nothing to do waits at the {@link Watch} of its descriptor.
 * The first one to wait there has the poller look at the descriptor: this registers it, or finds the
 * registration of another time, or finds that it is gone because the descriptor was closed and its
 * number given to another file. As long as somebody waits there the registration is good, because a
 * descriptor is not closed before the operations on it have been cancelled; so an operation costs one
 * such call at most, a stream one in all, and no state can be left over from an earlier file.
 *
 * <p><b>Edges.</b> The poller reports what has changed. So after a report, trying goes on until
 * nothing is left: until a call would have to wait, or, for TCP, until it did less than it was asked
 * to, which means the same and saves a call (epoll(7)). In the meantime others have their turns: a
 * request that could go on is queued again behind them.
 *
 * <pre>
 * where a request is      how it came there                   how it leaves
 * ───────────────────────────────────────────────────────────────────────────────────────────
 * turn                    submitted; more to do; cancelled    poll tries it, or ends it
 * a queue of its watch    would have to wait                  a report; cancelled → turn
 * starved                 no receive buffer                   one is free; cancelled → turn
 * none                    it is being tried                   ends, or any of the above
 * </pre>
 */
public final class ReadinessEngine implements Engine {
  /** The most receive buffers that a run has, 256 MiB in all. */
  public static final int MAX_RECEIVE_BUFFERS = 4096;

  /** How many connections a listener takes before it lets others have their turn. */
  private static final int ACCEPTS_PER_TURN = 64;

  private final Platform platform;
  private final NonBlockingCalls calls;
  private final Poller poller;
  private final Arena arena;
  private final List<String> reasons;
  private final ReceiveStock buffers;
  private final SendAttempts sends;
  private final NativeAddress address;
  private final RequestLedger ledger = new RequestLedger();
  private final WatchTable watches = new WatchTable();

  /** Who is to be tried. */
  private final RequestQueue turn = new RequestQueue();

  /** Receives that wait for a buffer to come back. */
  private final RequestQueue starved = new RequestQueue();

  private int stamps;
  private boolean anything;
  private boolean askedNobody;

  /**
   * Makes an engine.
   *
   * @param poller is closed with it
   * @param arena is closed with it, after the poller
   * @param maxReceiveBuffers how many receive buffers there may be
   * @param pages gives so many bytes of fresh memory of that arena
   * @param reasons the first lines of its description: what it is and why
   */
  public ReadinessEngine(
      Platform platform,
      Poller poller,
      Arena arena,
      int maxReceiveBuffers,
      LongFunction<MemorySegment> pages,
      List<String> reasons) {
    this.platform = platform;
    this.calls = platform.calls();
    this.poller = poller;
    this.arena = arena;
    this.reasons = reasons;
    buffers = new ReceiveStock(pages, maxReceiveBuffers);
    sends = new SendAttempts(calls, arena);
    address = new NativeAddress(arena);
  }

  // ---- submitting and cancelling ----

  @Override
  public void submit(Operation operation) {
    if (operation.inFlight()) {
      throw new IllegalStateException("submitted a second time: " + operation);
    }
    turn.add(ledger.enter(operation));
  }

  @Override
  public void cancel(Operation operation) {
    if (operation.inFlight() && !operation.cancelRequested()) {
      operation.markCancelRequested();
      Request request = ledger.of(operation);
      RequestQueue queue = request.queue;
      if (queue != null && queue != turn) {
        queue.remove(request);
        giveTurn(request);
      }
    }
  }

  @Override
  public void cancelAll() {
    for (int slot = 0; slot < ledger.slots(); slot++) {
      Request request = ledger.at(slot);
      if (!request.isFree()) {
        cancel(request.operation());
      }
    }
  }

  // ---- a pass ----

  @Override
  public boolean poll(long timeoutNanos) {
    anything = false;
    for (int n = Math.min(starved.size(), buffers.available()); n > 0; n--) {
      giveTurn(take(starved));
    }
    // What is added by their handlers is for the next pass, or none would end.
    for (int left = turn.size(); left > 0; left--) {
      takeTurn();
    }
    if (anything && !askedNobody) {
      askedNobody = true;
      return true;
    }
    askedNobody = false;
    int reports = poller.await(anything || !turn.isEmpty() ? 0 : timeoutNanos);
    for (int i = 0; i < reports; i++) {
      Watch watch = watches.find(poller.descriptor(i));
      if (watch != null && watch.users > 0 && watch.stamp == poller.stamp(i)) {
        ready(watch, poller.readiness(i));
      }
    }
    return anything || poller.woken();
  }

  private static Request take(RequestQueue queue) {
    Request request = queue.poll();
    assert request != null;
    return request;
  }

  private void giveTurn(Request request) {
    turn.add(request);
    if (request.watch != null) {
      request.watch.countTurn(request, 1);
    }
  }

  private void takeTurn() {
    Request request = take(turn);
    if (request.watch != null) {
      request.watch.countTurn(request, -1);
    }
    attempt(request);
  }

  @Override
  public void wake() {
    poller.wake();
  }

  // ---- waiting ----

  private void ready(Watch watch, int readiness) {
    watch.uneven |= (readiness & Poller.UNEVEN) != 0;
    if (!watch.onlookers.isEmpty()) {
      tellOnlookers(watch, readiness);
    }
    if ((readiness & Poller.READABLE) != 0) {
      attemptIfAny(watch.nextReceiver());
    }
    if ((readiness & Poller.WRITABLE) != 0) {
      attemptIfAny(watch.nextSender());
    }
  }

  private void attemptIfAny(@Nullable Request request) {
    if (request != null) {
      attempt(request);
    }
  }

  /** Those for whom it is not go to the end of the queue; their handlers may cancel one another. */
  private void tellOnlookers(Watch watch, int readiness) {
    for (int left = watch.onlookers.size(); left > 0; left--) {
      Request request = watch.onlookers.poll();
      if (request == null) {
        return;
      }
      int answer = readiness & request.operation().readiness();
      if (answer == 0) {
        watch.onlookers.add(request);
      } else {
        finish(request, answer);
      }
    }
  }

  /**
   * Has a request wait for its descriptor.
   *
   * @param exhausted whether it is known that there is nothing to do now; if not, the poller looks
   */
  private void await(Request request, boolean exhausted) {
    Operation operation = request.operation();
    Watch watch = request.watch;
    if (watch == null) {
      watch = watches.at(operation.descriptor());
    }
    int interest = Watch.interestOf(operation);
    if (watch.users == 0 || (watch.interest & interest) != interest || !exhausted) {
      int wanted = watch.users == 0 ? interest : watch.interest | interest;
      int stamp = nextStamp();
      int found = poller.watch(operation.descriptor(), stamp, wanted, watch.known);
      if (found < 0) {
        end(request, found);
        return;
      }
      if (found == Poller.ALWAYS_READY) {
        alwaysReady(request);
        return;
      }
      if (found == Poller.MADE && watch.users > 0) {
        // The file they waited for is gone, and they must be cancelled; the number is another's.
        watch = new Watch(operation.descriptor());
      }
      watches.keep(watch);
      watch.registered(stamp, wanted, found == Poller.MADE);
    }
    if (request.watch != watch) {
      request.watch = watch;
      watch.users++;
      watch.queueOf(request).add(request);
    } else if (isRepeating(operation)) {
      watch.queueOf(request).add(request); // it had its turn
    } else {
      watch.queueOf(request).addFirst(request); // it keeps its place
    }
  }

  private static boolean isRepeating(Operation operation) {
    return operation.kind() == Operation.Kind.RECEIVE_LOANED
        || operation.kind() == Operation.Kind.ACCEPT;
  }

  private int nextStamp() {
    stamps++;
    if (stamps == 0) {
      stamps++;
    }
    return stamps;
  }

  private void alwaysReady(Request request) {
    Operation operation = request.operation();
    if (operation.kind() == Operation.Kind.AWAIT_READY) {
      finish(request, operation.readiness());
    } else {
      giveTurn(request); // it could not be done, and now it can or fails: the other side has just gone
    }
  }

  /** It could go on: after the others. */
  private void goOn(Request request) {
    Watch watch = request.watch;
    Request waiting = watch == null ? null : watch.queueOf(request).poll();
    if (waiting == null || watch == null) {
      giveTurn(request);
    } else {
      watch.queueOf(request).add(request);
      giveTurn(waiting);
    }
  }

  // ---- trying ----

  private void attempt(Request request) {
    Operation operation = request.operation();
    if (operation.kind() == Operation.Kind.CLOSE) { // cancelled or not: somebody has to
      watches.forget(operation.descriptor());
      finish(request, platform.close(operation.descriptor()));
      return;
    }
    if (operation.cancelRequested()) {
      end(request, Operation.CANCELED);
      return;
    }
    if (request.watch == null) {
      Watch watch = watches.find(operation.descriptor());
      if (watch != null && watch.hasPredecessors(request)) {
        await(request, true);
        return;
      }
    }
    switch (operation.kind()) {
      case RECEIVE -> {
        int received =
            calls.receive(operation.descriptor(), operation.address(), operation.length(), 0);
        finishOrAwait(request, received);
      }
      case RECEIVE_LOANED -> receiveLoaned(request, operation);
      case SEND, SEND_GATHER, SEND_ZERO_COPY, SEND_FILE -> send(request, operation);
      case ACCEPT -> accept(request, operation);
      case CONNECT -> connect(request, operation);
      case AWAIT_READY -> await(request, false);
      case CLOSE -> throw new IllegalStateException("closed already: " + operation);
    }
  }

  private void finishOrAwait(Request request, int result) {
    if (result == NonBlockingCalls.AGAIN) {
      await(request, true);
    } else {
      finish(request, result);
    }
  }

  private void receiveLoaned(Request request, Operation operation) {
    ReceiveStock.Buffer buffer = buffers.take();
    if (buffer == null) {
      EngineWatcher.noBufferFor(operation, buffers.lent(), true);
      starved.add(request);
      return;
    }
    int received =
        calls.receive(operation.descriptor(), buffer.address(), ReceiveStock.BUFFER_BYTES, 0);
    if (received <= 0) {
      buffer.release();
      if (received == NonBlockingCalls.AGAIN && request.watch != null) {
        request.watch.uneven = false;
      }
      finishOrAwait(request, received);
      return;
    }
    buffer.filled(received);
    anything = true;
    operation.complete(received, true, buffer);
    Watch watch = request.watch;
    if (operation.cancelRequested()) {
      giveTurn(request);
    } else if (received == ReceiveStock.BUFFER_BYTES) {
      goOn(request);
    } else if (watch == null) {
      await(request, false);
    } else if (watch.shortMeansEmpty(platform)) {
      await(request, true);
    } else {
      goOn(request);
    }
  }

  private void send(Request request, Operation operation) {
    int result = sends.attempt(request, operation);
    if (result == SendAttempts.GO_ON) {
      giveTurn(request); // and keeps its place before other senders
    } else if (result == NonBlockingCalls.AGAIN) {
      await(request, true);
    } else {
      end(request, result);
    }
  }

  private void accept(Request request, Operation operation) {
    if (request.progress == 0) {
      request.progress = 1;
      int result = calls.setNonBlocking(operation.descriptor(), true);
      if (result < 0) {
        end(request, result);
        return;
      }
    }
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
      int accepted = calls.accept(operation.descriptor(), true, address);
      if (accepted < 0) {
        finishOrAwait(request, accepted);
        return;
      }
      watches.forget(accepted); // whatever had this number before, it is closed
      anything = true;
      operation.complete(accepted, true, null);
      if (operation.cancelRequested()) {
        giveTurn(request);
        return;
      }
    }
    goOn(request);
  }

  private void connect(Request request, Operation operation) {
    int descriptor = operation.descriptor();
    boolean begun = request.progress > 0;
    if (!begun) {
      int result = calls.setNonBlocking(descriptor, true);
      if (result < 0) {
        end(request, result);
        return;
      }
    }
    address.set(operation.address(), operation.length());
    request.progress = 1;
    int result =
        begun ? calls.connected(descriptor, address) : calls.connect(descriptor, address);
    if (result == NonBlockingCalls.AGAIN) {
      await(request, true);
    } else {
      finish(request, result);
    }
  }

  // ---- ending ----

  /**
   * Ends a request, perhaps before it is through: what a send has handed over counts for more than an
   * error or a cancellation, which whoever sends the rest will see.
   */
  private void end(Request request, int result) {
    boolean begun =
        request.progress > 0
            && switch (request.operation().kind()) {
              case SEND, SEND_GATHER, SEND_ZERO_COPY, SEND_FILE -> true;
              default -> false;
            };
    finish(request, begun ? request.progress : result);
  }

  private void finish(Request request, int result) {
    Watch watch = request.watch;
    if (watch != null) {
      watch.users--;
      Request successor =
          request.operation().kind() == Operation.Kind.AWAIT_READY
              ? null
              : watch.queueOf(request).poll();
      if (successor != null) {
        giveTurn(successor);
      }
    }
    anything = true;
    ledger.strike(request).complete(result, false, null);
  }

  // ---- the rest ----

  @Override
  public boolean wantsNonBlocking() {
    return true;
  }

  @Override
  public boolean sendsFiles() {
    return calls.sendsFiles();
  }

  @Override
  public <T> @Nullable T facility(Class<T> type) {
    return poller.facility(type);
  }

  @Override
  public int operationsInFlight() {
    return ledger.size();
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
    List<String> lines = new ArrayList<>(reasons);
    lines.addAll(poller.describe());
    lines.add(buffers.describe());
    return lines;
  }

  @Override
  public void close() {
    cancelAll();
    while (ledger.size() > 0) {
      poll(0);
    }
    poller.close();
    arena.close();
  }
}
