package io.triad;

/**
 * What each of several runs does.
 *
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface CoreAction<E extends Exception> {
  /**
   * Does it; called in the main task of each run.
   *
   * @param core which run this is
   * @throws E if it fails
   */
  void run(Core core) throws E;
}
