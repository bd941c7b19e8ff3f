package io.triad.loop;

/** The runtime itself failed; the cause says how. */
public final class LoopFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LoopFault(Throwable cause) {
    super(cause);
  }
}
