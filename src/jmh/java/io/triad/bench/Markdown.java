package io.triad.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A page of headings and tables. */
final class Markdown {
  private final StringBuilder text = new StringBuilder();

  void line(String line) {
    text.append(line).append('\n');
  }

  void heading(String title) {
    line("");
    line("## " + title);
    line("");
  }

  /** Begins a table; its columns are figures, so they end flush right. */
  void columns(List<String> titles) {
    row(titles);
    line("|" + "---:|".repeat(titles.size()));
  }

  void row(List<String> fields) {
    line("| " + String.join(" | ", fields) + " |");
  }

  /** A figure as text; a dash if there is none. */
  static String figure(String format, OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "–";
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
