package io.triad.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The part of the report about the scenarios. */
final class ScenarioReport {
  private final ScenarioResults results;
  private final List<String> servers;

  ScenarioReport(ScenarioResults results, List<String> servers) {
    this.results = results;
    this.servers = servers;
  }

  void addGoals(EchoGoals goals) {
    for (Scenario scenario : Scenario.values()) {
      scenario.addGoals(goals, results);
    }
  }

  /** A table for each scenario, a line for each server. */
  void addTables(Markdown page) {
    for (Scenario scenario : Scenario.values()) {
      if (!results.has(scenario)) {
        continue;
      }
      String title = scenario.title();
      page.heading(Character.toUpperCase(title.charAt(0)) + title.substring(1));
      page.columns(
          List.of(
              "server",
              scenario.unit() + " per s",
              "jdk = 1",
              "CPU µs/" + scenario.unit(),
              "CPU, jdk = 1",
              "CPU, c = 1",
              "server core busy",
              "load core busy"));
      for (String server : servers) {
        if (results.median(scenario, server, ScenarioSample::unitsPerSecond).isPresent()) {
          addServer(page, scenario, server);
        }
      }
    }
  }

  private void addServer(Markdown page, Scenario scenario, String server) {
    page.row(
        List.of(
            server,
            Markdown.figure(
                "%,.0f", results.median(scenario, server, ScenarioSample::unitsPerSecond)),
            Markdown.figure("%.2f", results.rateRatio(scenario, server, EchoResults.JDK)),
            Markdown.figure(
                "%.2f", results.median(scenario, server, ScenarioSample::cpuMicrosPerUnit)),
            Markdown.figure("%.2f", results.cpuRatio(scenario, server, EchoResults.JDK)),
            Markdown.figure("%.2f", results.cpuRatio(scenario, server, "c")),
            Markdown.figure(
                "%.0f %%",
                results.median(scenario, server, sample -> 100 * sample.serverBusy())),
            Markdown.figure(
                "%.0f %%",
                results.median(scenario, server, sample -> 100 * sample.loadBusy()))));
  }

  /** One table for all: a line for each scenario, processor time relative to the JDK. */
  void addSummary(Markdown page) {
    if (results.samples().isEmpty()) {
      return;
    }
    page.line("Other work: CPU time of the server, JDK virtual threads = 1 (less is better); and"
        + " Triad's rate beside theirs:");
    page.line("");
    var columns = new ArrayList<>(List.of("", "jdk"));
    for (String server : servers) {
      if (!server.equals(EchoResults.JDK)) {
        columns.add(server);
      }
    }
    columns.add("rate, Triad / JDK");
    page.columns(columns);
    for (Scenario scenario : Scenario.values()) {
      if (results.has(scenario)) {
        page.row(summaryOf(scenario));
      }
    }
    page.line("");
  }

  private List<String> summaryOf(Scenario scenario) {
    OptionalDouble absolute =
        results.median(scenario, EchoResults.JDK, ScenarioSample::cpuMicrosPerUnit);
    var fields = new ArrayList<String>();
    fields.add(scenario.title());
    fields.add(Markdown.figure("%.2f µs/" + scenario.unit(), absolute));
    for (String server : servers) {
      if (!server.equals(EchoResults.JDK)) {
        fields.add(Markdown.figure("%.2f", results.cpuRatio(scenario, server, EchoResults.JDK)));
      }
    }
    fields.add(
        Markdown.figure(
            "%.2f", results.rateRatio(scenario, EchoResults.TRIAD, EchoResults.JDK)));
    return fields;
  }

  /** Whether every server that takes part was measured in every scenario asked for. */
  boolean isComplete(List<String> scenarios) {
    boolean complete = true;
    for (Scenario scenario : Scenario.values()) {
      if (!scenarios.contains(scenario.key())) {
        continue;
      }
      for (String server : servers) {
        boolean takesPart =
            scenario == Scenario.SHORT || !EchoResults.NETTY.contains(server);
        if (takesPart
            && results.median(scenario, server, ScenarioSample::unitsPerSecond).isEmpty()) {
          System.err.println("no measurement of " + server + ": " + scenario.title());
          complete = false;
        }
      }
    }
    return complete;
  }
}
