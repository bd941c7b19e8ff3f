package io.triad.twin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A statement of a program: a number, what to do, and arguments. */
record Statement(Map<String, Object> fields) {
  /** What stands for no limit and no deadline. */
  static final int FOREVER = -1;

  int id() {
    return number("id");
  }

  String op() {
    return text("op");
  }

  String name() {
    return text("name");
  }

  int number(String key) {
    return (Integer) field(key);
  }

  String text(String key) {
    return (String) field(key);
  }

  boolean flag(String key) {
    return Boolean.TRUE.equals(fields.get(key));
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  /** A duration, or an instant of the run's clock. */
  Duration time(String key) {
    return Duration.ofSeconds(number(key));
  }

  List<String> texts(String key) {
    return list(key).stream().map(String.class::cast).toList();
  }

  List<Statement> block(String key) {
    return statements(list(key));
  }

  private List<?> list(String key) {
    return (List<?>) fields.getOrDefault(key, List.of());
  }

  private Object field(String key) {
    return Objects.requireNonNull(fields.get(key), () -> key + " is missing in " + fields);
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are strings
  static List<Statement> statements(List<?> trees) {
    return trees.stream().map(tree -> new Statement((Map<String, Object>) tree)).toList();
  }
}
