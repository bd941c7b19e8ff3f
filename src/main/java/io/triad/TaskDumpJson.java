package io.triad;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a dump as JSON (RFC 8259). */
final class TaskDumpJson {
  private final StringBuilder text = new StringBuilder();

  private TaskDumpJson() {}

  static String of(TaskDump dump) {
    TaskDumpJson json = new TaskDumpJson();
    json.open('{').name("time").string(dump.time().toString()).name("runs").open('[');
    dump.runs().forEach(json::run);
    return json.close(']').close('}').text.toString();
  }

  private void run(TaskDump.RunPart run) {
    open('{').name("thread").string(run.thread());
    TaskDump.Stall stall = run.stall();
    if (stall != null) {
      name("stalled").open('{').name("task").string(stall.task());
      name("id").number(stall.taskId()).name("stack").stack(stall.stack()).close('}');
    } else {
      name("engine").string(run.engine());
      name("tasks").open('[');
      for (TaskDump.Line line : run.lines()) {
        if (line instanceof TaskDump.TaskPart task) {
          task(task);
        }
      }
      close(']').name("scopes").open('[');
      for (TaskDump.Line line : run.lines()) {
        if (line instanceof TaskDump.ScopePart scope) {
          scope(scope);
        }
      }
      close(']');
    }
    close('}');
  }

  private void task(TaskDump.TaskPart task) {
    open('{').name("id").number(task.id()).name("name").string(task.name());
    name("kind").string(task.kind().name().toLowerCase(Locale.ROOT));
    name("state").string(task.state().name().toLowerCase(Locale.ROOT));
    name("waitingFor").string(task.waitingFor());
    name("waitingSeconds").seconds(task.waitingSince());
    name("scope").number(task.scope());
    name("cancelled").bool(task.cancelled()).name("starting").bool(task.starting());
    name("stack").stack(task.stack()).close('}');
  }

  private void scope(TaskDump.ScopePart scope) {
    open('{').name("id").number(scope.id()).name("parent").number(scope.parent());
    name("task").number(scope.task()).name("nursery").bool(scope.children() >= 0);
    name("deadlineInSeconds").seconds(scope.deadlineIn());
    name("shield").bool(scope.shield()).name("cancelled").bool(scope.cancelled()).close('}');
  }

  private TaskDumpJson stack(List<StackTraceElement> stack) {
    open('[');
    stack.forEach(frame -> string(frame.toString()));
    return close(']');
  }

  // ---- syntax: a comma stands before everything that follows a value ----

  private TaskDumpJson open(char bracket) {
    separate();
    text.append(bracket);
    return this;
  }

  private TaskDumpJson close(char bracket) {
    text.append(bracket);
    return this;
  }

  private void separate() {
    int length = text.length();
    if (length > 0 && "{[:".indexOf(text.charAt(length - 1)) < 0) {
      text.append(',');
    }
  }

  private TaskDumpJson name(String name) {
    string(name);
    text.append(':');
    return this;
  }

  private TaskDumpJson number(long number) {
    separate();
    text.append(number);
    return this;
  }

  private TaskDumpJson bool(boolean value) {
    separate();
    text.append(value);
    return this;
  }

  private TaskDumpJson seconds(@Nullable Duration duration) {
    separate();
    text.append(
        duration == null
            ? "null"
            : String.format(Locale.ROOT, "%.9f", TaskDump.seconds(duration)));
    return this;
  }

  private TaskDumpJson string(@Nullable String value) {
    separate();
    if (value == null) {
      text.append("null");
      return this;
    }
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        default -> {
          // Control characters must be escaped; half a surrogate pair could not be encoded.
          if (c < ' ' || Character.isSurrogate(c)) {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
    return this;
  }
}
