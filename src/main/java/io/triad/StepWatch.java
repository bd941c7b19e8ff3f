package io.triad;

import io.triad.loop.Fiber;
import io.triad.loop.LoopObserver;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches the steps of one run: the loop counts them here, and {@link StalledSteps} looks at the
 * count from time to time. The same odd number seen again means that the same step still runs. So a
 * step costs the loop two ordered stores, and no look at a clock.
 *
 * <p>A step is reported once, by every reporter whose limit it has passed.
 */
final class StepWatch implements LoopObserver {
  private static final int DEEPEST_STACK = 64;
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(StepWatch.class, "count", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The same step seen for the second time and more, by one reporter. */
  interface Sighting {
    /** Whether it has lasted so long that it is to be reported. */
    boolean isDue();

    /** Reports it. */
    void report(String task, long taskId, String stack);
  }

  private final List<Supplier<Sighting>> reporters;

  /** Odd while a step runs. Written by the loop, read by the watch. */
  private long count;

  /** Whose step it is; written before the count, so whoever has read the count may read it. */
  private @Nullable Fiber fiber;

  /** The watch's own: the count at the last look, and who has not reported it. */
  private long seen;

  private List<Sighting> sightings = List.of();

  StepWatch(List<Supplier<Sighting>> reporters) {
    this.reporters = reporters;
  }

  /**
   * Makes one if anybody wants to know of stalled steps.
   *
   * @param limit from when on they are logged, or null
   */
  static @Nullable StepWatch ifWanted(@Nullable Duration limit) {
    List<Supplier<Sighting>> reporters = new ArrayList<>(0);
    if (limit != null) {
      reporters.add(() -> new StalledSteps.Logged(limit));
    }
    if (Flight.isRecording() && Flight.wants(FlightEvents.StalledStepEvent.class)) {
      reporters.add(
          () -> {
            FlightEvents.StalledStepEvent event = new FlightEvents.StalledStepEvent();
            event.begin();
            return event;
          });
    }
    return reporters.isEmpty() ? null : new StepWatch(reporters);
  }

  // ---- on the loop ----

  @Override
  public void beforeStep(Fiber runs) {
    fiber = runs;
    COUNT.setRelease(this, count + 1);
  }

  @Override
  public void afterStep(Fiber ran) {
    if ((count & 1) == 1) { // not for the step in which the watch began
      COUNT.setRelease(this, count + 1);
    }
  }

  @Override
  public void spawned(Fiber made) {}

  @Override
  public void scheduled(Fiber ready) {}

  @Override
  public void exited(Fiber ended) {}

  @Override
  public void beforeWait(long timeoutNanos) {}

  @Override
  public void afterWait(long timeoutNanos) {}

  // ---- on the thread of the watch ----

  private long countNow() {
    return (long) COUNT.getAcquire(this);
  }

  /** Looks what runs now, and reports it if it ran before and for long. */
  void look() {
    long now = countNow();
    if (now != seen) {
      seen = now;
      sightings = (now & 1) == 0 ? List.of() : reporters.stream().map(Supplier::get).toList();
      return;
    }
    for (Sighting sighting : sightings) {
      if (sighting.isDue()) {
        report(sighting);
      }
    }
  }

  private void report(Sighting sighting) {
    Fiber running = fiber;
    if (running == null) {
      return;
    }
    String stack = text(running.thread().getStackTrace());
    if (countNow() != seen) {
      return; // it was over before we had its stack, and then it is somebody else's
    }
    sightings = sightings.stream().filter(other -> other != sighting).toList();
    sighting.report(running.toString(), running.thread().threadId(), stack);
  }

  private static String text(StackTraceElement[] stack) {
    StringJoiner lines = new StringJoiner("\n");
    for (int i = 0; i < Math.min(stack.length, DEEPEST_STACK); i++) {
      lines.add(stack[i].toString());
    }
    return stack.length > DEEPEST_STACK ? lines.add("…").toString() : lines.toString();
  }
}
