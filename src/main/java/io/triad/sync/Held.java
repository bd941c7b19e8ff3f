package io.triad.sync;

/**
 * Something that was acquired and is given back at the end of a block. Each {@link Lock}, {@link
 * Semaphore} and {@link CapacityLimiter} has a single one, so a block allocates nothing.
 *
 * <pre>{@code
 * try (var _ = lock.hold()) {
 *   …
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Held extends AutoCloseable {
  /** Gives it back, as {@code release} does; not a checkpoint. To be called once for each hold. */
  @Override
  void close();
}
