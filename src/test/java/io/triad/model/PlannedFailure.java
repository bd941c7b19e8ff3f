package io.triad.model;

/** What a random program throws on purpose; each one must arrive at its nursery. */
final class PlannedFailure extends Exception {
  private static final long serialVersionUID = 1L;

  PlannedFailure(String message) {
    super(message);
  }
}
