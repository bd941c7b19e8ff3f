package io.triad.bench;

import java.util.Comparator;

/** What is measured under equal conditions: a message size on a number of connections. */
record EchoCell(int bytes, int connections) implements Comparable<EchoCell> {
  private static final Comparator<EchoCell> ORDER =
      Comparator.comparingInt(EchoCell::connections).thenComparingInt(EchoCell::bytes);

  @Override
  public int compareTo(EchoCell other) {
    return ORDER.compare(this, other);
  }

  String size() {
    return bytes % 1024 == 0 ? bytes / 1024 + " KiB" : bytes + " B";
  }
}
