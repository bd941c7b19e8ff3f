package io.triad;

import org.jspecify.annotations.Nullable;

/**
 * What is done inside a nursery and has a result.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface NurseryBody<T extends @Nullable Object> {
  /**
   * Does it.
   *
   * @param nursery starts tasks
   * @return the result
   * @throws Exception if it fails; the nursery then cancels its tasks and reports it in a group
   */
  T call(Nursery nursery) throws Exception;
}
