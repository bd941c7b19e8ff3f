package io.triad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Turns what {@code ci/bench-echo} measured into tables and a plot.
 *
 * <p>Reads {@code about.md} and {@code echo.csv}, and {@code scenarios.csv}, {@code memory.csv} and
 * {@code start.csv} if they are there; writes {@code echo.md}, {@code readme.md} (what the README
 * shows of it) and {@code echo.svg} beside them and prints the first. Ends with status 1 if a server
 * that was asked for has no measurement.
 */
public final class EchoReport {
  private static final double DISTURBED = 0.1;

  private final Path folder;
  private final List<String> servers;
  private final EchoResults results;
  private final ScenarioReport scenarios;
  private final ConnectionMemory memory;
  private final StartUpTimes startUp;
  private final EchoGoals goals = new EchoGoals();
  private final Markdown page = new Markdown();

  private EchoReport(Path folder, List<String> servers) throws IOException {
    this.folder = folder;
    this.servers = servers;
    this.results =
        new EchoResults(rows("echo.csv").stream().map(EchoSample::parse).toList());
    this.scenarios =
        new ScenarioReport(
            new ScenarioResults(
                rows("scenarios.csv").stream().map(ScenarioSample::parse).toList()),
            servers);
    this.memory = new ConnectionMemory(rows("memory.csv"));
    this.startUp = new StartUpTimes(rows("start.csv"));
  }

  /**
   * Arguments: the folder; the servers with commas between, the reference first; the scenarios that
   * must be there, with commas between.
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: EchoReport FOLDER SERVERS SCENARIOS");
      System.exit(2);
    }
    var report = new EchoReport(Path.of(args[0]), List.of(args[1].split(",")));
    report.write();
    boolean complete = report.isComplete();
    complete &= report.scenarios.isComplete(List.of(args[2].split(",")));
    System.exit(complete ? 0 : 1);
  }

  private void write() throws IOException {
    page.line("# Echo servers side by side");
    page.line("");
    Files.readAllLines(folder.resolve("about.md")).forEach(page::line);
    addInterference();
    page.heading("Messages per second, " + servers.getFirst() + " = 1");
    addRatios(page);
    page.heading(
        "CPU time of the server per message, " + servers.getFirst() + " = 1 (less is better)");
    addCpuRatios(page);
    addDetails();
    goals.addThroughput(results);
    scenarios.addTables(page);
    scenarios.addGoals(goals);
    memory.addTable(page);
    memory.addGoals(goals);
    startUp.addTable(page);
    startUp.addGoals(goals);
    addGoals();
    Files.writeString(folder.resolve("echo.md"), page.toString());
    Files.writeString(folder.resolve("readme.md"), summary().toString());
    System.out.print(page);
    if (!results.samples().isEmpty()) {
      EchoPlot.write(folder.resolve("echo.svg"), results, servers, servers.getFirst());
    }
  }

  /** What the README shows. */
  private Markdown summary() {
    var summary = new Markdown();
    summary.line("Messages per second, " + servers.getFirst() + " = 1:");
    summary.line("");
    addRatios(summary);
    summary.line("");
    summary.line(
        "CPU time of the server per message, " + servers.getFirst() + " = 1 (less is better):");
    summary.line("");
    addCpuRatios(summary);
    summary.line("");
    scenarios.addSummary(summary);
    memory.addSummary(summary);
    startUp.addSummary(summary);
    return summary;
  }

  private boolean isComplete() {
    boolean complete = !results.cells().isEmpty();
    for (EchoCell cell : results.cells()) {
      for (String server : servers) {
        if (results.median(cell, server, EchoSample::messagesPerSecond).isEmpty()) {
          System.err.println("no measurement of " + server + " in " + cell);
          complete = false;
        }
      }
    }
    return complete;
  }

  private void addInterference() {
    double[] others = results.samples().stream().mapToDouble(EchoSample::othersBusy).toArray();
    double most = results.samples().stream().mapToDouble(EchoSample::othersBusy).max().orElse(0);
    EchoResults.median(others)
        .ifPresent(
            median -> page.line(
                String.format(
                    Locale.ROOT,
                    "- everything else on the machine kept %.2f cores busy meanwhile (median;"
                        + " at most %.2f)%s",
                    median,
                    most,
                    median > DISTURBED ? ": **messages per second are disturbed**" : "")));
  }

  private void addRatios(Markdown page) {
    String reference = servers.getFirst();
    boolean triad = servers.contains(EchoResults.TRIAD);
    var columns = new ArrayList<>(List.of("size", "connections", reference + ", messages/s"));
    columns.addAll(servers.subList(1, servers.size()));
    if (triad) {
      columns.addAll(List.of("Triad / JDK", "Triad / best Netty"));
    }
    page.columns(columns);
    for (EchoCell cell : results.cells()) {
      var fields = new ArrayList<String>();
      fields.add(cell.size());
      fields.add(String.valueOf(cell.connections()));
      fields.add(
          Markdown.figure("%,.0f", results.median(cell, reference, EchoSample::messagesPerSecond)));
      for (String server : servers.subList(1, servers.size())) {
        fields.add(Markdown.figure("%.2f", results.ratio(cell, server, reference)));
      }
      if (triad) {
        fields
            .add(Markdown.figure("%.2f", results.ratio(cell, EchoResults.TRIAD, EchoResults.JDK)));
        fields.add(
            Markdown.figure("%.2f",
                results.ratioToBest(cell, EchoResults.TRIAD, EchoResults.NETTY)));
      }
      page.row(fields);
    }
  }

  /** Processes that disturb the run change the messages per second much more than this. */
  private void addCpuRatios(Markdown page) {
    String reference = servers.getFirst();
    var columns = new ArrayList<>(List.of("size", "connections", reference + ", µs/message"));
    columns.addAll(servers.subList(1, servers.size()));
    page.columns(columns);
    for (EchoCell cell : results.cells()) {
      var fields = new ArrayList<String>();
      fields.add(cell.size());
      fields.add(String.valueOf(cell.connections()));
      fields.add(median("%.2f", cell, reference, EchoSample::cpuMicrosPerMessage));
      for (String server : servers.subList(1, servers.size())) {
        fields.add(Markdown.figure("%.2f", results.cpuRatio(cell, server, reference)));
      }
      page.row(fields);
    }
  }

  private void addDetails() {
    page.heading("Latency and CPU (medians over the rounds)");
    var columns =
        List.of(
            "size",
            "connections",
            "server",
            "messages/s",
            "p50 µs",
            "p99 µs",
            "p99.9 µs",
            "CPU µs/message",
            "server core busy",
            "load core busy");
    page.columns(columns);
    for (EchoCell cell : results.cells()) {
      for (String server : servers) {
        page.row(
            List.of(
                cell.size(),
                String.valueOf(cell.connections()),
                server,
                median("%,.0f", cell, server, EchoSample::messagesPerSecond),
                median("%,.0f", cell, server, sample -> sample.p50() / 1e3),
                median("%,.0f", cell, server, sample -> sample.p99() / 1e3),
                median("%,.0f", cell, server, sample -> sample.p999() / 1e3),
                median("%.2f", cell, server, EchoSample::cpuMicrosPerMessage),
                median("%.0f %%", cell, server, sample -> 100 * sample.serverBusy()),
                median("%.0f %%", cell, server, sample -> 100 * sample.loadBusy())));
      }
    }
  }

  private void addGoals() {
    if (goals.all().isEmpty()) {
      return;
    }
    page.heading("Goals");
    page.columns(List.of("goal", "where", "wanted", "measured", ""));
    for (EchoGoals.Goal goal : goals.all()) {
      page.row(
          List.of(
              goal.what(),
              goal.where(),
              (goal.atLeast() ? "≥ " : "≤ ") + figure(goal.wanted()),
              figure(goal.measured()),
              goal.isReached() ? "reached" : "**short**"));
    }
  }

  /** The lines below the header; none if there is no such file. */
  private List<String> rows(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file)
        ? Files.readAllLines(file).stream().skip(1).toList()
        : List.of();
  }

  private String median(
      String format, EchoCell cell, String server, ToDoubleFunction<EchoSample> value) {
    return Markdown.figure(format, results.median(cell, server, value));
  }

  /** Ratios to the hundredth, bytes as whole numbers. */
  private static String figure(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }
}
