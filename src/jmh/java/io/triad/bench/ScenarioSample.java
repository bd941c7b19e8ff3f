package io.triad.bench;

import java.util.Arrays;

/**
 * One measurement of one server in one round of a scenario.
 *
 * @param done connections, bytes or datagrams
 * @param serverCpu user and kernel time of all threads of the server, nanoseconds
 * @param loadCpu the same of the load generator
 * @param otherCpu what everything else on the machine used meanwhile, stolen time included
 */
record ScenarioSample(
    Scenario scenario,
    int round,
    String server,
    long done,
    double seconds,
    long serverCpu,
    long loadCpu,
    long otherCpu) {

  /** Reads a line of {@code scenarios.csv}, whose columns {@code ci/bench-echo} names. */
  static ScenarioSample parse(String line) {
    String[] fields = line.split(",", -1);
    return new ScenarioSample(
        Arrays.stream(Scenario.values())
            .filter(scenario -> scenario.key().equals(fields[0]))
            .findAny()
            .orElseThrow(() -> new IllegalArgumentException("no such scenario: " + line)),
        Integer.parseInt(fields[1]),
        fields[2],
        Long.parseLong(fields[3]),
        Double.parseDouble(fields[4]),
        Long.parseLong(fields[5]),
        Long.parseLong(fields[6]),
        Long.parseLong(fields[7]));
  }

  double unitsPerSecond() {
    return done / scenario.unitSize() / seconds;
  }

  double cpuMicrosPerUnit() {
    return serverCpu / 1e3 / (done / scenario.unitSize());
  }

  /** Share of its core the server used. */
  double serverBusy() {
    return serverCpu / 1e9 / seconds;
  }

  /** Share of its core the load generator used. */
  double loadBusy() {
    return loadCpu / 1e9 / seconds;
  }
}
