package io.triad.loop;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a run offers to the packages of Triad and not to its users; on the loop's thread only. */
public interface RunAccess {
  /**
   * Starts a task of the run itself, which is cancelled when the main task has ended.
   *
   * @param name its name, or null
   * @param body what it does; if that fails, the run fails
   * @return its fiber
   * @throws IllegalStateException if the main task has ended
   */
  Fiber spawnSystemTask(@Nullable String name, Callable<?> body);

  /** Ends the run in good order, but as failed: something that no task is to blame for went wrong. */
  void crash(Throwable cause);
}
