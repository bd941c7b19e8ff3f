package io.triad;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Notices tasks that run for long without a checkpoint and so hold up all others of their run. A
 * thread of its own looks at every watched run a hundred times a second; it exists only while a run
 * is watched: because a recording has the event {@code io.triad.StalledStep} enabled, or because the
 * system property {@code triad.stalledStep} names a limit, for example {@code 50ms} or {@code 2s},
 * from which on a step is logged, with the name {@code io.triad.StalledStep}.
 */
final class StalledSteps {
  private static final System.Logger LOGGER = System.getLogger("io.triad.StalledStep");
  private static final String PROPERTY = "triad.stalledStep";
  private static final Pattern LIMIT = Pattern.compile("(\\d{1,9})(ms|s)");
  private static final long PAUSE_MILLIS = 10;

  private static final Object LOCK = new Object();

  /** Guarded by the lock, like the next. */
  private static final List<StepWatch> WATCHED = new ArrayList<>();

  private static @Nullable Thread thread;

  private StalledSteps() {}

  /** The limit that the system property names; null without one. */
  static @Nullable Duration loggedFrom() {
    String text = System.getProperty(PROPERTY);
    if (text == null) {
      return null;
    }
    Matcher limit = LIMIT.matcher(text);
    if (!limit.matches()) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + " must be a time such as 50ms or 2s, not " + text);
    }
    long number = Long.parseLong(limit.group(1));
    return limit.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
  }

  /** Has a run watched from now on. */
  static void watch(StepWatch watch) {
    synchronized (LOCK) {
      WATCHED.add(watch);
      if (thread == null) {
        thread =
            Thread.ofPlatform().daemon().name("triad stalled steps").start(StalledSteps::watchAll);
      }
    }
  }

  /** Takes {@link #watch} back; with the last run the thread ends. */
  static void unwatch(StepWatch watch) {
    synchronized (LOCK) {
      WATCHED.remove(watch);
      LOCK.notifyAll();
    }
  }

  private static void watchAll() {
    for (;;) {
      List<StepWatch> watched;
      synchronized (LOCK) {
        if (WATCHED.isEmpty()) {
          thread = null;
          return;
        }
        watched = List.copyOf(WATCHED);
      }
      watched.forEach(StepWatch::look);
      synchronized (LOCK) {
        try {
          if (!WATCHED.isEmpty()) {
            LOCK.wait(PAUSE_MILLIS);
          }
        } catch (InterruptedException e) {
          // Nobody has a reason to interrupt this thread; it ends when there is nothing to watch.
          LOGGER.log(System.Logger.Level.DEBUG, "interrupted", e);
        }
      }
    }
  }

  /** Reports to the log. */
  static final class Logged implements StepWatch.Sighting {
    private final Duration limit;
    private final long since = System.nanoTime();

    Logged(Duration limit) {
      this.limit = limit;
    }

    @Override
    public boolean isDue() {
      return System.nanoTime() - since >= limit.toNanos();
    }

    @Override
    public void report(String task, long taskId, String stack) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "task {0} (thread #{1}) has been running for {2} ms without a checkpoint, at\n{3}",
          task,
          Long.toString(taskId),
          (System.nanoTime() - since) / 1_000_000,
          stack);
    }
  }
}
