package io.triad;

import org.jspecify.annotations.Nullable;

/**
 * How a task says that it is ready; see {@link Nursery#start}.
 *
 * @param <T> the type of the value it reports
 */
public interface TaskStatus<T extends @Nullable Object> {
  /**
   * Says that the task is ready: {@link Nursery#start} returns the value, and the task goes on in
   * the nursery.
   *
   * @param value what {@code start} returns
   * @throws IllegalStateException if it was said before (CORE-55)
   */
  void started(T value);

  /** Says that the task is ready and has nothing to report. */
  @SuppressWarnings("NullAway") // T is nullable for whoever reports nothing
  default void started() {
    started(null);
  }

  /**
   * Returns a status that nobody listens to, so that a body made for {@code start} can be called
   * directly (CORE-60).
   *
   * @param <T> the type of the value
   * @return a status whose {@code started} does nothing
   */
  static <T extends @Nullable Object> TaskStatus<T> ignored() {
    return value -> {};
  }
}
