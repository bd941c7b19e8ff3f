package io.triad.testing;

import io.triad.Action;
import io.triad.CancelScope;
import io.triad.Clock;
import io.triad.ExceptionGroup;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.engine.Engine;
import io.triad.loop.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One test in one run. Its time is limited by an alarm of another thread, since the run's own clock
 * may stand still; the alarm sends a message to the loop, which cancels the test.
 */
final class TestBody {
  private static final Logger LOGGER = System.getLogger("io.triad.testing");

  /** How long a cancelled test may take to end until that is logged. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** How long operations that were cancelled may take to end. */
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  private static final ScheduledThreadPoolExecutor ALARMS =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("triad-test-alarm").factory());

  static {
    ALARMS.setRemoveOnCancelPolicy(true);
  }

  private final Action<Exception> body;
  private final @Nullable Clock clock;
  private final Duration limit;
  private final Duration grace;
  private final Thread caller = Thread.currentThread();
  private final CancelScope scope = new CancelScope();

  /** What the tasks did when the time was over; null before. */
  private volatile @Nullable String tasks;

  private volatile @Nullable ScheduledFuture<?> alarm;

  /**
   * Makes a test.
   *
   * @param body what the main task does
   * @param clock the clock of the run; null for the system's
   * @param limit how long it may take, in real time; zero for no limit
   * @param grace how long it may take after that
   */
  TestBody(Action<Exception> body, @Nullable Clock clock, Duration limit, Duration grace) {
    this.body = body;
    this.clock = clock;
    this.limit = limit;
    this.grace = grace;
  }

  /** Runs the test on the calling thread, and throws what makes it fail. */
  void run() throws Exception {
    RunOptions options = clock == null ? RunOptions.DEFAULT : RunOptions.DEFAULT.withClock(clock);
    try {
      Triad.run(options, this::main);
    } catch (ExceptionGroup group) {
      throw Thrown.<Exception>asIs(withoutGroups(group));
    } finally {
      disarm();
    }
  }

  private void main() throws Exception {
    Loop loop = Loop.requireFiber().loop();
    if (!limit.isZero()) {
      alarm = ALARMS.schedule(() -> ring(loop), limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    try {
      scope.enter(_ -> body.run());
    } catch (Throwable e) {
      if (tasks != null) {
        throw tookTooLong(e);
      }
      throw e;
    }
    if (tasks != null) {
      throw tookTooLong(null);
    }
    checkNothingInFlight(loop.engine());
  }

  private AssertionError tookTooLong(@Nullable Throwable suppressed) {
    AssertionError error =
        new AssertionError(
            "the test took longer than " + limit.toMillis() + " ms; its tasks were\n" + tasks);
    if (suppressed != null) {
      error.addSuppressed(suppressed);
    }
    return error;
  }

  // ---- the alarm ----

  private void ring(Loop loop) {
    // Set before the loop is told: if it listens, the run ends later, and then disarms this one.
    ScheduledFuture<?> complaint =
        ALARMS.schedule(this::complain, grace.toMillis(), TimeUnit.MILLISECONDS);
    alarm = complaint;
    boolean accepted =
        loop.offer(
            () -> {
              tasks = Triad.dump().toString();
              scope.cancel("the test took longer than " + limit.toMillis() + " ms");
            });
    if (!accepted) {
      complaint.cancel(false);
    }
  }

  /** The test does not end. No more can be done from here than to say where it hangs. */
  private void complain() {
    String message =
        tasks == null
            ? "a test took longer than {0} ms, and some task does not let the others run; its thread"
                + " is\n{1}"
            : "a test took longer than {0} ms, was cancelled, and does not end; its tasks were\n{1}";
    LOGGER.log(
        Level.ERROR, message, limit.toMillis(), tasks == null ? describe(caller) : tasks);
  }

  private void disarm() {
    ScheduledFuture<?> last = alarm;
    if (last != null) {
      last.cancel(false);
    }
  }

  private static String describe(Thread thread) {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      text.append("    at ").append(frame).append('\n');
    }
    return text.toString();
  }

  // ---- the end ----

  /** What is not there any more was in the middle of its end. */
  private static void checkNothingInFlight(Engine engine) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (engine.operationsInFlight() > 0 || engine.buffersLent() > 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "the test left "
                + engine.operationsInFlight()
                + " operations in flight and "
                + engine.buffersLent()
                + " receive buffers unread: some stream or listener was not closed");
      }
      Settling.waitAllTasksBlocked(Duration.ofMillis(1));
    }
  }

  /** The only exception in a group, unless something else hangs on the group. */
  static Throwable withoutGroups(Throwable thrown) {
    Throwable inner = thrown;
    while (inner instanceof ExceptionGroup group && group.getSuppressed().length == 1) {
      inner = group.exceptions().getFirst();
    }
    return inner;
  }
}
