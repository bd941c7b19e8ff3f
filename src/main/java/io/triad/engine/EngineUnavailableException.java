package io.triad.engine;

/** The system allows no engine; the message names the cause and what can be done. */
public final class EngineUnavailableException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Makes one with a message for the user. */
  public EngineUnavailableException(String message) {
    super(message);
  }
}
