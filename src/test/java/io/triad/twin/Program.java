package io.triad.twin;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A program as {@code ci/twin/generate.py} draws it. */
record Program(Map<String, Object> fields) {

  /** When the guard begins to end a program that hangs. */
  Duration limit() {
    return Duration.ofSeconds((Integer) field("limit"));
  }

  List<Statement> body() {
    return Statement.statements((List<?>) field("body"));
  }

  List<String> events() {
    return names("events");
  }

  List<String> locks() {
    return names("locks");
  }

  List<String> conditions() {
    return names("conditions");
  }

  /** Initial value and maximum of each semaphore. */
  Map<String, List<Integer>> semaphores() {
    Map<String, List<Integer>> semaphores = new LinkedHashMap<>();
    objects("semaphores")
        .forEach(
            (name, values) -> semaphores.put(
                name, ((List<?>) values).stream().map(Integer.class::cast).toList()));
    return semaphores;
  }

  /** The tokens of each limiter. */
  Map<String, Integer> limiters() {
    Map<String, Integer> limiters = new LinkedHashMap<>();
    objects("limiters").forEach((name, tokens) -> limiters.put(name, (Integer) tokens));
    return limiters;
  }

  /** The buffer size of each channel. */
  List<Integer> channels() {
    return ((List<?>) field("channels")).stream().map(Integer.class::cast).toList();
  }

  /** The scopes that exist before anybody enters them. */
  Map<String, Statement> scopes() {
    Map<String, Statement> scopes = new LinkedHashMap<>();
    objects("scopes")
        .forEach((name, declared) -> scopes.put(name, new Statement(object(declared))));
    return scopes;
  }

  private List<String> names(String key) {
    return ((List<?>) field(key)).stream().map(String.class::cast).toList();
  }

  private Map<String, Object> objects(String key) {
    return object(field(key));
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are strings
  private static Map<String, Object> object(Object tree) {
    return (Map<String, Object>) tree;
  }

  private Object field(String key) {
    return Objects.requireNonNull(fields.get(key), key);
  }
}
