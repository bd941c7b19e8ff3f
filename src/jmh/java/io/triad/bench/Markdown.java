package io.triad.bench;

import java.util.List;

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

  @Override
  public String toString() {
    return text.toString();
  }
}
