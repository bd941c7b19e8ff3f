package io.triad.thread;

import io.triad.Body;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How something ended: with a value or with a failure.
 *
 * @param <T> the type of the value
 */
public sealed interface Outcome<T extends @Nullable Object> {
  /**
   * It returned.
   *
   * @param value what
   * @param <T> the type of the value
   */
  record Value<T extends @Nullable Object>(T value) implements Outcome<T> {}

  /**
   * It threw.
   *
   * @param cause what
   * @param <T> the type of the value that there is not
   */
  record Failure<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {
    /**
     * Makes one.
     *
     * @param cause what was thrown
     */
    public Failure {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /**
   * Does something and keeps how it ends, whatever is thrown.
   *
   * @param body what to do
   * @param <T> the type of its result
   * @return how it ended
   */
  static <T extends @Nullable Object> Outcome<T> of(Body<T, ? extends Exception> body) {
    try {
      return new Value<>(body.call());
    } catch (Throwable thrown) {
      return new Failure<>(thrown);
    }
  }

  /**
   * Ends in the same way: returns the value, or throws the failure as it is.
   *
   * @param <E> the checked exception that the failure may be
   * @return the value
   * @throws E the failure
   */
  default <E extends Exception> T unwrap() throws E {
    return switch (this) {
      case Value<T>(T value) -> value;
      case Failure<T>(Throwable cause) -> throw Outcome.<E>thrown(cause);
    };
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as if it were an E
  private static <E extends Throwable> RuntimeException thrown(Throwable cause) throws E {
    throw (E) cause;
  }
}
