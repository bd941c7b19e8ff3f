package io.triad;

import org.jspecify.annotations.Nullable;

/**
 * Something to do that has a result.
 *
 * @param <T> the type of the result
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface Body<T extends @Nullable Object, E extends Exception> {
  /**
   * Does it.
   *
   * @return the result
   * @throws E if it fails
   */
  T call() throws E;
}
