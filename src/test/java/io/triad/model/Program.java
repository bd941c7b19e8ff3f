package io.triad.model;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.TooSlowException;
import io.triad.Triad;
import io.triad.loop.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One random program: what its walkers share, its beginning and its end. */
final class Program {
  private static final int CONNECTIONS = 2;
  private static final int ATTEMPTS = 5;

  private final Parts parts;
  private final SplittableRandom random;
  final List<ChannelModel> channels = new ArrayList<>();
  final List<Connection> connections = new ArrayList<>();
  final List<LockModel> locks = new ArrayList<>();

  /** Scopes that can be cancelled by anybody. */
  final List<ScopeModel> live = new ArrayList<>();

  private final int operations;

  /** Whether connections may be reset in this world. */
  final boolean resets;

  private int executed;
  private int walkers;

  /** The first violation; it may be hidden in a group, or come after a cancellation. */
  @Nullable Violation violation;

  Program(Parts parts, long seed, int operations, boolean resets) {
    this.parts = parts;
    this.resets = resets;
    this.random = new SplittableRandom(seed);
    this.operations = operations;
  }

  /** Runs it, as the main task of a run in a simulated world. */
  void run() throws Exception {
    for (int capacity : new int[] {0, 1, 3, Integer.MAX_VALUE}) {
      Parts.Ends ends = parts.channel(capacity);
      channels.add(new ChannelModel("channel of " + capacity, ends.sender(), ends.receiver()));
      locks.add(new LockModel());
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      connect(i);
    }
    ScopeModel root = new ScopeModel(null, new CancelScope(), false, ScopeModel.NEVER);
    Walker walker = walker(random.split(), root);
    while (executed < operations) {
      walker.nursery();
    }
    end();
  }

  private void connect(int number) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Triad.failAfter(
            Duration.ofMinutes(1),
            () -> {
              connections.add(Connection.open(parts, number));
            });
        return;
      } catch (IOException | TooSlowException e) {
        // The world refuses, which it may; the next attempt may be let through.
      }
    }
  }

  private void end() throws Exception {
    if (!live.isEmpty()) {
      throw new Violation(live.size() + " scopes were not left");
    }
    for (Connection connection : connections) {
      connection.end();
    }
    for (ChannelModel channel : channels) {
      Nursery.open(
          nursery -> {
            nursery.startSoon(() -> channel.receiver.forEach(item -> channel.received(-1, item)));
            channel.sender.close();
          });
      channel.checkEnd();
      channel.receiver.close();
    }
    Loop loop = Loop.requireFiber().loop();
    if (loop.platform().openDescriptors() != 0) {
      throw new Violation(loop.platform().openDescriptors() + " descriptors are open");
    }
    if (loop.engine().operationsInFlight() != 0 || loop.engine().buffersLent() != 0) {
      throw new Violation(
          loop.engine().operationsInFlight() + " operations are in flight, "
              + loop.engine().buffersLent() + " receive buffers are lent");
    }
    if (loop.fiberCount() != 1) {
      throw new Violation("tasks are left: " + loop.fibers());
    }
  }

  Walker walker(SplittableRandom ownRandom, ScopeModel scope) {
    return new Walker(this, walkers++, ownRandom, scope);
  }

  /** Counts an operation; false if the program has had its share. */
  boolean takeOperation() {
    return executed++ < operations;
  }

  int executed() {
    return executed;
  }

  static long now() {
    return Triad.currentTime().toNanos();
  }

  /** Keeps the first one. */
  Violation violated(String message) {
    Violation found = new Violation(message);
    if (violation == null) {
      violation = found;
    }
    return found;
  }
}
