package io.triad;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What all tasks of a run were doing at one instant: what each waits for, for how long, where in the
 * program, and in which scopes and nurseries. Made by {@link Triad#dump()}; immutable, for any
 * thread.
 *
 * <p>As text it is for people: one line per task and scope, indented by the tree, with the frames of
 * the program below each task. As JSON it is for programs: tasks and scopes are flat lists that refer
 * to each other by number, because the tree may be deeper than parsers allow.
 */
public final class TaskDump {
  /** Deeper lines are not indented any further. */
  private static final int DEEPEST_INDENTATION = 32;

  private final Instant time;
  private final List<RunPart> runs;

  TaskDump(Instant time, List<RunPart> runs) {
    this.time = time;
    this.runs = List.copyOf(runs);
  }

  Instant time() {
    return time;
  }

  List<RunPart> runs() {
    return runs;
  }

  /** One run. */
  record RunPart(String thread, String engine, @Nullable Stall stall, List<Line> lines) {}

  /** In place of the tasks, when a run did not answer. */
  record Stall(@Nullable String task, long taskId, List<StackTraceElement> stack) {}

  /** What stands in one line, at its depth in the tree. */
  sealed interface Line {
    int depth();
  }

  /** How a task came to be. */
  enum Kind {
    MAIN,
    SYSTEM,
    TASK
  }

  /** What a task does. */
  enum State {
    RUNNING("running"),
    READY("ready"),
    WAITING("waiting"),
    OUTSIDE("waiting outside of Triad");

    private final String text;

    State(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** A task. Scope 0 is that of the run. */
  record TaskPart(
      int depth,
      long id,
      String name,
      Kind kind,
      State state,
      @Nullable String waitingFor,
      @Nullable Duration waitingSince,
      int scope,
      boolean cancelled,
      boolean starting,
      List<StackTraceElement> stack)
      implements Line {}

  /** A scope that a task has entered; with children, 0 or more, that of a nursery. */
  record ScopePart(
      int depth,
      int id,
      int parent,
      long task,
      int children,
      @Nullable Duration deadlineIn,
      boolean shield,
      boolean cancelled)
      implements Line {}

  /**
   * Returns the dump as JSON (RFC 8259): an object with {@code time} and {@code runs}. A run has the
   * {@code thread} it is on, its {@code engine}, and the lists {@code tasks} and {@code scopes}; or,
   * when it did not answer, {@code stalled} in their place. The {@code id} of a task is that of its
   * virtual thread. A task is in the {@code scope} with that id, 0 being the run's; a scope has the
   * {@code parent} around it and the {@code task} that entered it, and a nursery is a scope. Times
   * are in seconds.
   *
   * @return the text, without line breaks
   */
  public String toJson() {
    return TaskDumpJson.of(this);
  }

  /** {@return the dump for people, many lines} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (runs.isEmpty()) {
      text.append("no run\n");
    }
    runs.forEach(run -> append(text, run));
    return text.toString();
  }

  private static void append(StringBuilder text, RunPart run) {
    text.append("run on thread ").append(run.thread);
    Stall stall = run.stall;
    if (stall != null) {
      text.append(" does not answer: ");
      if (stall.task == null) {
        text.append("no task of it runs, and it is not asleep\n");
      } else {
        text.append(stall.task).append(" #").append(stall.taskId);
        text.append(" runs without a checkpoint\n");
        appendStack(text, 1, stall.stack);
      }
      return;
    }
    long tasks = run.lines.stream().filter(TaskPart.class::isInstance).count();
    text.append(", ").append(run.engine).append(", ").append(tasks);
    text.append(tasks == 1 ? " task\n" : " tasks\n");
    for (Line line : run.lines) {
      indent(text, line.depth());
      switch (line) {
        case TaskPart task -> append(text, task);
        case ScopePart scope -> append(text, scope);
      }
    }
  }

  private static void append(StringBuilder text, TaskPart task) {
    text.append(task.name).append(" #").append(task.id);
    if (task.kind == Kind.SYSTEM) {
      text.append(", system task");
    }
    if (task.starting) {
      text.append(", starting");
    }
    text.append(", ").append(task.state.text());
    if (task.waitingFor != null) {
      text.append(" for ").append(task.waitingFor);
    }
    if (task.waitingSince != null) {
      text.append(", since ").append(text(task.waitingSince));
    }
    if (task.cancelled) {
      text.append(", cancelled");
    }
    text.append('\n');
    appendStack(text, task.depth + 1, task.stack);
  }

  private static void append(StringBuilder text, ScopePart scope) {
    if (scope.children < 0) {
      text.append("scope");
    } else {
      text.append("nursery of ").append(scope.children);
      text.append(scope.children == 1 ? " task" : " tasks");
    }
    Duration left = scope.deadlineIn;
    if (left != null) {
      text.append(left.isNegative() ? ", deadline passed " : ", deadline in ");
      text.append(text(left.abs()));
      text.append(left.isNegative() ? " ago" : "");
    }
    text.append(scope.shield ? ", shielded" : "").append(scope.cancelled ? ", cancelled" : "");
    text.append('\n');
  }

  private static void appendStack(
      StringBuilder text, int depth, List<StackTraceElement> stack) {
    for (StackTraceElement frame : stack) {
      indent(text, depth);
      text.append("at ").append(frame).append('\n');
    }
  }

  private static void indent(StringBuilder text, int depth) {
    text.repeat("  ", Math.min(depth, DEEPEST_INDENTATION));
    if (depth > DEEPEST_INDENTATION) {
      text.append('[').append(depth).append("] ");
    }
  }

  private static String text(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", seconds(duration));
  }

  static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }
}
