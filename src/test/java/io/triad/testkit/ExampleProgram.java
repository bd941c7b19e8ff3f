package io.triad.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.Triad;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Starts programs of the examples as their users do: in a virtual machine of their own. */
public final class ExampleProgram {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("project.build.directory", "target"), "examples-classes");

  private ExampleProgram() {}

  /** Starts one; what it says on standard error goes to that of the tests. */
  public static Process start(String... arguments) throws IOException {
    String path =
        String.join(
            File.pathSeparator,
            EXAMPLES.toString(), origin(Triad.class), origin(CommandLine.class));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", path));
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

  private static String origin(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
