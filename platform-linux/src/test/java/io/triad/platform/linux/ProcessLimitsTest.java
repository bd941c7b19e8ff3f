package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.platform.linux.ffi.Linux;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits of a whole process, each in a virtual machine of its own. */
@Timeout(120)
class ProcessLimitsTest {
  private static final int NOBODY = 65534;

  /** A command that lowers a limit and runs the command behind it. */
  private static List<String> withLimit(String option, int value) {
    return List.of("sh", "-c", "ulimit " + option + " " + value + " && exec \"$@\"", "sh");
  }

  @Test
  void net_19_at_the_limit_of_descriptors_a_listener_says_so_and_lives() throws Exception {
    List<String> lines =
        ChildProgram.run(
            withLimit("-n", 128),
            ChildProgram.classPath(),
            ExhaustListener.class,
            EngineChoice.IO_URING,
            EngineChoice.EPOLL);
    assertThat(lines).contains("passed: io_uring", "passed: epoll");
  }

  @Test
  void at_the_limit_of_descriptors_the_error_is_told_and_everything_else_goes_on()
      throws Exception {
    List<String> lines =
        ChildProgram.run(
            withLimit("-n", 128), ChildProgram.classPath(), ExhaustDescriptors.class);
    assertThat(lines)
        .containsExactlyElementsOf(
            Stream.of(EngineMode.values()).map(mode -> "passed: " + mode).toList());
  }

  @Test
  void a_filter_is_named_as_the_cause() throws Exception {
    for (int errno : new int[] {Linux.EPERM(), Linux.ENOSYS()}) {
      List<String> lines =
          ChildProgram.run(
              List.of(), ChildProgram.classPath(), OpenEngine.class, Integer.toString(errno));
      assertThat(lines)
          .singleElement()
          .asString()
          .startsWith("refused: io_uring is refused with " + LinuxErrors.name(errno))
          .contains("seccomp");
    }
  }

  @Test
  void under_a_filter_the_engine_is_another_one_that_works() throws Exception {
    for (int call : new int[] {SeccompFilter.SETUP, SeccompFilter.ENTER}) {
      List<String> lines =
          ChildProgram.run(
              List.of(),
              ChildProgram.classPath(),
              ChooseEngine.class,
              Integer.toString(call),
              Integer.toString(Linux.EPERM()));
      assertThat(lines.getFirst()).startsWith("engine: epoll, because ").contains("seccomp");
    }
  }

  /** Locked memory is counted per user and not for root, hence as somebody who runs nothing else. */
  @Test
  void with_little_locked_memory_it_opens_smaller_or_names_the_limit(@TempDir Path folder)
      throws Exception {
    List<Path> classPath = readableByAll(folder);
    assumeTrue(
        succeeds(withLockedMemory(64), ChildProgram.JAVA, "-version")
            && succeeds(withLockedMemory(64), "test", "-r", classPath.getFirst().toString()),
        "needs root, setpriv(1), and a Java runtime and temporary files that anybody may read");

    assertThat(ChildProgram.run(withLockedMemory(64), classPath, OpenEngine.class))
        .anyMatch(line -> line.startsWith("engine: io_uring"))
        .anyMatch(line -> line.startsWith("receive buffers: "));

    List<String> lines = ChildProgram.run(withLockedMemory(4), classPath, OpenEngine.class);
    if (lines.getFirst().startsWith("refused: ")) {
      assertThat(lines.getFirst()).contains("ENOMEM", "RLIMIT_MEMLOCK", "ulimit -l");
    } else { // a kernel that counts no queues
      assertThat(lines).anyMatch(line -> line.startsWith("engine: io_uring"));
    }

    List<String> chosen = ChildProgram.run(withLockedMemory(4), classPath, ChooseEngine.class);
    if (lines.getFirst().startsWith("refused: ")) {
      assertThat(chosen.getFirst())
          .startsWith("engine: epoll, because ")
          .contains("ENOMEM", "RLIMIT_MEMLOCK", "ulimit -l");
    } else {
      assertThat(chosen.getFirst()).startsWith("engine: io_uring");
    }
  }

  private static List<String> withLockedMemory(int kilobytes) {
    List<String> launcher =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    launcher.addAll(withLimit("-l", kilobytes));
    return launcher;
  }

  private static boolean succeeds(List<String> launcher, String... command)
      throws InterruptedException {
    List<String> whole = new ArrayList<>(launcher);
    whole.addAll(Arrays.asList(command));
    try {
      return new ProcessBuilder(whole)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor()
          == 0;
    } catch (IOException _) {
      return false; // no such program
    }
  }

  /** Copies what the programs are loaded from to where another user can read it. */
  private static List<Path> readableByAll(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<Path> copies = new ArrayList<>();
    for (Path source : ChildProgram.classPath()) {
      Path copy = folder.resolve(copies.size() + "-" + source.getFileName());
      copies.add(copy);
      Files.walkFileTree(
          source,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
                throws IOException {
              copyTo(copy, source, from, "rwxr-xr-x");
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
                throws IOException {
              copyTo(copy, source, from, "rw-r--r--");
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return copies;
  }

  private static void copyTo(Path copy, Path source, Path from, String permissions)
      throws IOException {
    Path to = copy.resolve(source.relativize(from).toString());
    Files.copy(from, from.equals(source) ? copy : to);
    Files.setPosixFilePermissions(
        from.equals(source) ? copy : to, PosixFilePermissions.fromString(permissions));
  }
}
