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
 * Turns what {@code ci/bench-echo} measured into a table and a plot.
 *
 * <p>Reads {@code about.md} and {@code echo.csv}, and {@code memory.csv} and {@code start.csv} if
 * they are there; writes {@code echo.md} and {@code echo.svg} beside them and prints the former.
 * Ends with status 1 if a server that was asked for has no measurement.
 */
public final class EchoReport {
  private static final double IDLE_BYTES = 2 * 1024;
  private static final double USED_BYTES = 4.5 * 1024;
  private static final double START_RATIO = 1.5;
  private static final double DISTURBED = 0.1;

  private final Path folder;
  private final List<String> servers;
  private final EchoResults results;
  private final EchoGoals goals = new EchoGoals();
  private final Markdown page = new Markdown();

  private EchoReport(Path folder, List<String> servers) throws IOException {
    this.folder = folder;
    this.servers = servers;
    this.results =
        new EchoResults(rows("echo.csv").stream().map(EchoSample::parse).toList());
  }

  /** Arguments: the folder, and the servers with commas between, the reference first. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: EchoReport FOLDER SERVERS");
      System.exit(2);
    }
    var report = new EchoReport(Path.of(args[0]), List.of(args[1].split(",")));
    report.write();
    System.exit(report.isComplete() ? 0 : 1);
  }

  private void write() throws IOException {
    page.line("# Echo servers side by side");
    page.line("");
    Files.readAllLines(folder.resolve("about.md")).forEach(page::line);
    addInterference();
    addRatios();
    addCpuRatios();
    addDetails();
    goals.addThroughput(results);
    addMemory();
    addStartUp();
    addGoals();
    Files.writeString(folder.resolve("echo.md"), page.toString());
    System.out.print(page);
    if (!results.samples().isEmpty()) {
      EchoPlot.write(folder.resolve("echo.svg"), results, servers, servers.getFirst());
    }
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

  private void addRatios() {
    String reference = servers.getFirst();
    boolean triad = servers.contains(EchoResults.TRIAD);
    page.heading("Messages per second, " + reference + " = 1");
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
      fields.add(format("%,.0f", results.median(cell, reference, EchoSample::messagesPerSecond)));
      for (String server : servers.subList(1, servers.size())) {
        fields.add(format("%.2f", results.ratio(cell, server, reference)));
      }
      if (triad) {
        fields.add(format("%.2f", results.ratio(cell, EchoResults.TRIAD, EchoResults.JDK)));
        fields.add(
            format("%.2f", results.ratioToBest(cell, EchoResults.TRIAD, EchoResults.NETTY)));
      }
      page.row(fields);
    }
  }

  /** Processes that disturb the run change the messages per second much more than this. */
  private void addCpuRatios() {
    String reference = servers.getFirst();
    page.heading("CPU time of the server per message, " + reference + " = 1 (less is better)");
    var columns = new ArrayList<>(List.of("size", "connections", reference + ", µs/message"));
    columns.addAll(servers.subList(1, servers.size()));
    page.columns(columns);
    for (EchoCell cell : results.cells()) {
      var fields = new ArrayList<String>();
      fields.add(cell.size());
      fields.add(String.valueOf(cell.connections()));
      fields.add(median("%.2f", cell, reference, EchoSample::cpuMicrosPerMessage));
      for (String server : servers.subList(1, servers.size())) {
        fields.add(format("%.2f", results.cpuRatio(cell, server, reference)));
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

  private void addMemory() throws IOException {
    List<String> rows = rows("memory.csv");
    if (rows.isEmpty()) {
      return;
    }
    page.heading("A burst of connections, and the resident memory of each");
    page.line(
        "Growth of VmRSS divided by the connections, after a full collection; the kernel's memory"
            + " is not in it. In brackets: how much of it is live Java heap.");
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
      long connections = Long.parseLong(fields[1]);
      double idle = growth(fields[4], fields[6]) / connections;
      double used = growth(fields[4], fields[8]) / connections;
      double idleHeap = growth(fields[5], fields[7]) / connections;
      double usedHeap = growth(fields[5], fields[9]) / connections;
      page.row(
          List.of(
              fields[0],
              fields[1],
              fields[2],
              fields[3],
              String.format(Locale.ROOT, "%,.0f (%,.0f)", idle, idleHeap),
              String.format(Locale.ROOT, "%,.0f (%,.0f)", used, usedHeap)));
      if (fields[0].equals(EchoResults.TRIAD)) {
        goals.atMost("bytes per idle connection", fields[1], IDLE_BYTES, OptionalDouble.of(idle));
        goals.atMost("bytes after one message", fields[1], USED_BYTES, OptionalDouble.of(used));
      }
    }
  }

  private static double growth(String before, String after) {
    return Double.parseDouble(after) - Double.parseDouble(before);
  }

  private void addStartUp() throws IOException {
    List<String> rows = rows("start.csv");
    if (rows.isEmpty()) {
      return;
    }
    page.heading("Time to the first byte echoed (medians)");
    page.columns(
        List.of("program", "AOT cache", "from main, ms", "from the start of the process, ms"));
    for (String cache : List.of("no", "yes")) {
      for (String program : List.of("JdkFirstEcho", "TriadFirstEcho")) {
        OptionalDouble fromMain = startMillis(rows, program, cache, 3);
        if (fromMain.isPresent()) {
          OptionalDouble fromProcess = startMillis(rows, program, cache, 4);
          page.row(List.of(program, cache, format("%.1f", fromMain), format("%.1f", fromProcess)));
        }
      }
      OptionalDouble jdk = startMillis(rows, "JdkFirstEcho", cache, 3);
      OptionalDouble triad = startMillis(rows, "TriadFirstEcho", cache, 3);
      if (jdk.isPresent() && triad.isPresent()) {
        goals.atMost(
            "first byte, Triad / JDK",
            cache.equals("yes") ? "both with an AOT cache" : "no AOT cache",
            START_RATIO,
            OptionalDouble.of(triad.getAsDouble() / jdk.getAsDouble()));
      }
    }
  }

  private static OptionalDouble startMillis(
      List<String> rows, String program, String cache, int column) {
    return EchoResults.median(
        rows.stream()
            .filter(row -> row.startsWith(program + "," + cache + ","))
            .mapToDouble(row -> Double.parseDouble(row.split(",", -1)[column]) / 1e6)
            .toArray());
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
    return format(format, results.median(cell, server, value));
  }

  private static String format(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "–";
  }

  /** Ratios to the hundredth, bytes as whole numbers. */
  private static String figure(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }
}
