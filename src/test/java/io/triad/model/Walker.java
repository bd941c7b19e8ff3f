package io.triad.model;

import io.triad.BrokenResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.PartialResult;
import io.triad.Triad;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task of a random program: does one thing after the other, and compares. */
final class Walker {
  private static final int MOST_STEPS = 30;
  private static final int DEEPEST = 6;
  private static final int LARGEST_MESSAGE = 6000;
  private static final long LONGEST_TIMEOUT_NANOS = 20_000_000;

  private final Program program;
  private final int id;
  private final SplittableRandom random;
  private ScopeModel scope;
  private int depth;

  /** Something that a walker does. */
  private interface Step {
    void run() throws Exception;
  }

  Walker(Program program, int id, SplittableRandom random, ScopeModel scope) {
    this.program = program;
    this.id = id;
    this.random = random;
    this.scope = scope;
  }

  private void walk() throws Exception {
    for (int left = random.nextInt(MOST_STEPS); left > 0 && program.takeOperation(); left--) {
      step();
    }
  }

  private void step() throws Exception {
    int choice = random.nextInt(100);
    if (choice < 12) {
      guarded(() -> run(Triad::checkpoint));
    } else if (choice < 18) {
      sleep();
    } else if (choice < 34) {
      withTimeout(this::sendItem);
    } else if (choice < 50) {
      withTimeout(this::receiveItem);
    } else if (choice < 63) {
      withTimeout(this::sendBytes);
    } else if (choice < 76) {
      withTimeout(this::receiveBytes);
    } else if (choice < 84) {
      withTimeout(this::lock);
    } else if (choice < 89) {
      inScope(random.nextInt(4) == 0, random.nextInt(3) == 0 ? -1 : timeout(), this::walk);
    } else if (choice < 94) {
      nursery();
    } else if (choice < 98) {
      cancelSomething();
    } else {
      throw new PlannedFailure("by walker " + id);
    }
  }

  private static @Nullable Object run(Step step) throws Exception {
    step.run();
    return null;
  }

  private long timeout() {
    return random.nextLong(LONGEST_TIMEOUT_NANOS);
  }

  // ---- cancellation ----

  /** Does something that may block: it must throw if it is cancelled, and only then. */
  private <T> T guarded(Callable<T> operation) throws Exception {
    boolean mustThrow = scope.mustThrow(Program.now());
    T result;
    try {
      result = operation.call();
    } catch (Cancelled cancelled) {
      if (!scope.mayThrow(Program.now())) {
        throw program.violated(this + " got a cancellation that nobody asked for: " + cancelled);
      }
      throw cancelled;
    }
    if (mustThrow) {
      throw program.violated(this + " is cancelled, and the operation succeeded");
    }
    return result;
  }

  private void cancelSomething() {
    if (!program.live.isEmpty()) {
      program.live.get(random.nextInt(program.live.size())).cancel();
    }
  }

  private void withTimeout(Step body) throws Exception {
    inScope(false, timeout(), body);
  }

  private void inScope(boolean shield, long timeoutNanos, Step body) throws Exception {
    if (depth > DEEPEST) {
      return;
    }
    CancelScope real = new CancelScope().setShield(shield);
    long deadline = ScopeModel.NEVER;
    if (timeoutNanos >= 0) {
      deadline = Program.now() + timeoutNanos;
      real.setTimeout(Duration.ofNanos(timeoutNanos));
    }
    ScopeModel outer = scope;
    ScopeModel model = new ScopeModel(outer, real, shield, deadline);
    boolean[] cancelledInside = new boolean[1];
    enter(model);
    try {
      real.enter(
          _ -> {
            try {
              body.run();
            } catch (Cancelled cancelled) {
              cancelledInside[0] = true;
              throw cancelled;
            }
          });
      if (cancelledInside[0] && model.reachedFromOutside(Program.now(), false)) {
        throw program.violated(this + ": a scope swallowed a cancellation from outside");
      }
      if (cancelledInside[0] != real.cancelledCaught()) {
        throw program.violated(this + ": cancelledCaught is " + real.cancelledCaught());
      }
    } catch (Cancelled cancelled) {
      if (!model.reachedFromOutside(Program.now(), true)) {
        throw program.violated(this + ": a scope let its own cancellation pass");
      }
      throw cancelled;
    } finally {
      leave(model, outer);
    }
  }

  private void enter(ScopeModel model) {
    scope = model;
    depth++;
    program.live.add(model);
  }

  private void leave(ScopeModel model, ScopeModel outer) {
    program.live.remove(model);
    depth--;
    scope = outer;
  }

  // ---- nurseries ----

  /** Opens a nursery with some walkers, and walks as well; every failure must be reported. */
  void nursery() throws Exception {
    if (depth > DEEPEST) {
      return;
    }
    ScopeModel outer = scope;
    ScopeModel[] made = new ScopeModel[1];
    try {
      Nursery.open(
          nursery -> {
            ScopeModel model =
                new ScopeModel(outer, nursery.cancelScope(), false, ScopeModel.NEVER);
            made[0] = model;
            enter(model);
            for (int children = random.nextInt(4); children > 0; children--) {
              Walker child = program.walker(random.split(), model);
              child.depth = depth;
              nursery.startSoon(child.toString(), () -> reporting(model, child::walk));
            }
            reporting(model, this::walk);
          });
      checkFailures(made[0], Set.of());
    } catch (ExceptionGroup group) {
      checkFailures(made[0], leavesOf(group));
    } catch (Cancelled cancelled) {
      checkFailures(made[0], Set.of());
      if (!made[0].reachedFromOutside(Program.now(), true)) {
        throw program.violated(this + ": a nursery let its own cancellation pass");
      }
      throw cancelled;
    } finally {
      leave(made[0], outer);
    }
  }

  private static void reporting(ScopeModel model, Step body) throws Exception {
    try {
      body.run();
    } catch (PlannedFailure failure) {
      model.failures.add(failure);
      model.willBeCancelled();
      throw failure;
    } catch (Cancelled cancelled) {
      throw cancelled;
    } catch (Throwable unplanned) {
      model.willBeCancelled();
      throw unplanned;
    }
  }

  private Set<Throwable> leavesOf(ExceptionGroup group) {
    Set<Throwable> leaves = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable each : group.exceptions()) {
      if (each instanceof PlannedFailure) {
        leaves.add(each);
      } else if (!(each instanceof Cancelled)) {
        throw group; // a violation, or an error that is none of ours
      }
    }
    return leaves;
  }

  private void checkFailures(ScopeModel model, Set<Throwable> reported) {
    Set<Throwable> expected = Collections.newSetFromMap(new IdentityHashMap<>());
    expected.addAll(model.failures);
    if (!expected.equals(reported)) {
      throw program.violated(
          this + ": " + expected.size() + " tasks failed, reported are " + reported);
    }
  }

  // ---- what there is to do ----

  private void sleep() throws Exception {
    long nanos = random.nextLong(LONGEST_TIMEOUT_NANOS / 4);
    long end = Program.now() + nanos;
    guarded(() -> run(() -> Triad.sleep(Duration.ofNanos(nanos))));
    if (Program.now() < end) {
      throw program.violated(this + " woke too early");
    }
  }

  private ChannelModel channel() {
    return program.channels.get(random.nextInt(program.channels.size()));
  }

  private void sendItem() throws Exception {
    ChannelModel channel = channel();
    ChannelModel.Item item = channel.next(id);
    boolean success = false;
    try {
      guarded(() -> run(() -> channel.sender.send(item)));
      success = true;
    } finally {
      channel.settled(item, success);
    }
  }

  private void receiveItem() throws Exception {
    ChannelModel channel = channel();
    channel.received(id, guarded(channel.receiver::receive));
  }

  private void lock() throws Exception {
    LockModel model = program.locks.get(random.nextInt(program.locks.size()));
    if (model.heldBy(this)) {
      return;
    }
    model.asked(this);
    try {
      guarded(() -> run(model.lock::acquire));
    } catch (Cancelled cancelled) {
      model.gaveUp(this);
      throw cancelled;
    }
    model.acquired(this);
    try {
      walk();
    } finally {
      model.released(this);
      model.lock.release();
    }
  }

  private @Nullable Connection connection() {
    return program.connections.isEmpty()
        ? null
        : program.connections.get(random.nextInt(program.connections.size()));
  }

  private void sendBytes() throws Exception {
    Connection connection = connection();
    if (connection == null) {
      return;
    }
    DirectionModel direction = random.nextBoolean() ? connection.up() : connection.down();
    if (direction.senderBusy || direction.broken) {
      return;
    }
    direction.senderBusy = true;
    byte[] bytes = direction.next(1 + random.nextInt(LARGEST_MESSAGE));
    try {
      guarded(() -> run(() -> connection.senderOf(direction).sendAll(bytes)));
      direction.accepted(bytes.length);
    } catch (Cancelled | BrokenResourceException failed) {
      OptionalLong accepted = PartialResult.of(failed);
      if (accepted.isEmpty()) {
        throw program.violated(this + ": nobody says how much was sent: " + failed);
      }
      direction.accepted(accepted.getAsLong());
      if (failed instanceof Cancelled cancelled) {
        throw cancelled;
      }
      direction.broken = true;
    } finally {
      direction.senderBusy = false;
    }
  }

  private void receiveBytes() throws Exception {
    Connection connection = connection();
    if (connection == null) {
      return;
    }
    DirectionModel direction = random.nextBoolean() ? connection.up() : connection.down();
    if (direction.receiverBusy || direction.broken) {
      return;
    }
    direction.receiverBusy = true;
    try {
      int most = 1 + random.nextInt(LARGEST_MESSAGE);
      byte[] bytes = guarded(() -> connection.receiverOf(direction).receiveSome(most));
      if (bytes.length == 0 && !connection.up().broken && !connection.down().broken) {
        // A reset is told once: to a send that is in flight, and then the receiver finds the end.
        if (!program.resets || !connection.opposite(direction).senderBusy) {
          throw program.violated(this + ": the end of a stream that nobody ended");
        }
        direction.broken = true;
      }
      direction.received(bytes);
    } catch (BrokenResourceException broken) {
      direction.broken = true;
    } finally {
      direction.receiverBusy = false;
    }
  }

  @Override
  public String toString() {
    return "walker " + id;
  }
}
