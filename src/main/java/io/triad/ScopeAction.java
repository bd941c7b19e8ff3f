package io.triad;

/**
 * What is done inside a cancel scope.
 *
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface ScopeAction<E extends Exception> {
  /**
   * Does it.
   *
   * @param scope the scope around it
   * @throws E if it fails
   */
  void run(CancelScope scope) throws E;
}
