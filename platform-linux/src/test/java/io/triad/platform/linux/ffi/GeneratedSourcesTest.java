package io.triad.platform.linux.ffi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds headers and generated classes together: whoever changes one without running {@code
 * ci/jextract} fails here, on every operating system and without jextract.
 */
class GeneratedSourcesTest {
  private static final String GENERATED = "platform-linux/src/generated";
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", System.getProperty("user.dir")));

  @Test
  void headers_and_generated_classes_are_those_of_the_manifest() throws IOException {
    Map<String, String> expected = manifest();

    assertThat(hashesOfFiles())
        .as("files and SHA-256 hashes in native-headers and " + GENERATED + "; run ci/jextract")
        .containsExactlyInAnyOrderEntriesOf(expected);
    assertThat(expected)
        .containsKeys(
            "native-headers/types.h",
            "native-headers/linux/linux.h",
            GENERATED + "/java/io/triad/platform/linux/ffi/Linux.java");
  }

  /** The manifest has one line per file: hash, two spaces, path from the root of the project. */
  private static Map<String, String> manifest() throws IOException {
    var hashes = new TreeMap<String, String>();
    for (String line : Files.readAllLines(ROOT.resolve(GENERATED).resolve("MANIFEST"))) {
      String[] parts = line.split("  ", 2);
      assertThat(parts).as(line).hasSize(2);
      assertThat(hashes.put(parts[1], parts[0])).as(line + " is the only one of its file").isNull();
    }
    return hashes;
  }

  private static Map<String, String> hashesOfFiles() throws IOException {
    var hashes = new TreeMap<String, String>();
    Path headers = ROOT.resolve("native-headers");
    try (Stream<Path> linux = Files.walk(headers.resolve("linux"));
        Stream<Path> generated = Files.walk(ROOT.resolve(GENERATED).resolve("java"))) {
      Stream<Path> all =
          Stream.concat(Stream.of(headers.resolve("types.h")), Stream.concat(linux, generated));
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        hashes.put(ROOT.relativize(file).toString().replace('\\', '/'), sha256(file));
      }
    }
    return hashes;
  }

  /** The hash of the file's lines as they are in the repository, also where Git writes CR LF. */
  private static String sha256(Path file) throws IOException {
    byte[] text = Files.readString(file).replace("\r\n", "\n").getBytes(UTF_8);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
