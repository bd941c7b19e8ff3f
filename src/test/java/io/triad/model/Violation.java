package io.triad.model;

/** The runtime has done what the model does not allow. */
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1L;

  Violation(String message) {
    super(message);
  }
}
