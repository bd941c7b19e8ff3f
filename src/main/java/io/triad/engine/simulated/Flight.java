package io.triad.engine.simulated;

import io.triad.engine.EngineWatcher;
import io.triad.engine.Operation;
import io.triad.engine.Operation.Kind;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation from its submission to its final completion.
 *
 * <pre>
 * state      goes to    when
 * ──────────────────────────────────────────────────────────────────────────────────────────────
 * SUBMITTED  WAITING    the next poll starts it, or at once by chance; it finds its socket
 *            DECIDED    it is cancelled before that
 * WAITING    WAITING    it makes some progress: several completions, or a part of the bytes
 *            DECIDED    it has its result; or it is cancelled, with what was done until then
 * DECIDED    (over)     the engine delivers the final completion; a cancellation comes too late
 * </pre>
 */
final class Flight {
  /** So many completions of one operation are made until the loop has seen them. */
  private static final int COMPLETIONS_PER_PASS = 4;

  private enum State {
    SUBMITTED, WAITING, DECIDED
  }

  private final World world;
  private final SimulatedEngine engine;
  private final Operation operation;
  private final Kind kind;
  private State state = State.SUBMITTED;
  private @Nullable OpenSocket socket;
  private Lane lane = new Lane();
  private int done;

  /** It has data and has waited for a buffer since an earlier pass. */
  private boolean starving;

  Flight(World world, SimulatedEngine engine, Operation operation) {
    this.world = world;
    this.engine = engine;
    this.operation = operation;
    this.kind = operation.kind();
  }

  Kind kind() {
    return kind;
  }

  Operation operation() {
    return operation;
  }

  /** The system takes it. */
  void start() {
    if (state != State.SUBMITTED) {
      return;
    }
    state = State.WAITING;
    int descriptor = operation.descriptor();
    if (kind == Kind.CLOSE) {
      decide(world.closeDescriptor(descriptor));
      return;
    }
    OpenSocket found = world.descriptors().get(descriptor);
    if (found == null) {
      decide(Errno.EBADF.negated());
      return;
    }
    socket = found;
    found.hold(); // a socket lives as long as an operation on it
    lane = found.waiters().laneOf(kind);
    if (found.waiters().add(this)) {
      proceed();
    }
  }

  /** Does what can be done now; answers whether it is decided. */
  boolean proceed() {
    if (state != State.WAITING) {
      return state == State.DECIDED;
    }
    OpenSocket on = socket;
    assert on != null;
    switch (kind) {
      case RECEIVE -> receive(on);
      case RECEIVE_LOANED -> {
        if (on instanceof StreamSocket stream) {
          receiveLoaned(stream);
        } else {
          decide(Errno.EOPNOTSUPP.negated()); // datagrams are received by calls
        }
      }
      case SEND, SEND_GATHER -> {
        if (on instanceof StreamSocket stream) {
          send(stream);
        } else {
          decideUnlessLater(on.send(ranges(), MemorySegment.NULL, 0, List.of()));
        }
      }
      case ACCEPT -> accept(on);
      case CONNECT -> connect(on);
      case AWAIT_READY -> {
        int ready = on.readiness() & operation.readiness();
        if (ready != 0) {
          decide(ready);
        }
      }
      case CLOSE -> throw new AssertionError("closing does not wait");
      case SEND_FILE, SEND_ZERO_COPY ->
          throw new AssertionError("this engine says that it does not know " + kind);
    }
    return state == State.DECIDED;
  }

  private void receive(OpenSocket on) {
    if (operation.length() == 0 && on instanceof StreamSocket) {
      decide(0);
    } else {
      decideUnlessLater(
          on.receive(Ranges.of(operation.address(), operation.length()), 0).withoutRights());
    }
  }

  private void receiveLoaned(StreamSocket on) {
    for (int i = 0; i < COMPLETIONS_PER_PASS && on.available() > 0; i++) {
      if (world.happens(Mishap.NO_RECEIVE_BUFFER)) {
        world.note(() -> "no buffer for " + this);
        EngineWatcher.noBufferFor(operation, engine.buffersLent(), false);
        world.timeline().after(1 + world.delay(), this::proceed);
        return;
      }
      ReceiveStock.Buffer buffer = engine.buffers().take();
      if (buffer == null) {
        if (!starving) {
          starving = true;
          EngineWatcher.noBufferFor(operation, engine.buffersLent(), true);
        }
        break;
      }
      starving = false;
      int part = world.partOf(Math.min(on.available(), ReceiveStock.BUFFER_BYTES));
      on.take(buffer.memory().address(), part);
      buffer.filled(part);
      engine.report(this, lane, part, true, buffer);
    }
    if (on.available() > 0) {
      engine.proceedInNextPass(this); // when the loop has had a look, and given buffers back
    } else {
      decideUnlessLater(on.whyNothing());
    }
  }

  private Ranges ranges() {
    return kind == Kind.SEND
        ? Ranges.of(operation.address(), operation.length())
        : Ranges.of(operation);
  }

  private void send(StreamSocket on) {
    int wanted = wanted();
    if (done == 0 && wanted > 0) {
      wanted = world.partOf(wanted);
    }
    while (done < wanted) {
      int taken = sendRange(on, wanted - done);
      if (taken == OpenSocket.LATER) {
        return;
      }
      if (taken < 0) {
        decide(done > 0 ? done : taken); // the error shows again with the next one
        return;
      }
      done += taken;
    }
    decide(done);
  }

  private int wanted() {
    if (kind == Kind.SEND) {
      return operation.length();
    }
    long total = 0;
    for (int i = 0; i < operation.count(); i++) {
      total += operation.lengthOf(i);
    }
    return (int) Math.min(total, Integer.MAX_VALUE);
  }

  /** Sends from where it had come to, in the range that holds that place. */
  private int sendRange(StreamSocket on, int most) {
    if (kind == Kind.SEND) {
      return on.put(operation.address() + done, most);
    }
    int range = 0;
    int offset = done;
    while (offset >= operation.lengthOf(range)) {
      offset -= operation.lengthOf(range++);
    }
    return on.put(
        operation.addressOf(range) + offset, Math.min(most, operation.lengthOf(range) - offset));
  }

  private void accept(OpenSocket on) {
    for (int i = 0; i < COMPLETIONS_PER_PASS; i++) {
      int result = on.accept();
      if (result < 0) {
        decideUnlessLater(result);
        return;
      }
      engine.report(this, lane, result, true, null);
    }
    engine.proceedInNextPass(this);
  }

  private void connect(OpenSocket on) {
    if (done == 0) {
      done = 1; // from now on it waits for the outcome
      MemorySegment address =
          MemorySegment.ofAddress(operation.address()).reinterpret(operation.length());
      int result = on.connect(address, operation.length());
      if (result == Errno.EAGAIN.negated()) {
        decideUnlessLater(on.connectOutcome()); // a Unix socket whose listener has no room: it waits
      } else {
        decideUnlessLater(result);
      }
    } else {
      decideUnlessLater(on.connectOutcome());
    }
  }

  // ---- the end ----

  /** Somebody wants it to end. */
  void cancel() {
    if (state == State.DECIDED) {
      return;
    }
    if (state == State.WAITING && world.happens(Mishap.LATE_CANCELLATION)) {
      world.timeline().after(world.delay(), this::cancelNow);
    } else {
      cancelNow();
    }
  }

  private void cancelNow() {
    if (state != State.DECIDED) {
      boolean transfer = kind == Kind.SEND || kind == Kind.SEND_GATHER;
      decide(transfer && done > 0 ? done : Operation.CANCELED);
    }
  }

  private void decideUnlessLater(int result) {
    if (result != OpenSocket.LATER) {
      decide(result);
    }
  }

  private void decide(int result) {
    state = State.DECIDED;
    engine.report(this, lane, result, false, null);
    OpenSocket on = socket;
    if (on != null) {
      on.waiters().remove(this);
      on.drop();
    }
  }

  @Override
  public String toString() {
    return kind + " on " + operation.descriptor();
  }
}
