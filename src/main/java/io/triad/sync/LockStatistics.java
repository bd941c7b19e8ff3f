package io.triad.sync;

import io.triad.Task;
import org.jspecify.annotations.Nullable;

/**
 * What can be counted about a lock.
 *
 * @param owner the task that has it; null if it is free
 * @param tasksWaiting how many tasks wait for it
 */
public record LockStatistics(@Nullable Task owner, int tasksWaiting) {
  /**
   * Returns whether a task has it.
   *
   * @return whether there is an owner
   */
  public boolean locked() {
    return owner != null;
  }
}
