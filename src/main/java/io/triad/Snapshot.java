package io.triad;

import io.triad.loop.CancelStatus;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the tasks of one run, on its thread, and takes down what it sees. Without recursion: the
 * tree may be as deep as there are tasks.
 */
final class Snapshot {
  private final Run<?> run;
  private final Loop loop;
  private final Fiber caller;
  private final long now = System.nanoTime();
  private final StackFilter filter = new StackFilter();
  private final List<TaskDump.Line> lines = new ArrayList<>();

  /** What is still to be looked at or taken down, the next one on top. */
  private final ArrayDeque<Work> work = new ArrayDeque<>();

  private int scopes;

  /** A line that is made already, or a task that is to become one. */
  private sealed interface Work {}

  private record Made(TaskDump.Line line) implements Work {}

  private record ToVisit(Task task, TaskDump.Kind kind, int depth, int scope, CancelStatus base)
      implements Work {}

  @SuppressWarnings("NullAway") // compared only
  private Snapshot(Run<?> run, Loop loop) {
    this.run = run;
    this.loop = loop;
    this.caller = Loop.currentFiber();
  }

  /** What there is to say about a run; on its thread. */
  static TaskDump.RunPart of(Run<?> run, Loop loop) {
    return new Snapshot(run, loop).take();
  }

  private TaskDump.RunPart take() {
    List<Task> system = run.systemTasks();
    for (Task task : system.reversed()) {
      work.push(new ToVisit(task, TaskDump.Kind.SYSTEM, 1, 0, run.systemStatus()));
    }
    Task main = run.mainTask();
    if (!((RunningTask) main).fiber().isDone()) {
      work.push(new ToVisit(main, TaskDump.Kind.MAIN, 1, 0, run.mainStatus()));
    }
    while (!work.isEmpty()) {
      switch (work.pop()) {
        case Made made -> lines.add(made.line);
        case ToVisit visit -> visit(visit);
      }
    }
    return new TaskDump.RunPart(loop.threadName(), engineOf(loop), null, lines);
  }

  /** The name of a run's engine, without the reasons for it. */
  static String engineOf(Loop loop) {
    String first = loop.engine().describe().stream().findFirst().orElse("unknown");
    return first.replaceFirst("^engine: ", "").replaceFirst(",.*", "");
  }

  /** Takes down a task, and puts its scopes and the tasks of its nurseries on the stack. */
  private void visit(ToVisit visit) {
    Fiber fiber = ((RunningTask) visit.task).fiber();
    ArrayDeque<CancelScope> chain = new ArrayDeque<>();
    for (CancelStatus node = fiber.cancelStatus();
        node != null && node != visit.base;
        node = node.parent()) {
      CancelScope scope = CancelScope.of(node);
      if (scope != null) {
        chain.push(scope);
      }
    }
    lines.add(task(visit, fiber, chain.isEmpty() ? visit.scope : scopes + chain.size()));
    List<Work> below = scopes(visit, chain);
    for (Work next : below.reversed()) {
      work.push(next);
    }
  }

  /** The scopes that a task has entered, from the outside, each with the tasks that live in it. */
  private List<Work> scopes(ToVisit visit, ArrayDeque<CancelScope> chain) {
    IdentityHashMap<CancelScope, Nursery> nurseries = new IdentityHashMap<>(2);
    for (Nursery nursery : visit.task.childNurseries()) {
      nurseries.put(nursery.cancelScope(), nursery);
    }
    List<Work> below = new ArrayList<>();
    long taskId = ((RunningTask) visit.task).fiber().thread().threadId();
    int parent = visit.scope;
    int depth = visit.depth;
    for (CancelScope scope : chain) {
      depth++;
      Nursery nursery = nurseries.get(scope);
      List<Task> children = nursery == null ? List.of() : nursery.childTasks().reversed();
      int id = ++scopes;
      below.add(
          new Made(
              new TaskDump.ScopePart(
                  depth, id, parent, taskId, nursery == null ? -1 : children.size(),
                  remaining(scope), scope.shield(), scope.status().requested())));
      for (Task child : children) { // oldest first
        below.add(
            new ToVisit(child, TaskDump.Kind.TASK, depth + 1, id, scope.status()));
      }
      parent = id;
    }
    return below;
  }

  private @Nullable Duration remaining(CancelScope scope) {
    long deadline = Times.nanos(scope.deadline());
    return deadline == Times.NEVER ? null : Times.duration(Times.plus(deadline, -loop.now()));
  }

  private TaskDump.TaskPart task(ToVisit visit, Fiber fiber, int innermostScope) {
    Object what = fiber.waitingFor();
    boolean suspended = fiber.isSuspended();
    Nursery eventual = visit.task.eventualParentNursery();
    return new TaskDump.TaskPart(
        visit.depth,
        fiber.thread().threadId(),
        visit.task.name(),
        visit.kind,
        suspended
            ? TaskDump.State.WAITING
            : fiber == caller
                ? TaskDump.State.RUNNING
            : fiber.isStray() ? TaskDump.State.OUTSIDE : TaskDump.State.READY,
        what == null ? null : text(what),
        suspended ? Duration.ofNanos(Math.max(0, now - fiber.suspendedSinceNanos())) : null,
        innermostScope,
        fiber.cancelStatus().effectivelyCancelled(),
        eventual != null,
        filter.cleaned(fiber.stackTrace()));
  }

  /** The text of an object that a task waits for, which may be of the user's making. */
  static String text(Object what) {
    try {
      return what.toString();
    } catch (RuntimeException unreadable) {
      // Whoever wants to know why nothing moves is not helped by an error in a description.
      return what.getClass().getName() + " (its text cannot be had: " + unreadable.getClass() + ")";
    }
  }
}
