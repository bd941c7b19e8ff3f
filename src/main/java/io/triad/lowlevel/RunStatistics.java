package io.triad.lowlevel;

import io.triad.Triad;
import io.triad.loop.Deadline;
import io.triad.loop.Loop;
import java.time.Duration;

/**
 * Figures about a run at one instant; {@link Lowlevel#currentStatistics} (LOW-11).
 *
 * @param tasksLiving how many tasks there are, the main task and system tasks included
 * @param tasksRunnable how many turns are due in the next pass of the scheduler: of tasks, and of
 *     calls from other threads that have arrived
 * @param timeToNextDeadline how long until the next deadline of a scope or sleep, by the clock of the
 *     run; {@link Triad#FOREVER} if there is none, negative if it is overdue
 * @param queuedCalls how many calls from other threads have not arrived yet
 * @param engine figures about the engine
 */
public record RunStatistics(
    int tasksLiving,
    int tasksRunnable,
    Duration timeToNextDeadline,
    int queuedCalls,
    EngineStatistics engine) {

  /**
   * Figures about the engine of a run.
   *
   * @param name which one, {@code io_uring} for example
   * @param operationsInFlight how many operations the kernel has not finished; those with which the
   *     engine wakes itself do not count
   * @param tasksWaitingToRead how many tasks are in {@link Lowlevel#waitReadable}
   * @param tasksWaitingToWrite how many tasks are in {@link Lowlevel#waitWritable}
   */
  public record EngineStatistics(
      String name, int operationsInFlight, int tasksWaitingToRead, int tasksWaitingToWrite) {}

  static RunStatistics of(Loop loop) {
    Readiness readiness = Readiness.of(loop);
    long deadline = loop.nextDeadline();
    return new RunStatistics(
        loop.fiberCount(),
        loop.readyCount(),
        deadline == Deadline.NEVER ? Triad.FOREVER : Duration.ofNanos(deadline - loop.now()),
        loop.queuedCount(),
        new EngineStatistics(
            nameOf(loop.engine().describe().getFirst()),
            loop.engine().operationsInFlight(),
            readiness.waitingToRead(),
            readiness.waitingToWrite()));
  }

  /** The first line reads like {@code engine: io_uring, because …}. */
  private static String nameOf(String firstLine) {
    return firstLine.replaceFirst("^engine: ", "").replaceFirst(",.*$", "");
  }
}
