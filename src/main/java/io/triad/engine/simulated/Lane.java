package io.triad.engine.simulated;

/** Keeps reports in order. There is one for each direction of a socket. */
final class Lane {
  private long lastReport;
  private int pending;

  /** When a report is made that could be made at a time; 0 for now, without detour. */
  long reserve(long nanos, long now) {
    lastReport = Math.max(lastReport, nanos);
    if (lastReport <= now && pending == 0) {
      return 0;
    }
    pending++;
    return Math.max(1, lastReport);
  }

  void reported() {
    pending--;
  }
}
