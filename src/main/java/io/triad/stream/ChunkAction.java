package io.triad.stream;

/**
 * What is done with a loaned chunk.
 *
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface ChunkAction<E extends Exception> {
  /**
   * Does it.
   *
   * @param chunk the bytes; not to be kept
   * @throws E if it fails
   */
  void accept(Chunk chunk) throws E;
}
