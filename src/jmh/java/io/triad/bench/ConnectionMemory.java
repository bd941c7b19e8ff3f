package io.triad.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The part of the report about the memory of connections: the lines of {@code memory.csv}. */
record ConnectionMemory(List<String> rows) {
  private static final double IDLE_BYTES = 2 * 1024;
  private static final double USED_BYTES = 4.5 * 1024;
  private static final String HOW =
      "Growth of VmRSS divided by the connections, after a full collection; the kernel's memory is"
          + " not in it. In brackets: how much of it is live Java heap.";

  void addTable(Markdown page) {
    if (!rows.isEmpty()) {
      page.heading("A burst of connections, and the resident memory of each");
      addFigures(page);
    }
  }

  void addSummary(Markdown page) {
    if (!rows.isEmpty()) {
      addFigures(page);
      page.line("");
    }
  }

  private void addFigures(Markdown page) {
    page.line(HOW);
    page.line("");
    page.columns(
        List.of(
            "server",
            "connections",
            "all connected, ms",
            "one 64 B message echoed on each, ms",
            "bytes, idle",
            "bytes, after one message"));
    for (String row : rows) {
      String[] fields = row.split(",", -1);
      page.row(
          List.of(
              fields[0],
              fields[1],
              fields[2],
              fields[3],
              String.format(
                  Locale.ROOT, "%,.0f (%,.0f)", growth(fields, 4, 6), growth(fields, 5, 7)),
              String.format(
                  Locale.ROOT, "%,.0f (%,.0f)", growth(fields, 4, 8), growth(fields, 5, 9))));
    }
  }

  void addGoals(EchoGoals goals) {
    for (String row : rows) {
      String[] fields = row.split(",", -1);
      if (fields[0].equals(EchoResults.TRIAD)) {
        goals.atMost(
            "bytes per idle connection",
            fields[1],
            IDLE_BYTES,
            OptionalDouble.of(growth(fields, 4, 6)));
        goals.atMost(
            "bytes after one message",
            fields[1],
            USED_BYTES,
            OptionalDouble.of(growth(fields, 4, 8)));
      }
    }
  }

  /** For each connection, between two columns. */
  private static double growth(String[] fields, int before, int after) {
    double growth = Double.parseDouble(fields[after]) - Double.parseDouble(fields[before]);
    return growth / Long.parseLong(fields[1]);
  }
}
