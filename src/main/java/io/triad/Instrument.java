package io.triad;

import java.time.Duration;

/**
 * Somebody who is told what a run does: for tracing, statistics, and tests. Given to a run by {@link
 * RunOptions#withInstruments}, or while it runs by {@link Triad#addInstrument}. Every method does
 * nothing unless it is overridden.
 *
 * <p>The methods are called on the thread of the run, in the order in which the instruments were
 * added. They hold up the run as long as they take, and they must not block: no checkpoint, no
 * starting and no cancelling of tasks. One that throws is logged, with the name {@code
 * io.triad.Instrument}, and is told nothing any more; the run goes on. A run without instruments pays
 * nothing for them.
 *
 * <p>Source: CORE-80.
 */
public interface Instrument {
  /** The run begins; there is no task yet. Not called for instruments that are added later. */
  default void beforeRun() {}

  /** All tasks of the run have ended. */
  default void afterRun() {}

  /**
   * A task was made.
   *
   * @param task the task
   */
  default void taskSpawned(Task task) {}

  /**
   * A task is ready: it is going to run in the next pass of the loop.
   *
   * @param task the task
   */
  default void taskScheduled(Task task) {}

  /**
   * A task is going to run until it waits, yields or ends.
   *
   * @param task the task
   */
  default void beforeTaskStep(Task task) {}

  /**
   * A task has run, and now waits, is ready again, or has ended.
   *
   * @param task the task
   */
  default void afterTaskStep(Task task) {}

  /**
   * A task has ended; its last step is not over yet.
   *
   * @param task the task
   */
  default void taskExited(Task task) {}

  /**
   * The run looks for events of the system.
   *
   * @param timeout how long at most it waits for one: zero if a task is ready, {@link
   *     Triad#FOREVER} if there is nothing else to wait for
   */
  default void beforeIoWait(Duration timeout) {}

  /**
   * The run has looked for events of the system.
   *
   * @param timeout how long at most it would have waited
   */
  default void afterIoWait(Duration timeout) {}
}
