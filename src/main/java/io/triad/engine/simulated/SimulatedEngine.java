package io.triad.engine.simulated;

import io.triad.engine.Engine;
import io.triad.engine.Operation;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one run in a {@link World}. It starts what was submitted, lets the world go on, and
 * delivers what has come of it; the essay is with the world.
 */
final class SimulatedEngine implements Engine {
  private record Completion(
      Flight flight, int result, boolean more, ReceiveStock.@Nullable Buffer buffer) {}

  private final World world;
  private final Arena arena = Arena.ofShared();
  private final ReceiveStock buffers;
  private final List<@Nullable Flight> flights = new ArrayList<>();
  private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
  private final ArrayDeque<Flight> submitted = new ArrayDeque<>();
  private final Set<Flight> toProceed = new LinkedHashSet<>();
  private final ArrayDeque<Completion> completions = new ArrayDeque<>();
  private volatile Thread thread = Thread.currentThread();
  private volatile boolean woken;

  SimulatedEngine(World world) {
    this.world = world;
    buffers = new ReceiveStock(world, arena, world.conditions().receiveBuffers());
  }

  ReceiveStock buffers() {
    return buffers;
  }

  // ---- submitting and cancelling ----

  @Override
  public void submit(Operation operation) {
    if (operation.inFlight()) {
      throw new IllegalStateException("submitted a second time: " + operation);
    }
    world.enter();
    try {
      Flight flight = new Flight(world, this, operation);
      operation.enterLedger(slotFor(flight));
      world.note(() -> "submit " + flight);
      if (submitted.isEmpty() && world.happens(Mishap.EARLY_START)) {
        flight.start();
      } else {
        submitted.add(flight);
      }
    } finally {
      world.exit();
    }
  }

  private int slotFor(Flight flight) {
    Integer free = freeSlots.poll();
    if (free == null) {
      flights.add(flight);
      return flights.size() - 1;
    }
    flights.set(free, flight);
    return free;
  }

  @Override
  public void cancel(Operation operation) {
    if (!operation.inFlight() || operation.cancelRequested()) {
      return;
    }
    operation.markCancelRequested();
    world.enter();
    try {
      Flight flight = flights.get(operation.slot());
      assert flight != null;
      world.note(() -> "cancel " + flight);
      flight.cancel();
    } finally {
      world.exit();
    }
  }

  @Override
  public void cancelAll() {
    for (Flight flight : List.copyOf(inFlight())) {
      cancel(flight.operation());
    }
  }

  private List<Flight> inFlight() {
    List<Flight> all = new ArrayList<>();
    for (Flight flight : flights) {
      if (flight != null) {
        all.add(flight);
      }
    }
    return all;
  }

  // ---- what happens in the world ----

  /** An operation could go on, but the loop is to see first what has come of it. */
  void proceedInNextPass(Flight flight) {
    toProceed.add(flight);
  }

  /** Has a completion delivered: at once or late, but of one lane in order. */
  void report(
      Flight flight,
      Lane lane,
      int result,
      boolean more,
      ReceiveStock.@Nullable Buffer buffer) {
    Completion completion = new Completion(flight, result, more, buffer);
    long now = world.timeline().now();
    long late = world.happens(Mishap.LATE_COMPLETION) ? world.delay() : 0;
    long time = lane.reserve(now + late, now);
    if (time == 0) {
      arrived(completion);
    } else {
      world.timeline()
          .at(
              time,
              () -> {
                lane.reported();
                arrived(completion);
              });
    }
  }

  private void arrived(Completion completion) {
    completions.add(completion);
    lookAgain();
  }

  /** Whatever it sleeps for may have changed. */
  void lookAgain() {
    Thread waiter = thread;
    if (waiter != Thread.currentThread()) {
      LockSupport.unpark(waiter);
    }
  }

  // ---- waiting ----

  @Override
  public boolean poll(long timeoutNanos) {
    thread = Thread.currentThread();
    long deadline = world.takeDeadline();
    boolean idle = deadline != World.NOT_ASKED || timeoutNanos > 0;
    world.enter();
    try {
      begin();
      if (!idle) {
        world.passedBusily();
      }
    } finally {
      world.exit();
    }
    if (idle) {
      awaitSomething(timeoutNanos, deadline == World.NOT_ASKED ? FOREVER : deadline);
    }
    boolean wasWoken = woken;
    woken = false;
    boolean delivered = deliver();
    return delivered || wasWoken;
  }

  private void begin() {
    world.timeline().look();
    Flight flight;
    while ((flight = submitted.poll()) != null) {
      flight.start();
    }
    List<Flight> proceeding = List.copyOf(toProceed);
    toProceed.clear();
    proceeding.forEach(Flight::proceed);
    world.timeline().runDue();
  }

  private void awaitSomething(long timeoutNanos, long deadline) {
    long began = System.nanoTime();
    boolean interrupted = false;
    while (!woken) {
      long wait = timeoutNanos == FOREVER ? FOREVER : timeoutNanos - (System.nanoTime() - began);
      world.enter();
      try {
        if (hasSomething(timeoutNanos == FOREVER, deadline)) {
          break;
        }
        wait = Math.min(wait, untilNextEvent());
      } finally {
        world.exit();
      }
      if (wait <= 0) {
        break;
      }
      if (wait == FOREVER) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, wait);
      }
      interrupted |= Thread.interrupted(); // it would keep us from parking; not ours to act on
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Lets the world go on until there is something to deliver, or it can't without waiting.
   *
   * @param patient whether the network's own deadlines are to be waited for, too
   * @param deadline a virtual time that is not to be passed
   */
  private boolean hasSomething(boolean patient, long deadline) {
    Timeline timeline = world.timeline();
    timeline.look();
    timeline.runDue();
    while (completions.isEmpty()
        && timeline.isVirtual()
        && (patient ? timeline.next() != Timeline.NEVER : timeline.nextIsArrival())
        && timeline.next() <= deadline) {
      timeline.advanceTo(timeline.next());
      timeline.runDue();
    }
    return !completions.isEmpty();
  }

  private long untilNextEvent() {
    Timeline timeline = world.timeline();
    return timeline.isVirtual() || timeline.next() == Timeline.NEVER
        ? FOREVER
        : timeline.next() - timeline.now();
  }

  /** Delivers what is there now: what its handlers cause is for the next pass, or none would end. */
  private boolean deliver() {
    int count;
    world.enter();
    count = completions.size();
    world.exit();
    for (int i = 0; i < count; i++) {
      Completion completion = next();
      completion.flight
          .operation()
          .complete(completion.result, completion.more, completion.buffer);
    }
    return count > 0;
  }

  private Completion next() {
    world.enter();
    try {
      Completion completion = completions.remove();
      Flight flight = completion.flight;
      if (!completion.more) {
        int slot = flight.operation().slot();
        flights.set(slot, null);
        freeSlots.push(slot);
      }
      world.note(
          () -> "deliver " + flight + ": "
              + (completion.result == Operation.CANCELED ? "CANCELED" : completion.result));
      return completion;
    } finally {
      world.exit();
    }
  }

  @Override
  public boolean isQuiet() {
    world.enter();
    try {
      return submitted.isEmpty()
          && toProceed.isEmpty()
          && completions.isEmpty()
          && world.timeline().next() == Timeline.NEVER;
    } finally {
      world.exit();
    }
  }

  @Override
  public void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }

  // ---- the rest ----

  @Override
  public int operationsInFlight() {
    return flights.size() - freeSlots.size();
  }

  @Override
  public boolean buffersAreScarce() {
    return buffers.isScarce();
  }

  @Override
  public int buffersLent() {
    return buffers.lent();
  }

  @Override
  public List<String> describe() {
    return List.of(
        "engine: simulated, in memory, with "
            + (world.timeline().isVirtual() ? "virtual" : "real")
            + " time",
        buffers.describe());
  }

  @Override
  public void close() {
    while (operationsInFlight() > 0) {
      cancelAll();
      poll(FOREVER);
    }
    world.enter();
    world.remove(this);
    world.exit();
    arena.close();
  }
}
