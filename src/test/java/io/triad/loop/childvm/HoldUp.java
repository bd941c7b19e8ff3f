package io.triad.loop.childvm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.Nursery;
import io.triad.Triad;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** Has a task that holds up its run until the log says so. */
public final class HoldUp {
  private HoldUp() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    Triad.run(
        () -> Nursery.open(nursery -> nursery.startSoon("stubborn", () -> holdUpUntilLogged(log))));
    System.out.print(log.toString(UTF_8));
  }

  private static void holdUpUntilLogged(ByteArrayOutputStream log) {
    while (!log.toString(UTF_8).contains("holdUpUntilLogged")) {
      Thread.onSpinWait();
    }
  }
}
