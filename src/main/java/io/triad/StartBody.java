package io.triad;

import org.jspecify.annotations.Nullable;

/**
 * A task that says when it is ready; see {@link Nursery#start}.
 *
 * @param <T> the type of the value it reports
 * @param <E> the checked exception it may throw before it is ready
 */
@FunctionalInterface
public interface StartBody<T extends @Nullable Object, E extends Exception> {
  /**
   * Does it.
   *
   * @param status is told once that the task is ready
   * @throws E if it fails
   */
  void run(TaskStatus<T> status) throws E;
}
