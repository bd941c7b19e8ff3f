package io.triad.examples;

import io.triad.Body;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.Triad;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;

/**
 * A nursery: several tasks that live no longer than a block of code. The first one to answer cancels
 * the others; the first one to fail would cancel them as well, and no failure is lost.
 */
@Command(name = "race", description = "Asks several servers, and takes the first answer.")
final class Race implements Callable<Integer> {
  @Override
  public Integer call() {
    Triad.run(
        () -> {
          System.out.println(
              "first: "
                  + first(
                      List.of(
                          () -> after(Duration.ofSeconds(30), "tortoise"),
                          () -> after(Duration.ofMillis(5), "hare"))));
          try {
            first(
                List.of(
                    () -> {
                      throw new IOException("the track is flooded");
                    },
                    () -> after(Duration.ofSeconds(30), "tortoise")));
          } catch (ExceptionGroup group) {
            System.out.println("failed: " + group.exceptions().getFirst().getMessage());
          }
        });
    return 0;
  }

  /** The result of the first body that returns. When this returns, none of them is running. */
  private static <T> T first(List<Body<T, ? extends Exception>> bodies) {
    AtomicReference<T> winner = new AtomicReference<>();
    Nursery.open(
        nursery -> {
          for (Body<T, ? extends Exception> body : bodies) {
            nursery.startSoon(
                () -> {
                  winner.set(body.call());
                  nursery.cancelScope().cancel("somebody was faster");
                });
          }
        });
    return winner.get();
  }

  private static String after(Duration delay, String name) {
    try {
      Triad.sleep(delay);
      return name;
    } finally {
      System.out.println(name + " stops");
    }
  }
}
