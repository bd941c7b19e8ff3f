package io.triad.twin;

import io.triad.Nursery;
import io.triad.TaskStatus;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nurseries of a program, by name, and the tasks in them. */
final class Nurseries {
  private final Interpreter interpreter;
  private final Scopes scopes;
  private final Map<String, Nursery> nurseries = new HashMap<>();

  Nurseries(Interpreter interpreter, Scopes scopes) {
    this.interpreter = interpreter;
    this.scopes = scopes;
  }

  void nursery(Statement statement, TwinTask task) {
    String name = statement.name();
    try {
      Nursery.open(
          nursery -> {
            nurseries.put(name, nursery);
            scopes.put(name, nursery.cancelScope());
            interpreter.block(statement.block("body"), task);
          });
    } finally {
      interpreter.trace().log(task, statement.id(),
          "left " + interpreter.trace().scope(scopes.get(name)));
    }
  }

  @Nullable String perform(Statement statement, TwinTask task) throws Exception {
    if (statement.op().equals("started")) {
      return started(statement, task);
    }
    Nursery nursery = nurseries.get(statement.name());
    if (nursery == null) {
      return "absent";
    }
    return switch (statement.op()) {
      case "spawn" -> spawn(statement, nursery);
      case "start" -> start(statement, nursery);
      case "children" -> Integer.toString(nursery.childTasks().size());
      default -> throw new AssertionError(statement);
    };
  }

  private @Nullable String spawn(Statement statement, Nursery nursery) throws Exception {
    return interpreter.<@Nullable String>own(
        statement,
        () -> {
          nursery.startSoon(statement.text("task"), () -> child(statement, null));
          return null;
        });
  }

  private String start(Statement statement, Nursery nursery) throws Exception {
    Integer value =
        interpreter.own(
            statement,
            () -> nursery.<Integer, Exception>start(
                statement.text("task"), status -> child(statement, status)));
    return value.toString();
  }

  private void child(Statement statement, @Nullable TaskStatus<Integer> status) throws Exception {
    TwinTask task = new TwinTask(statement.text("task"), status);
    interpreter.trace().log(task, statement.id(), "begins");
    try {
      interpreter.block(statement.block("body"), task);
    } catch (Throwable thrown) {
      interpreter.trace().log(task, statement.id(),
          "ends with " + interpreter.trace().shape(thrown));
      throw thrown;
    }
    interpreter.trace().log(task, statement.id(), "ends");
  }

  private @Nullable String started(Statement statement, TwinTask task) throws Exception {
    TaskStatus<Integer> status = task.status();
    if (status == null) {
      return "absent";
    }
    return interpreter.<@Nullable String>own(
        statement,
        () -> {
          status.started(interpreter.has(Defect.STARTED_WRONG) ? 0 : statement.id());
          return null;
        });
  }
}
