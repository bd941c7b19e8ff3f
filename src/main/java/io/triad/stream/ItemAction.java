package io.triad.stream;

/**
 * What is done with something that was received.
 *
 * @param <T> the type of the item
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface ItemAction<T, E extends Exception> {
  /**
   * Does it.
   *
   * @param item what was received
   * @throws E if it fails
   */
  void accept(T item) throws E;
}
