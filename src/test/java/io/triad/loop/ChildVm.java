package io.triad.loop;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a program of the tests in a new virtual machine of the same Java runtime, and keeps what
 * came out of it.
 */
public record ChildVm(int exitStatus, List<String> out, List<String> err) {

  private static final long LIMIT_SECONDS = 120;

  /** Options for every virtual machine that tests start: what this machine needs them to have. */
  public static final List<String> HOST_OPTIONS =
      Stream.of(System.getProperty("triad.test.vm.options", "").split(" "))
          .filter(option -> !option.isEmpty())
          .toList();

  /** How the child finds Triad. */
  public enum Placement {
    /** In the unnamed module. */
    CLASS_PATH("ALL-UNNAMED"),

    /** As the module {@code io.triad}, the program patched into it. */
    MODULE_PATH("io.triad");

    private final String module;

    Placement(String module) {
      this.module = module;
    }

    /** Returns the name by which options of the {@code java} command know Triad. */
    public String module() {
      return module;
    }

    private List<String> command(Class<?> program) {
      return switch (this) {
        case CLASS_PATH ->
            List.of("-cp", triad() + File.pathSeparator + testClasses(), program.getName());
        case MODULE_PATH ->
            List.of(
                "-p",
                triad().toString(),
                "--patch-module",
                module + "=" + testClasses(),
                "-m",
                module + "/" + program.getName());
      };
    }
  }

  /** Runs {@code program}, to its end, with these options of the {@code java} command. */
  public static ChildVm run(
      Placement placement, List<String> options, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(HOST_OPTIONS);
    command.addAll(options);
    command.addAll(placement.command(program));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("child", ".out");
    Path err = Files.createTempFile("child", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      // Options from outside, and the note that they were picked up, would spoil the comparison.
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("no end after " + LIMIT_SECONDS + " s: " + command);
      }
      return new ChildVm(process.exitValue(), lines(out), lines(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.UTF_8);
  }

  /** Returns the folder or jar that Triad was loaded from. */
  static Path triad() {
    return path(SchedulerAccess.class.getProtectionDomain().getCodeSource().getLocation());
  }

  /** Returns the folder of the tests. Patched into a module, they have the module's code source. */
  private static Path testClasses() {
    Class<?> type = ChildVm.class;
    String file = type.getName().replace('.', '/') + ".class";
    Path path =
        path(Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class"), file));
    for (int i = Path.of(file).getNameCount(); i > 0; i--) {
      path = Objects.requireNonNull(path.getParent());
    }
    return path;
  }

  private static Path path(URL url) {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError("the class loader made this address", e);
    }
  }
}
