package io.triad;

import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.LoopObserver;
import java.util.IdentityHashMap;

/**
 * Makes events of what one run does, for as long as the flight recorder wants any. What began before
 * the recording is not in it, but for the run itself.
 */
final class FlightObserver implements LoopObserver {
  private final FlightEvents.RunEvent run = new FlightEvents.RunEvent();
  private final IdentityHashMap<Fiber, FlightEvents.TaskEvent> living = new IdentityHashMap<>(0);
  private final IdentityHashMap<Fiber, FlightEvents.WaitEvent> waiting = new IdentityHashMap<>(0);
  private boolean wantsTasks;
  private boolean wantsWaits;

  FlightObserver(Loop loop) {
    run.engine = Snapshot.engineOf(loop);
    run.begin();
    recordingsChanged();
  }

  /** Whether there is anything to observe. */
  static boolean isWanted() {
    return Flight.wants(FlightEvents.RunEvent.class)
        || Flight.wants(FlightEvents.TaskEvent.class)
        || Flight.wants(FlightEvents.WaitEvent.class);
  }

  /** Looks what is wanted now. */
  void recordingsChanged() {
    wantsTasks = Flight.wants(FlightEvents.TaskEvent.class);
    wantsWaits = Flight.wants(FlightEvents.WaitEvent.class);
    if (!wantsTasks) {
      living.clear();
    }
    if (!wantsWaits) {
      waiting.clear();
    }
  }

  /** The run has ended. */
  void end() {
    run.end();
    if (run.shouldCommit()) {
      FlightScribe.write(run);
    }
  }

  @Override
  public void spawned(Fiber fiber) {
    run.tasksSpawned++;
    if (wantsTasks) {
      FlightEvents.TaskEvent event = new FlightEvents.TaskEvent();
      event.begin();
      living.put(fiber, event);
    }
  }

  @Override
  public void exited(Fiber fiber) {
    FlightEvents.TaskEvent event = wantsTasks ? living.remove(fiber) : null;
    if (event == null) {
      return;
    }
    event.end();
    if (event.shouldCommit()) {
      RunningTask task = (RunningTask) fiber.body();
      Nursery nursery = task.parentNursery();
      Throwable failure = task.failure();
      event.task = task.name();
      event.taskId = fiber.thread().threadId();
      event.parent = nursery == null ? null : nursery.parentTask().name();
      event.failure = failure == null ? null : failure.getClass().getName();
      FlightScribe.write(event);
    }
  }

  @Override
  public void afterStep(Fiber fiber) {
    if (wantsWaits && fiber.isSuspended()) {
      FlightEvents.WaitEvent event = new FlightEvents.WaitEvent();
      event.what = fiber.waitingFor();
      event.begin();
      waiting.put(fiber, event);
    }
  }

  @Override
  public void scheduled(Fiber fiber) {
    FlightEvents.WaitEvent event = wantsWaits ? waiting.remove(fiber) : null;
    if (event == null) {
      return;
    }
    event.end();
    if (event.shouldCommit()) {
      event.task = fiber.toString();
      event.taskId = fiber.thread().threadId();
      event.waitingFor = event.what == null ? null : Snapshot.text(event.what);
      FlightScribe.write(event);
    }
  }

  @Override
  public void beforeStep(Fiber fiber) {}

  @Override
  public void beforeWait(long timeoutNanos) {}

  @Override
  public void afterWait(long timeoutNanos) {}
}
