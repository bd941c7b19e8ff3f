package io.triad.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.loop.ChildVm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts programs of the examples as their users do: in a virtual machine of their own. */
public final class ExampleProgram implements AutoCloseable {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("project.build.directory", "target"), "examples-classes");

  private final Process process;
  private final int port;

  private ExampleProgram(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one; what it says on standard error goes to that of the tests. */
  public static Process start(String... arguments) throws IOException {
    // The libraries of the examples are on the class path of the tests.
    String path = EXAMPLES + File.pathSeparator + System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ChildVm.HOST_OPTIONS);
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", path));
    String engine = System.getProperty("triad.engine", "");
    if (!engine.isEmpty() && !engine.equals("simulated")) {
      command.add("-Dtriad.engine=" + engine);
    }
    String platform = System.getProperty("triad.platform");
    if (platform != null) {
      command.add("-Dtriad.platform=" + platform);
    }
    command.addAll(List.of("-Dstdout.encoding=UTF-8", "io.triad.examples.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.start();
  }

  /** Runs one to its end, which must be a good one; what it said, line by line. */
  public static List<String> run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new AssertionError("exit status " + status + " after: " + output);
    }
    return output.lines().toList();
  }

  /** Starts one that serves, and waits until it does. */
  public static ExampleProgram serve(String... arguments) throws IOException {
    Process process = start(arguments);
    BufferedReader output = process.inputReader(UTF_8);
    String line = output.readLine();
    if (line == null || !line.startsWith("listening on ")) {
      process.destroyForcibly();
      throw new AssertionError("the server did not start: " + line);
    }
    return new ExampleProgram(
        process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Ends the server, which must still be there. */
  @Override
  public void close() {
    boolean alive = process.isAlive();
    process.destroy();
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError("the server did not end", e);
    }
    if (!alive) {
      throw new AssertionError("the server ended by itself, status " + process.exitValue());
    }
  }
}
