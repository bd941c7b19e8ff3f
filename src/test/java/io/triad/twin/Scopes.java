package io.triad.twin;

import io.triad.CancelScope;
import io.triad.ScopeAction;
import io.triad.TooSlowException;
import io.triad.Triad;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The scopes of a program, by name. Scopes of nurseries are among them. */
final class Scopes {
  private final Interpreter interpreter;
  private final Map<String, CancelScope> scopes = new HashMap<>();

  Scopes(Interpreter interpreter, Program program) {
    this.interpreter = interpreter;
    program.scopes().forEach((name, declared) -> scopes.put(name, make(declared)));
  }

  private CancelScope make(Statement declared) {
    CancelScope scope = new CancelScope();
    if (declared.has("timeout")) {
      scope.setTimeout(late(declared.time("timeout")));
    } else if (declared.has("deadline")) {
      scope.setDeadline(declared.time("deadline"));
    }
    return scope;
  }

  private Duration late(Duration timeout) {
    return interpreter.has(Defect.TIMEOUT_LATE) ? timeout.plusSeconds(20_000) : timeout;
  }

  void put(String name, CancelScope scope) {
    scopes.put(name, scope);
  }

  CancelScope get(String name) {
    return Objects.requireNonNull(scopes.get(name), name);
  }

  /** Takes all shields down. */
  void openAll() {
    scopes.values().forEach(scope -> scope.setShield(false));
  }

  // ---- a scope as a statement ----

  void scope(Statement statement, TwinTask task) throws Exception {
    Entry entry = new Entry(statement, task);
    try {
      entry.run();
    } catch (TooSlowException tooSlow) {
      CancelScope scope = entry.scope;
      if (statement.text("kind").startsWith("fail") && scope != null && scope.cancelledCaught()) {
        interpreter.trace().blame(tooSlow, statement);
      }
      throw tooSlow;
    } catch (IllegalStateException notEntered) {
      if (entry.scope == null) {
        interpreter.trace().blame(notEntered, statement);
      }
      throw notEntered;
    } finally {
      CancelScope scope = entry.scope;
      if (scope != null) {
        interpreter.trace().log(task, statement.id(), "left " + interpreter.trace().scope(scope));
      }
    }
  }

  /** What the statement does inside its scope. */
  private final class Entry implements ScopeAction<Exception> {
    private final Statement statement;
    private final TwinTask task;

    /** The scope, once it has been entered. */
    private @Nullable CancelScope scope;

    Entry(Statement statement, TwinTask task) {
      this.statement = statement;
      this.task = task;
    }

    void run() throws Exception {
      switch (statement.text("kind")) {
        case "plain" -> get(statement.name()).enter(this);
        case "move_on_after" -> Triad.moveOnAfter(late(statement.time("d")), this);
        case "move_on_at" -> Triad.moveOnAt(statement.time("t"), this);
        case "fail_after" -> Triad.failAfter(late(statement.time("d")), this);
        case "fail_at" -> Triad.failAt(statement.time("t"), this);
        default -> throw new AssertionError(statement);
      }
    }

    @Override
    public void run(CancelScope entered) throws Exception {
      scope = entered;
      scopes.put(statement.name(), entered);
      if (statement.flag("shield")) {
        setShield(entered, true);
      }
      interpreter.block(statement.block("body"), task);
    }
  }

  private void setShield(CancelScope scope, boolean shield) {
    if (!interpreter.has(Defect.SHIELD_ABSENT)) {
      scope.setShield(shield);
    }
  }

  // ---- what is done to a scope by name ----

  @Nullable String perform(Statement statement) {
    CancelScope scope = scopes.get(statement.name());
    if (scope == null) {
      return "absent";
    }
    try {
      return perform(statement, scope);
    } catch (IllegalStateException _) {
      return "Misuse";
    }
  }

  private @Nullable String perform(Statement statement, CancelScope scope) {
    switch (statement.op()) {
      case "cancel" -> scope.cancel();
      case "shield" -> setShield(scope, statement.flag("on"));
      case "set_timeout" -> scope.setTimeout(statement.time("d"));
      case "set_deadline" -> scope.setDeadline(
          statement.number("t") == Statement.FOREVER ? Triad.FOREVER : statement.time("t"));
      case "read" -> {
        return read(scope);
      }
      default -> throw new AssertionError(statement);
    }
    return null;
  }

  private String read(CancelScope scope) {
    String deadline;
    try {
      deadline = Trace.number(scope.deadline());
    } catch (IllegalStateException _) {
      deadline = "later"; // a time-out counts from the entry
    }
    return interpreter.trace().scope(scope) + " deadline=" + deadline;
  }
}
