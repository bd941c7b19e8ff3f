package io.triad.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A server of the demo in a process of its own, so that its processor time can be told apart. */
final class DemoServer implements AutoCloseable {
  private final String name;
  private final Process process;
  private final int port;
  private final LatencyHistogram latencies = new LatencyHistogram();
  private double seconds;
  private long cpuNanos;

  private DemoServer(String name, Process process, int port) {
    this.name = name;
    this.process = process;
    this.port = port;
  }

  /** Starts one of the example programs on a port that the system chooses. */
  static DemoServer start(String name, String program) throws IOException {
    Process process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            program,
            "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (line == null || !line.startsWith("listening on ")) {
      process.destroy();
      throw new IOException(program + " did not start: " + line);
    }
    return new DemoServer(
        name, process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** The processor time that the process has used. */
  long cpuNanos() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** Adds what one round has measured. */
  void add(DemoLoad load, long cpu) {
    latencies.add(load.latencies());
    seconds += load.seconds();
    cpuNanos += cpu;
  }

  /** Drops what was measured so far. */
  void forget() {
    latencies.clear();
    seconds = 0;
    cpuNanos = 0;
  }

  double messagesPerSecond() {
    return latencies.count() / seconds;
  }

  double cpuMicrosPerMessage() {
    return cpuNanos / 1e3 / latencies.count();
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "%-20s  %,10.0f  %7.0f  %7.0f  %15.2f",
        name,
        messagesPerSecond(),
        latencies.quantileNanos(0.50) / 1e3,
        latencies.quantileNanos(0.99) / 1e3,
        cpuMicrosPerMessage());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(5, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
