package io.triad.twin;

import io.triad.CancelScope;
import io.triad.Triad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened, line by line: {@code time task id outcome}. Also remembers which statement is to
 * blame for an exception.
 */
final class Trace {
  private final List<String> lines = new ArrayList<>();
  private final Map<Throwable, Integer> blamed = new IdentityHashMap<>();
  private final @Nullable Defect planted;
  private final Shapes shapes;

  Trace(@Nullable Defect planted) {
    this.planted = planted;
    this.shapes = new Shapes(planted);
  }

  List<String> lines() {
    return lines;
  }

  void log(TwinTask task, int id, String outcome) {
    lines.add(Triad.currentTime().toSeconds() + " " + task.name() + " " + id + " " + outcome);
  }

  /** The statement's own error: unless the statement is hard, the task survives it. */
  void blame(Throwable thrown, Statement statement) {
    blamed.put(thrown, statement.id());
  }

  boolean isOwn(Throwable thrown, Statement statement) {
    Integer id = blamed.get(thrown);
    return id != null && id == statement.id();
  }

  static String yes(boolean value) {
    return value ? "yes" : "no";
  }

  /** A reading of the clock, a number of tokens or a size. */
  static String number(Duration value) {
    if (value.equals(Triad.FOREVER)) {
      return "inf";
    }
    return value.equals(Triad.FOREVER.negated()) ? "-inf" : Long.toString(value.toSeconds());
  }

  static String number(int value) {
    return value == Integer.MAX_VALUE ? "inf" : Integer.toString(value);
  }

  String shape(Throwable thrown) {
    return shapes.of(thrown);
  }

  String scope(CancelScope scope) {
    boolean called = scope.cancelCalled();
    boolean caught = planted == Defect.CAUGHT_WRONG ? called : scope.cancelledCaught();
    return "called=" + yes(called) + " caught=" + yes(caught);
  }

  static String of(String op, @Nullable String text) {
    return text == null ? op : op + " " + text;
  }
}
