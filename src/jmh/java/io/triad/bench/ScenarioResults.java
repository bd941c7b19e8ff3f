package io.triad.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The measurements of all scenarios, and the medians over their rounds. */
final class ScenarioResults {
  private final List<ScenarioSample> samples;

  ScenarioResults(List<ScenarioSample> samples) {
    this.samples = List.copyOf(samples);
  }

  List<ScenarioSample> samples() {
    return samples;
  }

  /** Whether any server was measured in it. */
  boolean has(Scenario scenario) {
    return samples.stream().anyMatch(sample -> sample.scenario() == scenario);
  }

  /** Empty when the server was not measured in that scenario. */
  OptionalDouble median(
      Scenario scenario, String server, ToDoubleFunction<ScenarioSample> value) {
    return EchoResults.median(
        samples.stream()
            .filter(sample -> sample.scenario() == scenario && sample.server().equals(server))
            .mapToDouble(value)
            .toArray());
  }

  /** How many times as much the server gets done in a second as the other: more is better. */
  OptionalDouble rateRatio(Scenario scenario, String server, String other) {
    return ratio(scenario, server, other, ScenarioSample::unitsPerSecond);
  }

  /** How many times the processor time of the other the server takes: less is better. */
  OptionalDouble cpuRatio(Scenario scenario, String server, String other) {
    return ratio(scenario, server, other, ScenarioSample::cpuMicrosPerUnit);
  }

  /** The ratio within each round, then the median over the rounds in which both were measured. */
  private OptionalDouble ratio(
      Scenario scenario, String server, String other, ToDoubleFunction<ScenarioSample> value) {
    var own = new TreeMap<Integer, Double>();
    var others = new TreeMap<Integer, Double>();
    for (ScenarioSample sample : samples) {
      if (sample.scenario() == scenario) {
        if (sample.server().equals(server)) {
          own.put(sample.round(), value.applyAsDouble(sample));
        }
        if (sample.server().equals(other)) {
          others.put(sample.round(), value.applyAsDouble(sample));
        }
      }
    }
    return EchoResults.medianRatio(own, others);
  }
}
