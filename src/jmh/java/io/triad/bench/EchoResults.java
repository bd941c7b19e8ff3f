package io.triad.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** All measurements of a run, and the medians over its rounds. */
final class EchoResults {
  static final String TRIAD = "triad";
  static final String TRIAD_EPOLL = "triad-epoll";
  static final String JDK = "jdk";
  static final String NETTY_EPOLL = "netty-epoll";
  static final List<String> NETTY = List.of("netty-uring", NETTY_EPOLL);

  private final List<EchoSample> samples;

  EchoResults(List<EchoSample> samples) {
    this.samples = List.copyOf(samples);
  }

  List<EchoSample> samples() {
    return samples;
  }

  SortedSet<EchoCell> cells() {
    var cells = new TreeSet<EchoCell>();
    samples.forEach(sample -> cells.add(sample.cell()));
    return cells;
  }

  /** Empty when the server was not measured in that cell. */
  OptionalDouble median(EchoCell cell, String server, ToDoubleFunction<EchoSample> value) {
    return median(
        samples.stream()
            .filter(sample -> sample.cell().equals(cell) && sample.server().equals(server))
            .mapToDouble(value)
            .toArray());
  }

  /**
   * How many times the messages per second of the other server: the ratio within each round, then
   * the median over the rounds in which both were measured.
   */
  OptionalDouble ratio(EchoCell cell, String server, String other) {
    return ratioToGreatest(cell, server, List.of(other), EchoSample::messagesPerSecond);
  }

  /** As {@link #ratio}, to whichever of the others was fastest in the round. */
  OptionalDouble ratioToBest(EchoCell cell, String server, Collection<String> others) {
    return ratioToGreatest(cell, server, others, EchoSample::messagesPerSecond);
  }

  /** As {@link #ratio}, of the processor time one message takes: less is better. */
  OptionalDouble cpuRatio(EchoCell cell, String server, String other) {
    return ratioToGreatest(cell, server, List.of(other), EchoSample::cpuMicrosPerMessage);
  }

  private OptionalDouble ratioToGreatest(
      EchoCell cell,
      String server,
      Collection<String> others,
      ToDoubleFunction<EchoSample> value) {
    var own = new TreeMap<Integer, Double>();
    var greatest = new TreeMap<Integer, Double>();
    for (EchoSample sample : samples) {
      if (!sample.cell().equals(cell)) {
        continue;
      }
      if (sample.server().equals(server)) {
        own.put(sample.round(), value.applyAsDouble(sample));
      }
      if (others.contains(sample.server())) {
        greatest.merge(sample.round(), value.applyAsDouble(sample), Math::max);
      }
    }
    return medianRatio(own, greatest);
  }

  /** The median of the ratios of rounds that both have; the values by round. */
  static OptionalDouble medianRatio(Map<Integer, Double> own, Map<Integer, Double> other) {
    return median(
        own.entrySet().stream()
            .filter(round -> other.containsKey(round.getKey()))
            .mapToDouble(
                round -> round.getValue() / other.getOrDefault(round.getKey(), Double.NaN))
            .toArray());
  }

  static OptionalDouble median(double... values) {
    if (values.length == 0) {
      return OptionalDouble.empty();
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }
}
