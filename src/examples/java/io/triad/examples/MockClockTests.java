package io.triad.examples;

import io.triad.Body;
import io.triad.RunOptions;
import io.triad.TooSlowException;
import io.triad.Triad;
import io.triad.testing.MockClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Testing with a mock clock: a client that tries for a minute is tested in no time, and every
 * instant is exact. With JUnit, {@code @TriadTest(autojump = true)} on the method stands for {@link
 * #test}.
 */
@Command(name = "mock-clock", description = "Tests, in no time, a client that tries for a minute.")
final class MockClockTests implements Callable<Integer> {
  /** What is tested. Each attempt may take 10 seconds, all together a minute; pauses grow. */
  private static String fetchPatiently(Body<String, IOException> attempt) {
    return Triad.failAfter(
        Duration.ofMinutes(1),
        _ -> {
          for (Duration pause = Duration.ofSeconds(1);; pause = pause.multipliedBy(2)) {
            try {
              return Triad.<String, IOException>failAfter(
                  Duration.ofSeconds(10), _ -> attempt.call());
            } catch (IOException | TooSlowException failure) {
              Triad.sleep(pause);
            }
          }
        });
  }

  @Override
  public Integer call() {
    test("a server that comes up after 5 seconds", () -> {
      if (now() < 5) {
        throw new IOException("connection refused");
      }
      return "welcome";
    });
    test("a server that never answers", () -> {
      Triad.sleepForever();
      return "never";
    });
    return 0;
  }

  /** Runs the client; whenever nothing is left to do but wait, the clock jumps ahead. */
  private static void test(String name, Body<String, IOException> server) {
    System.out.println(name);
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> {
          try {
            String answer =
                fetchPatiently(
                    () -> {
                      System.out.println("  at " + now() + " s: an attempt");
                      return server.call();
                    });
            System.out.println("  at " + now() + " s: " + answer);
          } catch (TooSlowException e) {
            System.out.println("  at " + now() + " s: gives up");
          }
        });
  }

  private static long now() {
    return Triad.currentTime().toSeconds();
  }
}
