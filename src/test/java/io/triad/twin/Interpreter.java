package io.triad.twin;

import io.triad.CancelScope;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.testing.MockClock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Interprets programs on Triad. Its twin, statement by statement, is {@code ci/twin/on_trio.py},
 * which says what each statement means. One unit of a program's time is a second of the clock's.
 */
final class Interpreter {
  private final Program program;
  private final @Nullable Defect planted;
  private final Trace trace;
  private final Scopes scopes;
  private final Nurseries nurseries;
  private final Primitives primitives;
  private final Channels channels;

  private Interpreter(Program program, @Nullable Defect planted) {
    this.program = program;
    this.planted = planted;
    this.trace = new Trace(planted);
    this.scopes = new Scopes(this, program);
    this.nurseries = new Nurseries(this, scopes);
    this.primitives = new Primitives(this, program);
    this.channels = new Channels(this, program);
  }

  /** Runs a program and returns its trace. */
  static List<String> run(Program program, @Nullable Defect planted) {
    Interpreter interpreter = new Interpreter(program, planted);
    Triad.run(RunOptions.DEFAULT.withClock(MockClock.autojump()), interpreter::main);
    return interpreter.trace.lines();
  }

  Trace trace() {
    return trace;
  }

  boolean has(Defect defect) {
    return planted == defect;
  }

  // ---- the frame around a program ----

  private void main() {
    TwinTask task = new TwinTask("main", null);
    Nursery.open(
        root -> {
          root.startSoon("guard", this::guard);
          CancelScope top = new CancelScope();
          scopes.put("top", top);
          try {
            top.enter(_ -> block(program.body(), task));
            trace.log(task, 0, "end " + trace.scope(top));
          } catch (Exception failure) {
            trace.log(task, 0, "end " + trace.scope(top) + " raises " + trace.shape(failure));
          }
          root.cancelScope().cancel();
        });
    primitives.finalStatistics(task);
    channels.finalStatistics(task);
  }

  /** Ends a program that hangs: takes the shields down and cancels everything. */
  private void guard() {
    for (;;) {
      Triad.sleep(program.limit());
      scopes.openAll();
      scopes.get("top").cancel();
    }
  }

  // ---- statements ----

  void block(List<Statement> statements, TwinTask task) throws Exception {
    for (Statement statement : statements) {
      step(statement, task);
    }
  }

  private void step(Statement statement, TwinTask task) throws Exception {
    String op = statement.op();
    String text;
    try {
      text = perform(statement, task);
    } catch (Throwable thrown) {
      trace.log(task, statement.id(), op + " raises " + trace.shape(thrown));
      if (statement.flag("hard") || !trace.isOwn(thrown, statement)) {
        throw thrown;
      }
      return;
    }
    trace.log(task, statement.id(), Trace.of(op, text));
  }

  private @Nullable String perform(Statement statement, TwinTask task) throws Exception {
    switch (statement.op()) {
      case "sleep" -> Triad.sleep(statement.time("d"));
      case "sleep_until" -> Triad.sleepUntil(statement.time("t"));
      case "sleep_forever" -> Triad.sleepForever();
      case "checkpoint" -> Triad.checkpoint();
      case "checkpoint_if_cancelled" -> Triad.checkpointIfCancelled();
      case "cancel_shielded_checkpoint" -> Triad.cancelShieldedCheckpoint();
      case "effective" -> {
        return Trace.number(Triad.currentEffectiveDeadline());
      }
      case "raise" -> throw new Failure(statement.text("type"), statement.id());
      case "try" -> attempt(statement, task);
      case "swallow" -> {
        return swallow(statement, task);
      }
      case "scope" -> scopes.scope(statement, task);
      case "cancel", "shield", "set_deadline", "set_timeout", "read" -> {
        return scopes.perform(statement);
      }
      case "nursery" -> nurseries.nursery(statement, task);
      case "spawn", "start", "started", "children" -> {
        return nurseries.perform(statement, task);
      }
      case "send", "receive", "send_nowait", "receive_nowait", "clone", "close", "aclose",
          "h_stat" -> {
        return channels.perform(statement);
      }
      default -> {
        return primitives.perform(statement, task);
      }
    }
    return null;
  }

  /** Calls something of Triad and marks its error as the statement's own. */
  <T extends @Nullable Object> T own(Statement statement, Callable<T> call) throws Exception {
    try {
      return call.call();
    } catch (ExceptionGroup | Failure others) {
      throw others;
    } catch (Exception thrown) {
      trace.blame(thrown, statement);
      throw thrown;
    }
  }

  // ---- failures ----

  private void attempt(Statement statement, TwinTask task) throws Exception {
    try {
      block(statement.block("body"), task);
    } catch (Throwable thrown) {
      handle(thrown, statement, task);
    } finally {
      block(statement.block("finally"), task);
    }
  }

  private void handle(Throwable thrown, Statement statement, TwinTask task) throws Exception {
    List<String> kinds = statement.texts("catch");
    Predicate<Throwable> wanted = leaf -> kinds.contains(Shapes.kind(leaf));
    Throwable caught = wanted.test(thrown) ? thrown : null;
    Throwable rest = caught == null ? thrown : null;
    if (thrown instanceof ExceptionGroup group) {
      ExceptionGroup.Split split = group.split(wanted);
      caught = split.matching();
      rest = split.rest();
    }
    if (caught != null) {
      trace.log(task, statement.id(), "caught " + trace.shape(caught));
      block(statement.block("handler"), task);
    }
    if (rest != null) {
      Interpreter.<RuntimeException>sneaky(rest);
    }
  }

  private @Nullable String swallow(Statement statement, TwinTask task) {
    try {
      block(statement.block("body"), task);
      return null;
    } catch (Throwable thrown) {
      return "swallowed " + trace.shape(thrown);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void sneaky(Throwable throwable) throws E {
    throw (E) throwable;
  }
}
