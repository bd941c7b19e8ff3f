package io.triad.lowlevel;

/** What a cancellation does to a task in {@link Lowlevel#waitTaskRescheduled} (LOW-37 to LOW-39). */
@FunctionalInterface
public interface AbortFunction {

  /** Whether the sleep could be ended. */
  enum Result {
    /** Nobody will reschedule the task any more: it gets its cancellation now. */
    SUCCEEDED,

    /**
     * The task goes on sleeping, and whoever was to reschedule it does so: with the result of what
     * could not be stopped, or by {@link Lowlevel#rescheduleCancelled}.
     */
    FAILED
  }

  /**
   * Takes back what was to wake the task. Called on the thread of the run, at most once per sleep, in
   * the midst of whatever it is that cancels: so it must neither block nor throw, and what it throws
   * ends the run with a {@link io.triad.TriadInternalError}.
   *
   * @return whether the sleep has ended by this
   */
  Result abort();
}
