package io.triad;

import io.triad.engine.EngineWatcher;
import io.triad.engine.Operation;
import io.triad.engine.OperationWatcher;
import org.jspecify.annotations.Nullable;

/** Makes events of what engines tell; called by the threads of all runs. */
final class FlightEngineWatcher extends EngineWatcher {
  private final boolean operations;

  /**
   * Makes a watcher.
   *
   * @param operations whether it wants to know about every operation
   */
  FlightEngineWatcher(boolean operations) {
    this.operations = operations;
  }

  @Override
  protected @Nullable OperationWatcher submitted(Operation operation) {
    if (!operations) {
      return null;
    }
    FlightEvents.OperationEvent event = new FlightEvents.OperationEvent();
    event.begin();
    Task task = Runs.taskOrNull();
    event.task = task == null ? null : task.name();
    return event;
  }

  @Override
  protected void buffersRanOut(Operation receive, int lent, boolean waits) {
    FlightEvents.BufferExhaustionEvent event = new FlightEvents.BufferExhaustionEvent();
    if (event.shouldCommit()) {
      event.descriptor = receive.descriptor();
      event.buffersLent = lent;
      event.waits = waits;
      FlightScribe.write(event);
    }
  }
}
