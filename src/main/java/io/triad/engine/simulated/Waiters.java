package io.triad.engine.simulated;

import io.triad.engine.Operation.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The operations that wait on one socket. In each direction one after the other. */
final class Waiters {
  private final ArrayDeque<Flight> receiving = new ArrayDeque<>(1);
  private final ArrayDeque<Flight> sending = new ArrayDeque<>(1);
  private final List<Flight> others = new ArrayList<>(1);
  private final Lane receiveLane = new Lane();
  private final Lane sendLane = new Lane();

  Lane laneOf(Kind kind) {
    return switch (kind) {
      case RECEIVE, RECEIVE_LOANED -> receiveLane;
      case SEND, SEND_GATHER -> sendLane;
      default -> new Lane();
    };
  }

  /** Adds one; answers whether it is its turn already. */
  boolean add(Flight flight) {
    return switch (flight.kind()) {
      case RECEIVE, RECEIVE_LOANED -> receiving.add(flight) && receiving.size() == 1;
      case SEND, SEND_GATHER -> sending.add(flight) && sending.size() == 1;
      default -> others.add(flight);
    };
  }

  void remove(Flight flight) {
    if (!receiving.remove(flight) && !sending.remove(flight)) {
      others.remove(flight);
    }
  }

  /** Whoever waits looks again. */
  void proceed() {
    for (Flight flight : List.copyOf(others)) {
      flight.proceed();
    }
    proceed(receiving);
    proceed(sending);
  }

  /** In their order, until one has to go on waiting: of one stream nothing overtakes. */
  private static void proceed(ArrayDeque<Flight> queue) {
    while (!queue.isEmpty() && queue.element().proceed()) {
      // the next one
    }
  }
}
