package io.triad;

/**
 * Somebody has pressed Ctrl-C, or sent the process SIGINT. It arrives in the main task of a run, at a
 * checkpoint, ahead of a {@link Cancelled} and once; {@link RunOptions.KeyboardInterrupts} says in
 * which runs. In a nursery it is in an {@link ExceptionGroup}, like what any task throws, and the
 * other tasks are cancelled. If the main task has ended already, {@link Triad#run} throws it, with
 * what the main task threw as suppressed. Its stack trace says where the main task was.
 *
 * <p>Like {@link Cancelled} it is an {@link Error}, so that {@code catch (Exception e)} lets it pass.
 * If nobody catches it, it is printed like any exception that leaves {@code main}, and the exit status
 * is 1. A program that wants to end without a word, and with the status of a process killed by
 * SIGINT, catches it around {@code Triad.run} and calls {@code System.exit(130)}.
 *
 * <p>Source: CORE-81 to CORE-83.
 */
public final class KeyboardInterrupt extends Error {
  private static final long serialVersionUID = 1L;

  /**
   * Made by the run.
   *
   * @param where where the main task is
   */
  KeyboardInterrupt(StackTraceElement[] where) {
    super("interrupted from the keyboard", null, true, true);
    setStackTrace(where);
  }

  /** Whether it is one, or a group with one in it. */
  static boolean isIn(Throwable thrown) {
    return thrown instanceof KeyboardInterrupt
        || (thrown instanceof ExceptionGroup group
            && group.filter(leaf -> leaf instanceof KeyboardInterrupt) != null);
  }
}
