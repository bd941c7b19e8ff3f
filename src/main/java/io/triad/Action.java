package io.triad;

/**
 * Something to do, which may fail with a checked exception of its own.
 *
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface Action<E extends Exception> {
  /**
   * Does it.
   *
   * @throws E if it fails
   */
  void run() throws E;
}
