package io.triad.loop.childvm;

import io.triad.Nursery;
import io.triad.Triad;
import java.time.Duration;

/** Makes a little use of everything that looks on at a run. */
public final class SmallRun {
  private SmallRun() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    System.out.println(
        "flight recorder: " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon("sleeper", () -> Triad.sleep(Duration.ofMillis(1)));
              Triad.checkpoint();
              System.out.println(Triad.dump().toString().contains("sleeper"));
            }));
    System.out.println("done");
  }
}
