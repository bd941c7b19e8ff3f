package io.triad;

import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.LoopObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who looks on at one run: its instruments, the flight recorder, the watch over stalled
 * steps. The loop knows one observer or none; with nobody here it has none, and looking on costs
 * nothing.
 */
final class Onlookers {
  private final Loop loop;
  private final @Nullable Duration stalledStepLimit = StalledSteps.loggedFrom();
  private final Instruments instruments = new Instruments(this::arrange);

  /** The observer for events; exists while the flight recorder wants any that need one. */
  private @Nullable FlightObserver flight;

  private @Nullable StepWatch steps;

  private Onlookers(Loop loop) {
    this.loop = loop;
  }

  /** Begins to look on; on the thread of the run, before its first task. */
  static Onlookers begin(Loop loop, List<Instrument> initial) {
    Onlookers onlookers = new Onlookers(loop);
    initial.forEach(onlookers.instruments::add);
    onlookers.recordingsChanged();
    onlookers.instruments.beforeRun();
    return onlookers;
  }

  void add(Instrument instrument) {
    instruments.add(instrument);
    arrange();
  }

  void remove(Instrument instrument) {
    instruments.remove(instrument);
    arrange();
  }

  /** Whether there is nobody, and the loop therefore has no observer. */
  boolean isEmpty() {
    return steps == null && flight == null && instruments.isEmpty();
  }

  /** Looks what the flight recorder wants now; on the thread of the run. */
  void recordingsChanged() {
    if (!Flight.isRecording() || !FlightObserver.isWanted()) {
      flight = null;
    } else if (flight == null) {
      flight = new FlightObserver(loop);
    } else {
      flight.recordingsChanged();
    }
    if (steps != null) {
      StalledSteps.unwatch(steps);
      steps = null;
    }
    steps = StepWatch.ifWanted(stalledStepLimit);
    if (steps != null) {
      StalledSteps.watch(steps);
    }
    arrange();
  }

  /** Looks on no longer; on the thread of the run, after its last task. */
  void end() {
    instruments.afterRun();
    if (flight != null) {
      flight.end();
    }
    Flight.runEnded();
    if (steps != null) {
      StalledSteps.unwatch(steps);
    }
  }

  private void arrange() {
    List<LoopObserver> observers = new ArrayList<>(3);
    if (steps != null) {
      observers.add(steps);
    }
    if (flight != null) {
      observers.add(flight);
    }
    if (!instruments.isEmpty()) {
      observers.add(instruments);
    }
    loop.setObserver(
        switch (observers.size()) {
          case 0 -> null;
          case 1 -> observers.getFirst();
          default -> new Several(List.copyOf(observers));
        });
  }

  /** Passes everything on. */
  private record Several(List<LoopObserver> observers) implements LoopObserver {
    @Override
    public void spawned(Fiber fiber) {
      for (LoopObserver observer : observers) {
        observer.spawned(fiber);
      }
    }

    @Override
    public void scheduled(Fiber fiber) {
      for (LoopObserver observer : observers) {
        observer.scheduled(fiber);
      }
    }

    @Override
    public void beforeStep(Fiber fiber) {
      for (LoopObserver observer : observers) {
        observer.beforeStep(fiber);
      }
    }

    @Override
    public void afterStep(Fiber fiber) {
      for (LoopObserver observer : observers) {
        observer.afterStep(fiber);
      }
    }

    @Override
    public void exited(Fiber fiber) {
      for (LoopObserver observer : observers) {
        observer.exited(fiber);
      }
    }

    @Override
    public void beforeWait(long timeoutNanos) {
      for (LoopObserver observer : observers) {
        observer.beforeWait(timeoutNanos);
      }
    }

    @Override
    public void afterWait(long timeoutNanos) {
      for (LoopObserver observer : observers) {
        observer.afterWait(timeoutNanos);
      }
    }
  }
}
