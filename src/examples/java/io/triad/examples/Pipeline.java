package io.triad.examples;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.sync.MemoryChannel;
import io.triad.sync.MemoryReceiveChannel;
import io.triad.sync.MemorySendChannel;
import java.io.IOException;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Channels: one task makes numbers, three factorise them, one collects. A full channel holds back who
 * sends, so nothing piles up; closing the sending ends lets the end wander through the stages.
 */
@Command(name = "pipeline", description = "Factorises numbers in stages that channels connect.")
final class Pipeline implements Callable<Integer> {
  private static final int WORKERS = 3;

  private record Factors(int number, String text) {}

  @Override
  public Integer call() {
    TreeMap<Integer, String> found = new TreeMap<>();
    Triad.run(
        () -> {
          MemoryChannel<Integer> numbers = MemoryChannel.open(2);
          MemoryChannel<Factors> results = MemoryChannel.open(0);
          Nursery.open(
              nursery -> {
                nursery.startSoon("source", () -> produce(numbers.sender()));
                for (int i = 1; i <= WORKERS; i++) { // each has its own ends, and closes them
                  MemoryReceiveChannel<Integer> in = numbers.receiver().duplicate();
                  MemorySendChannel<Factors> out = results.sender().duplicate();
                  nursery.startSoon("worker " + i, () -> factorise(in, out));
                }
                numbers.receiver().closeNow();
                results.sender().closeNow();
                results.receiver().forEach(each -> found.put(each.number, each.text));
              });
        });
    found.forEach((number, factors) -> System.out.println(number + " = " + factors));
    return 0;
  }

  private static void produce(MemorySendChannel<Integer> out) throws IOException {
    try (out) {
      for (int number = 90; number < 100; number++) {
        out.send(number);
      }
    }
  }

  private static void factorise(
      MemoryReceiveChannel<Integer> in, MemorySendChannel<Factors> out) throws IOException {
    try (in; out) {
      in.forEach(number -> out.send(new Factors(number, factors(number))));
    }
  }

  private static String factors(int number) {
    StringBuilder text = new StringBuilder();
    int rest = number;
    for (int factor = 2; rest > 1; factor++) {
      for (; rest % factor == 0; rest /= factor) {
        text.append(text.isEmpty() ? "" : " · ").append(factor);
      }
    }
    return text.toString();
  }
}
