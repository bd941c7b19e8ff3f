package io.triad;

import io.triad.engine.Engine;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.loop.CancelStatus;
import io.triad.loop.Loop;
import io.triad.loop.SchedulerAccess;
import io.triad.loop.TimeSource;
import org.jspecify.annotations.Nullable;

/** One run, from the opening of its engine to the last task's end. */
final class Run<T extends @Nullable Object> {
  /** Set by the first run; before it, nobody can be inside one, and nothing need be loaded. */
  private static volatile boolean any;

  private final Clock clock;
  private @Nullable T result;

  Run(RunOptions options) {
    clock = options.clock() == null ? Clock.system() : options.clock();
  }

  static boolean schedulerIsKnown() {
    return any;
  }

  @SuppressWarnings("NullAway") // the result is null only if T is nullable
  <E extends Exception> T call(Body<T, E> body) throws E {
    checkCaller();
    SchedulerAccess.currentCarrier(); // complains first, and best, where no run can be had
    any = true;
    RunningTask main;
    try (Platform platform = Platforms.open();
        Engine engine = platform.openEngine()) {
      Loop loop = new Loop(platform, engine, timeSource());
      main = RunningTask.start(loop, null, "main", () -> result = body.call(), new Root());
      carry(loop);
    }
    Throwable failure = main.failure();
    if (failure != null) {
      throw Runs.<E>sneaky(failure);
    }
    return result;
  }

  /** Tasks keep what they throw: whatever comes out of the loop is a fault of the runtime. */
  private void carry(Loop loop) {
    try {
      clock.start();
      loop.run();
    } catch (RuntimeException | Error fault) {
      throw new TriadInternalError("the runtime failed", fault);
    }
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
