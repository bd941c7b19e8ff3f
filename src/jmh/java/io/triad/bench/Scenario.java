package io.triad.bench;

import java.util.OptionalDouble;

/** What servers are measured at besides echoing messages on connections that stay. */
enum Scenario {
  SHORT("short", "connections of one 64 B message, 64 at a time", "connection", 1),
  IN("in", "streams in, 8 of them, 64 KiB chunks", "MB", 1e6),
  OUT("out", "streams out, 8 of them, 64 KiB chunks", "MB", 1e6),
  FILE("file", "a cached file of 64 MiB sent, 4 at a time", "MB", 1e6),
  UDP("udp", "64 B datagrams echoed, from 64 sockets", "datagram", 1);

  private static final double SHORT_CPU_TO_JDK = 0.5;
  private static final double SHORT_CPU_TO_C = 1.1;
  private static final double IN_CPU_TO_JDK = 0.6;
  private static final double OUT_CPU_TO_JDK = 0.85;
  private static final double UDP_TO_JDK = 1.5;

  private final String key;
  private final String title;
  private final String unit;
  private final double unitSize;

  Scenario(String key, String title, String unit, double unitSize) {
    this.key = key;
    this.title = title;
    this.unit = unit;
    this.unitSize = unitSize;
  }

  /** As {@code scenarios.csv} calls it. */
  String key() {
    return key;
  }

  String title() {
    return title;
  }

  /** What is counted: a connection, a megabyte, a datagram. */
  String unit() {
    return unit;
  }

  /** How much of what the load counts makes one unit. */
  double unitSize() {
    return unitSize;
  }

  void addGoals(EchoGoals goals, ScenarioResults results) {
    OptionalDouble cpuToJdk = results.cpuRatio(this, EchoResults.TRIAD, EchoResults.JDK);
    switch (this) {
      case SHORT -> {
        goals.atMost("CPU, Triad / JDK", title, SHORT_CPU_TO_JDK, cpuToJdk);
        goals.atMost(
            "CPU, Triad / C",
            title,
            SHORT_CPU_TO_C,
            results.cpuRatio(this, EchoResults.TRIAD, "c"));
      }
      case IN -> goals.atMost("CPU, Triad / JDK", title, IN_CPU_TO_JDK, cpuToJdk);
      case OUT -> goals.atMost("CPU, Triad / JDK", title, OUT_CPU_TO_JDK, cpuToJdk);
      case UDP -> goals.atLeast(
          "datagrams/s, Triad / JDK",
          title,
          UDP_TO_JDK,
          results.rateRatio(this, EchoResults.TRIAD, EchoResults.JDK));
      case FILE -> {
        // Reported only.
      }
    }
  }
}
