package io.triad.examples;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.TooSlowException;
import io.triad.Triad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Time-outs: around anything, as deep as one likes, and never as an argument of a method. Three
 * replicas are asked; whoever does not answer in time is left out, and cleaning up is not cut short.
 */
@Command(name = "time-outs",
    description = "Asks three replicas, and does not wait for the slow one.")
final class TimeOuts implements Callable<Integer> {
  private record Replica(String name, Duration delay) {
    /** Takes its time. What must be done in the end is done, cancelled or not. */
    String ask() {
      try {
        Triad.sleep(delay);
        return name;
      } finally {
        CancelScope.open(
            cleanUp -> {
              cleanUp.setShield(true).setTimeout(Duration.ofMillis(100));
              Triad.sleep(Duration.ofMillis(1)); // says goodbye, for example
            });
      }
    }
  }

  @Override
  public Integer call() {
    List<Replica> replicas =
        List.of(
            new Replica("near", Duration.ofMillis(5)),
            new Replica("far", Duration.ofMillis(20)),
            new Replica("gone", Duration.ofHours(1)));
    Triad.run(
        () -> {
          System.out.println("answers: " + askAll(replicas, Duration.ofMillis(300)));
          try {
            Triad.failAfter(Duration.ofMillis(50), () -> replicas.getLast().ask());
          } catch (TooSlowException e) {
            System.out.println("no answer from the last one alone");
          }
        });
    return 0;
  }

  /** Everybody who answers in time, in the order of the answers. */
  private static List<String> askAll(List<Replica> replicas, Duration timeout) {
    List<String> answers = new ArrayList<>(); // no lock: one task of a run executes at a time
    CancelScope scope =
        Triad.moveOnAfter(
            timeout,
            _ -> Nursery.open(
                nursery -> {
                  for (Replica replica : replicas) {
                    nursery.startSoon(replica.name(), () -> answers.add(replica.ask()));
                  }
                }));
    System.out.println(scope.cancelledCaught() ? "not everybody answered" : "everybody answered");
    return answers;
  }
}
