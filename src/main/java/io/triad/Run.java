package io.triad;

import io.triad.engine.Engine;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.loop.CancelStatus;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.RunAccess;
import io.triad.loop.SchedulerAccess;
import io.triad.loop.TimeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One run, from the opening of its engine to the last task's end. Two scopes hang below its root: one
 * around the main task and what it starts, one around the system tasks. When the main task ends, the
 * second one is cancelled; when a system task fails, both are.
 */
final class Run<T extends @Nullable Object> implements RunAccess {
  /** Set by the first run; before it, nobody can be inside one, and nothing need be loaded. */
  private static volatile boolean any;

  /** The runs of this process; few. */
  private static final Set<Run<?>> ACTIVE = ConcurrentHashMap.newKeySet();

  private final Clock clock;
  private final CancelStatus root = new Root();
  private final CancelScope mainScope = new CancelScope();
  private final CancelScope systemScope = new CancelScope();
  private final Set<Task> systemTasks = new LinkedHashSet<>(0);
  private final List<Throwable> crashes = new ArrayList<>(0);
  private @Nullable Loop loop;
  private @Nullable RunningTask main;
  private boolean mainEnded;
  private @Nullable T result;
  private final RunOptions options;
  private @Nullable Onlookers onlookers;

  Run(RunOptions options) {
    this.options = options;
    clock = options.clock() == null ? Clock.system() : options.clock();
  }

  /** The runs of this process; a snapshot, any thread. */
  static List<Run<?>> active() {
    return List.copyOf(ACTIVE);
  }

  /** The run that the caller is on, in a task or in a callback. */
  static Run<?> current() {
    return (Run<?>) Runs.loop().access();
  }

  static boolean schedulerIsKnown() {
    return any;
  }

  @SuppressWarnings("NullAway") // the result is null only if T is nullable
  <E extends Exception> T call(Body<T, E> body) throws E {
    checkCaller();
    SchedulerAccess.currentCarrier(); // complains first, and best, where no run can be had
    any = true;
    Throwable interrupt;
    try (Platform platform = Platforms.open();
        Engine engine = platform.openEngine()) {
      Loop newLoop = new Loop(platform, engine, timeSource());
      loop = newLoop;
      newLoop.setAccess(this);
      mainScope.bind(newLoop, root);
      systemScope.bind(newLoop, root);
      lookedOn(newLoop, () -> result = body.call());
      interrupt = newLoop.takeInterrupt();
    }
    Throwable failure = outcome(interrupt);
    if (failure != null) {
      throw Runs.<E>sneaky(failure);
    }
    return result;
  }

  /** Runs the main task and everything else, with whoever wants to know or to interrupt. */
  private void lookedOn(Loop newLoop, Action<?> body) {
    InterruptSignal signal = null;
    ACTIVE.add(this); // first: a recording that begins now is either seen or told of
    try {
      onlookers = Onlookers.begin(newLoop, options.instruments());
      main = RunningTask.start(newLoop, null, "main", body, mainScope.status());
      signal = InterruptSignal.take(newLoop, main.fiber(), options.keyboardInterrupts());
      carry(newLoop);
    } finally {
      ACTIVE.remove(this);
      if (signal != null) {
        signal.giveBack();
      }
      if (onlookers != null) {
        onlookers.end();
      }
    }
  }

  /** What the run throws: the worst of what happened, with the rest hanging on it. */
  private @Nullable Throwable outcome(@Nullable Throwable interrupt) {
    Throwable failure = Objects.requireNonNull(main).failure();
    Throwable worst = interrupt;
    if (!crashes.isEmpty()) {
      worst = new TriadInternalError(
          "a system task failed", new ExceptionGroup("Exceptions from system tasks", crashes));
      failure = failure == null ? null : CancelScope.withoutCancelled(failure);
      if (interrupt != null) {
        worst.addSuppressed(interrupt);
      }
    }
    if (worst == null) {
      return failure;
    }
    if (failure != null) {
      worst.addSuppressed(failure);
    }
    return worst;
  }

  /** Tasks keep what they throw: whatever comes out of the loop is a fault of the runtime. */
  private void carry(Loop carried) {
    try {
      clock.start();
      carried.run();
    } catch (RuntimeException | Error fault) {
      throw new TriadInternalError("the runtime failed", fault);
    }
  }

  // ---- tasks without a nursery ----

  @Override
  public Fiber spawnSystemTask(@Nullable String name, Callable<?> body) {
    if (mainEnded) {
      throw new IllegalStateException("Nursery is closed to new arrivals");
    }
    RunningTask task = RunningTask.start(
        Objects.requireNonNull(loop), null, name, body::call, systemScope.status());
    systemTasks.add(task);
    return task.fiber();
  }

  /** The main task or a system task has ended; runs as the last thing on its own thread. */
  void rootEnded(Task task, @Nullable Throwable failure) {
    if (task == main) {
      mainEnded = true;
      systemScope.cancel(Cancelled.Source.SHUTDOWN, "the main task has ended");
      return;
    }
    systemTasks.remove(task);
    Throwable left = failure == null ? null : CancelScope.withoutCancelled(failure);
    if (left != null) {
      crash(left);
    }
  }

  @Override
  public void crash(Throwable cause) {
    crashes.add(cause);
    String reason = "a system task failed: " + cause.getClass().getName();
    mainScope.cancel(Cancelled.Source.NURSERY, reason);
    systemScope.cancel(Cancelled.Source.NURSERY, reason);
  }

  /** {@return the loop of this run, which has begun} */
  Loop loop() {
    return Objects.requireNonNull(loop);
  }

  /** {@return who looks on} */
  Onlookers onlookers() {
    return Objects.requireNonNull(onlookers);
  }

  /** Says that a recording has begun or ended; any thread. */
  void recordingsChanged() {
    loop().offer(() -> onlookers().recordingsChanged());
  }

  /** {@return the scope of the main task} */
  CancelStatus mainStatus() {
    return mainScope.status();
  }

  /** {@return the scope of the system tasks} */
  CancelStatus systemStatus() {
    return systemScope.status();
  }

  /** {@return the main task} */
  Task mainTask() {
    return Objects.requireNonNull(main);
  }

  /** {@return the system tasks, oldest first} */
  List<Task> systemTasks() {
    return List.copyOf(systemTasks);
  }

  private static void checkCaller() {
    if (any && Loop.current() != null) {
      throw new IllegalStateException(
          "Triad.run was called from inside a run(); start tasks with a Nursery, or another run on"
              + " another thread");
    }
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          "Triad.run needs a platform thread, because that thread carries the tasks; the caller is"
              + " a virtual thread");
    }
  }

  private TimeSource timeSource() {
    return new TimeSource() {
      @Override
      public long nanos() {
        return clock.nanos();
      }

      @Override
      public long untilNanos(long deadline) {
        return clock.untilNanos(deadline);
      }

      @Override
      public long idleThresholdNanos() {
        return clock.idleThresholdNanos();
      }

      @Override
      public void idle(long nextDeadline) {
        clock.idle(nextDeadline);
      }
    };
  }

  /** The root of the tree of cancellation; nothing can cancel it. */
  private static final class Root extends CancelStatus {
    @Override
    protected Error cancelled() {
      throw new AssertionError("the root of a run is never cancelled");
    }
  }
}
