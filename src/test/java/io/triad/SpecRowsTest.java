package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The list of promised behaviours is in order: every other test is named after a row of it, and
 * {@code ci/spec-coverage} counts by it.
 */
final class SpecRowsTest {

  /** How many rows each area has. A row is never given up; it gets a test or a note. */
  private static final Map<String, Integer> ROWS_BY_AREA =
      Map.of(
          "core", 85,
          "files", 44,
          "highlevel-net", 52,
          "lowlevel", 57,
          "signals", 32,
          "sockets", 72,
          "streams", 73,
          "subprocess", 47,
          "testing", 45,
          "tls", 58);

  private static final Path TEST_ROOT = Path.of(System.getProperty("basedir", ""), "src", "test");
  private static final Pattern ROW = Pattern.compile("(?<id>[A-Z]+-\\d{2})\t(?<text>\\S.*\\S)");
  private static final Pattern NOTE =
      Pattern.compile("- \\*\\*(?<id>[A-Z]+-\\d{2})\\*\\* (?<text>.*\\w.*)");
  private static final Pattern NUMBER = Pattern.compile("\\d+$");

  private record Entry(String id, String text) {}

  @Test
  void every_area_has_its_rows() throws IOException {
    Map<String, Integer> found = new TreeMap<>();
    rowsByArea().forEach((area, rows) -> found.put(area, rows.size()));

    assertThat(found).containsExactlyInAnyOrderEntriesOf(ROWS_BY_AREA);
    assertThat(allIds()).hasSize(565).doesNotHaveDuplicates();
  }

  @Test
  void rows_are_sorted_by_id() throws IOException {
    rowsByArea()
        .forEach((area, rows) -> assertThat(rows).as(area).extracting(Entry::id).isSorted());
  }

  @Test
  void ids_are_numbered_from_one_without_a_gap() throws IOException {
    Map<String, List<String>> numbersByPrefix = new TreeMap<>();
    for (String id : allIds()) {
      String prefix = NUMBER.matcher(id).replaceFirst("");
      numbersByPrefix.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(id);
    }

    numbersByPrefix.forEach(
        (prefix, ids) -> {
          List<String> expected = new ArrayList<>();
          for (int number = 1; number <= ids.size(); number++) {
            expected.add("%s%02d".formatted(prefix, number));
          }
          assertThat(ids).isEqualTo(expected);
        });
  }

  @Test
  void every_row_says_something_of_its_own() throws IOException {
    assertThat(rowsByArea().values().stream().flatMap(List::stream))
        .extracting(Entry::text)
        .doesNotHaveDuplicates()
        .allSatisfy(text -> assertThat(text).hasSizeBetween(20, 260).endsWith("."));
  }

  @Test
  void notes_refer_to_rows_and_give_a_reason() throws IOException {
    List<Entry> notes = new ArrayList<>();
    for (String line : Files.readAllLines(TEST_ROOT.resolve("SPEC-NOTES.md"))) {
      if (line.stripLeading().startsWith("- **")) {
        notes.add(parse(NOTE, line));
      }
    }

    assertThat(notes).isNotEmpty();
    assertThat(notes).extracting(Entry::id).doesNotHaveDuplicates().isSubsetOf(allIds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "CORE-01", "CORE-01\t", "CORE-01 text.", "CORE-1\ttext.", "core-01\ttext."})
  void a_malformed_row_is_found(String line) {
    assertThatThrownBy(() -> parse(ROW, line)).hasMessageContaining("malformed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"- **CORE-01**", "- **CORE-01** —", "- **CORE** why", "  - **CORE-01** a"})
  void a_malformed_note_is_found(String line) {
    assertThatThrownBy(() -> parse(NOTE, line)).hasMessageContaining("malformed");
  }

  private static Map<String, List<Entry>> rowsByArea() throws IOException {
    Map<String, List<Entry>> rows = new TreeMap<>();
    try (var files = Files.newDirectoryStream(TEST_ROOT.resolve("spec"))) {
      for (Path file : files) {
        List<Entry> entries = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
          entries.add(parse(ROW, line));
        }
        rows.put(String.valueOf(file.getFileName()).replaceFirst("\\.tsv$", ""), entries);
      }
    }
    return rows;
  }

  private static List<String> allIds() throws IOException {
    return rowsByArea().values().stream().flatMap(List::stream).map(Entry::id).toList();
  }

  private static Entry parse(Pattern form, String line) {
    Matcher matcher = form.matcher(line);
    if (!matcher.matches()) {
      throw new AssertionError("malformed: '" + line + "'");
    }
    return new Entry(matcher.group("id"), matcher.group("text"));
  }
}
