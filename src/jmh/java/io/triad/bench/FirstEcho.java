package io.triad.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What {@code ci/bench-echo} reads from a program that times its own first echoed byte. */
public final class FirstEcho {
  private FirstEcho() {}

  /**
   * Prints one line: nanoseconds since {@code main} began, and nanoseconds since the process was
   * started. To be called as soon as the first byte is back.
   *
   * @param mainBegan {@link System#nanoTime()} as the first statement of {@code main} saw it
   */
  public static void arrived(long mainBegan) {
    long fromMain = System.nanoTime() - mainBegan;
    Instant now = Instant.now();
    // The moment of the start, microseconds since 1970, as the script that started us saw it.
    Instant started = Instant.EPOCH.plus(Long.getLong("bench.started", 0), ChronoUnit.MICROS);
    System.out.println(fromMain + " " + started.until(now, ChronoUnit.NANOS));
  }
}
