package io.triad.testing;

/** What was caught as a {@link Throwable} and is to go on as it is. */
final class Thrown {
  private Thrown() {}

  /** Throws anything as if it were E; declared to return it, so that callers can say throw. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <E extends Throwable> E asIs(Throwable throwable) throws E {
    throw (E) throwable;
  }
}
