package io.triad.bench;

import java.util.List;
import java.util.OptionalDouble;

/** The part of the report about the time to the first byte: the lines of {@code start.csv}. */
record StartUpTimes(List<String> rows) {
  private static final double TO_JDK = 1.5;
  private static final String JDK = "JdkFirstEcho";
  private static final String TRIAD = "TriadFirstEcho";
  private static final int FROM_MAIN = 3;
  private static final int FROM_PROCESS = 4;

  void addTable(Markdown page) {
    if (!rows.isEmpty()) {
      page.heading("Time to the first byte echoed (medians)");
      addFigures(page);
    }
  }

  void addSummary(Markdown page) {
    if (!rows.isEmpty()) {
      page.line(
          "Time to the first byte echoed, from `main` (medians; with and without the JDK's AOT"
              + " cache):");
      page.line("");
      addFigures(page);
      page.line("");
    }
  }

  private void addFigures(Markdown page) {
    page.columns(
        List.of("program", "AOT cache", "from main, ms", "from the start of the process, ms"));
    for (String cache : List.of("no", "yes")) {
      for (String program : List.of(JDK, TRIAD)) {
        OptionalDouble fromMain = millis(program, cache, FROM_MAIN);
        if (fromMain.isPresent()) {
          page.row(
              List.of(
                  program,
                  cache,
                  Markdown.figure("%.1f", fromMain),
                  Markdown.figure("%.1f", millis(program, cache, FROM_PROCESS))));
        }
      }
    }
  }

  void addGoals(EchoGoals goals) {
    for (String cache : List.of("no", "yes")) {
      OptionalDouble jdk = millis(JDK, cache, FROM_MAIN);
      OptionalDouble triad = millis(TRIAD, cache, FROM_MAIN);
      if (jdk.isPresent() && triad.isPresent()) {
        goals.atMost(
            "first byte, Triad / JDK",
            cache.equals("yes") ? "both with an AOT cache" : "no AOT cache",
            TO_JDK,
            OptionalDouble.of(triad.getAsDouble() / jdk.getAsDouble()));
      }
    }
  }

  private OptionalDouble millis(String program, String cache, int column) {
    return EchoResults.median(
        rows.stream()
            .filter(row -> row.startsWith(program + "," + cache + ","))
            .mapToDouble(row -> Double.parseDouble(row.split(",", -1)[column]) / 1e6)
            .toArray());
  }
}
