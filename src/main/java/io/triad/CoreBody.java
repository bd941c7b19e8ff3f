package io.triad;

import org.jspecify.annotations.Nullable;

/**
 * What each of several runs does, with a result.
 *
 * @param <T> the type of the result
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface CoreBody<T extends @Nullable Object, E extends Exception> {
  /**
   * Does it; called in the main task of each run.
   *
   * @param core which run this is
   * @return the result
   * @throws E if it fails
   */
  T call(Core core) throws E;
}
