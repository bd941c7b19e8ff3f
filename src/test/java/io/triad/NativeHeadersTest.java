package io.triad;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds headers and what rests on them together: whoever changes one without running {@code
 * ci/jextract} fails here, on every operating system and without jextract.
 */
class NativeHeadersTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", System.getProperty("user.dir")));

  private static final Pattern PROTOTYPE = Pattern.compile("(?m)^\\w[^(;{}#]*?\\b(\\w+)\\(");

  /** {@code address("bind")}, {@code find(LIBRARY, "bind")}, {@code BIND("bind", ...)}. */
  private static final Pattern LOOKUP =
      Pattern
          .compile("(?:\\b(?:address|find)\\((?:[\\w.]+,)?|\\b[A-Z][A-Z0-9_]*\\()\\s*\"(\\w+)\"");

  @ParameterizedTest
  @ValueSource(strings = {"linux", "macos", "windows"})
  void headers_and_generated_classes_are_those_of_the_manifest(String system) throws IOException {
    String generated = "platform-" + system + "/src/generated";
    Map<String, String> expected = manifest(generated);

    assertThat(hashesOfFiles(system, generated))
        .as("files and SHA-256 hashes in native-headers and " + generated + "; run ci/jextract")
        .containsExactlyInAnyOrderEntriesOf(expected);
    String constants = Character.toUpperCase(system.charAt(0)) + system.substring(1);
    assertThat(expected)
        .containsKeys(
            "native-headers/types.h",
            "native-headers/" + system + "/" + system + ".h",
            "native-headers/" + system + "/functions.h",
            generated + "/java/io/triad/platform/" + system + "/ffi/" + constants + ".java");
  }

  /** What {@code ci/abi-check} proves of functions is worth something only if it is told of all. */
  @ParameterizedTest
  @ValueSource(strings = {"linux", "macos", "windows"})
  void every_function_that_is_called_has_a_prototype(String system) throws IOException {
    Set<String> called = new TreeSet<>();
    Path calls =
        ROOT.resolve("platform-" + system + "/src/main/java/io/triad/platform/" + system + "/ffi");
    try (Stream<Path> files = Files.walk(calls)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        called.addAll(lookedUp(Files.readString(file)));
      }
    }
    String header = Files.readString(ROOT.resolve("native-headers/" + system + "/functions.h"));

    assertThat(called).hasSizeGreaterThan(20);
    assertThat(declared(header)).containsAll(called);
  }

  @Test
  void names_of_functions_are_found_in_code_and_in_a_header() {
    assertThat(
        lookedUp(
            """
                MemorySegment BIND = address("bind");
                MemorySegment SEND = NativeCall.find(Library.SOCKETS,
                    "WSASend");
                CLOSE("close", Result.INT),
                throw new IllegalStateException("message");
                """))
        .containsExactlyInAnyOrder("bind", "WSASend", "close");
    assertThat(
        declared(
            """
                int bind(int fd, const struct sockaddr *address, u32 length);
                char *if_indextoname(
                    u32 index, char *name);
                 * in a comment(3)
                """))
        .containsExactlyInAnyOrder("bind", "if_indextoname");
  }

  private static Set<String> lookedUp(String code) {
    return names(LOOKUP, code);
  }

  private static Set<String> declared(String header) {
    return names(PROTOTYPE, header);
  }

  private static Set<String> names(Pattern pattern, String text) {
    Stream<MatchResult> found = pattern.matcher(text).results();
    return found.map(match -> match.group(1)).collect(toCollection(TreeSet::new));
  }

  /** The manifest has one line per file: hash, two spaces, path from the root of the project. */
  private static Map<String, String> manifest(String generated) throws IOException {
    var hashes = new TreeMap<String, String>();
    for (String line : Files.readAllLines(ROOT.resolve(generated).resolve("MANIFEST"))) {
      String[] parts = line.split("  ", 2);
      assertThat(parts).as(line).hasSize(2);
      assertThat(hashes.put(parts[1], parts[0])).as(line + " is the only one of its file").isNull();
    }
    return hashes;
  }

  private static Map<String, String> hashesOfFiles(String system, String generated)
      throws IOException {
    var hashes = new TreeMap<String, String>();
    Path headers = ROOT.resolve("native-headers");
    try (Stream<Path> ofSystem = Files.walk(headers.resolve(system));
        Stream<Path> classes = Files.walk(ROOT.resolve(generated).resolve("java"))) {
      Stream<Path> all =
          Stream.concat(Stream.of(headers.resolve("types.h")), Stream.concat(ofSystem, classes));
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
