package io.triad;

import org.jspecify.annotations.Nullable;

/**
 * What is done inside a cancel scope and has a result.
 *
 * @param <T> the type of the result
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface ScopeBody<T extends @Nullable Object, E extends Exception> {
  /**
   * Does it.
   *
   * @param scope the scope around it
   * @return the result
   * @throws E if it fails
   */
  T call(CancelScope scope) throws E;
}
