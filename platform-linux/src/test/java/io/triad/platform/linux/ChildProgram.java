package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** Runs a program of these tests in a virtual machine of its own, under limits of its own. */
final class ChildProgram {
  /** The command that starts a virtual machine like this one. */
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final long LIMIT_SECONDS = 60;

  /** A name for each place that the programs are loaded from. */
  private static final List<Class<?>> SOURCES =
      List.of(
          LinuxPlatform.class, ChildProgram.class, Assertions.class, Executable.class,
          Nullable.class);

  private ChildProgram() {}

  /** The places that hold Triad and its tests. */
  static List<Path> classPath() {
    return SOURCES.stream().map(ChildProgram::source).distinct().toList();
  }

  private static Path source(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError("the class loader made this address", e);
    }
  }

  /**
   * Runs a program to its end, which must be a good one.
   *
   * @param launcher a command that runs the command behind it
   * @return the lines that it wrote
   */
  static List<String> run(
      List<String> launcher, List<Path> classPath, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(launcher);
    command.add(JAVA);
    command.addAll(
        List.of("-ea", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(program.getName());
    command.addAll(Arrays.asList(arguments));
    Path output = Files.createTempFile("child", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("no end after " + LIMIT_SECONDS + " s: " + command);
      }
      List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as("%s%n%s", command, String.join("\n", lines)).isZero();
      return lines;
    } finally {
      Files.delete(output);
    }
  }
}
