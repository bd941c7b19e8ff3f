package io.triad;

/**
 * Triad itself failed, or code that runs inside the scheduler (a clock, an abort function) did. The
 * cause says how. The run has ended without unwinding its tasks. Source: CORE-07.
 */
public final class TriadInternalError extends Error {
  private static final long serialVersionUID = 1L;

  TriadInternalError(String message, Throwable cause) {
    super(message, cause);
  }
}
