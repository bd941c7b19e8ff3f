package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.OsException;
import io.triad.Triad;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files listeners on paths make, and which they leave alone; simulated sockets have none. */
@Tag("kernel")
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class UnixListenerFileTest {
  private static final UnixListenOptions REPLACING =
      UnixListenOptions.DEFAULT.withReplacing(true);

  @TempDir
  private Path directory;

  private Path path() {
    return directory.resolve("socket");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void only_this_user_may_connect_if_nothing_is_said() throws Exception {
    Triad.run(
        () -> {
          try (UnixListener _ = Net.openUnixListener(path())) {
            assertThat(permissions(path())).isEqualTo("rw-------");
          }
          assertThat(names()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxrwx", "rw-rw----", "---------"})
  void permissions_are_those_asked_for_whatever_the_umask(String permissions) throws Exception {
    UnixListenOptions options =
        REPLACING.withPermissions(PosixFilePermissions.fromString(permissions));
    Triad.run(
        () -> {
          try (UnixListener _ = Net.openUnixListener(path(), options)) {
            assertThat(permissions(path())).isEqualTo(permissions);
            try (UnixListener _ = Net.openUnixListener(path(), options)) {
              assertThat(permissions(path())).as("replaced").isEqualTo(permissions);
              assertThat(names()).as("no temporary name is left").containsExactly("socket");
            }
          }
          assertThat(names()).isEmpty();
        });
  }

  @Test
  void what_is_no_socket_is_never_replaced() throws Exception {
    Path target = Files.writeString(directory.resolve("target"), "precious");
    for (String kind : List.of("file", "directory", "link", "dangling")) {
      Path path = directory.resolve(kind);
      switch (kind) {
        case "file" -> Files.writeString(path, "precious");
        case "directory" -> Files.createDirectory(path);
        case "link" -> Files.createSymbolicLink(path, target);
        default -> Files.createSymbolicLink(path, directory.resolve("nowhere"));
      }
      Triad.run(
          () -> {
            for (UnixListenOptions options : List.of(UnixListenOptions.DEFAULT, REPLACING)) {
              assertThatExceptionOfType(FileAlreadyExistsException.class)
                  .isThrownBy(() -> Net.openUnixListener(path, options))
                  .withMessageContaining("no socket");
            }
          });
      assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
    assertThat(names()).containsExactly("dangling", "directory", "file", "link", "target");
  }

  @Test
  void a_file_that_took_its_place_is_not_removed() throws Exception {
    Triad.run(
        () -> {
          UnixListener listener = Net.openUnixListener(path());
          Files.delete(path());
          Files.writeString(path(), "another");
          listener.close();
          assertThat(Files.readString(path())).isEqualTo("another");
        });
  }

  @Test
  void a_file_that_was_removed_is_not_missed() throws Exception {
    Triad.run(
        () -> {
          UnixListener listener = Net.openUnixListener(path());
          Files.delete(path());
          listener.close();
        });
  }

  @Test
  void a_failure_leaves_no_file_behind() throws Exception {
    Path deep = directory.resolve("no such directory").resolve("socket");
    Triad.run(
        () -> {
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openUnixListener(deep))
              .returns("ENOENT", OsException::symbol);
          try (UnixListener _ = Net.openUnixListener(longPath())) {
            assertThatExceptionOfType(OsException.class)
                .as("no room for the temporary name")
                .isThrownBy(() -> Net.openUnixListener(longPath(), REPLACING))
                .returns("ENAMETOOLONG", OsException::symbol);
          }
        });
  }

  /** As long as a path may be, with a last name that is shorter than a temporary one. */
  private Path longPath() throws IOException {
    int longest = Kernel.isDarwin() ? 103 : 107;
    int missing = longest - directory.toString().length() - 3;
    Path inner = directory.resolve("d".repeat(missing));
    Files.createDirectories(inner);
    return inner.resolve("s");
  }
}
