package io.triad;

import io.triad.engine.Operation;
import io.triad.engine.OperationWatcher;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * The events of Java Flight Recorder. A recording gets runs, stalled steps and exhausted buffers
 * unless it says otherwise, and tasks, waits and operations if it asks for them; with the {@code
 * java} command, {@code -XX:StartFlightRecording:+io.triad.Task#enabled=true}.
 *
 * <p>None has a stack trace of JFR's making: most are written by the loop, in the name of a task.
 */
final class FlightEvents {
  private FlightEvents() {}

  /** The life of a run. */
  @Name("io.triad.Run")
  @Label("Run")
  @Category("Triad")
  @Description("A run, from its start or that of the recording, to its end")
  @StackTrace(false)
  static final class RunEvent extends Event {
    @Label("Engine")
    @Nullable String engine;

    @Label("Tasks Spawned")
    @Description("How many tasks were started in this time")
    long tasksSpawned;
  }

  /** The life of a task. */
  @Name("io.triad.Task")
  @Label("Task")
  @Category("Triad")
  @Description("A task, from its start to its end")
  @StackTrace(false)
  @Enabled(false)
  static final class TaskEvent extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Task Id")
    @Description("The identifier of its virtual thread")
    long taskId;

    @Label("Parent")
    @Description("The task whose nursery it ended in; none for the main task and system tasks")
    @Nullable String parent;

    @Label("Failure")
    @Description("The class of what it threw")
    @Nullable String failure;
  }

  /** A task slept. */
  @Name("io.triad.Wait")
  @Label("Wait")
  @Category("Triad")
  @Description("A task waited at a checkpoint, until it was made ready")
  @StackTrace(false)
  @Enabled(false)
  static final class WaitEvent extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Task Id")
    @Description("The identifier of its virtual thread")
    long taskId;

    @Label("Waiting For")
    @Nullable String waitingFor;

    /** The object whose text that is; the text is made only if the event is written. */
    transient @Nullable Object what;
  }

  /** A request to the kernel. */
  @Name("io.triad.Operation")
  @Label("Operation")
  @Category("Triad")
  @Description("A request to the kernel, from its submission to its final completion")
  @StackTrace(false)
  @Enabled(false)
  static final class OperationEvent extends Event implements OperationWatcher {
    @Label("Kind")
    @Nullable String kind;

    @Label("Task")
    @Description("The task that submitted it; none if a callback did")
    @Nullable String task;

    @Label("Descriptor")
    int descriptor;

    @Label("Completions")
    @Description("How often it completed; requests to accept and to receive do so again and again")
    int completions;

    @Label("Result")
    @Description("The last result: a count or a descriptor, or a negated error of the system")
    int result;

    @Label("Cancelled")
    @Description("Whether it ended because it was cancelled, and nothing happened")
    boolean cancelled;

    @Override
    public void completed(Operation operation, int newResult, boolean more) {
      completions++;
      if (more) {
        return;
      }
      end();
      if (shouldCommit()) {
        kind = operation.kind().name();
        descriptor = operation.descriptor();
        cancelled = newResult == Operation.CANCELED;
        result = cancelled ? 0 : newResult;
        FlightScribe.write(this);
      }
    }
  }

  /** A task holds up its run. */
  @Name("io.triad.StalledStep")
  @Label("Stalled Step")
  @Category("Triad")
  @Description("A task ran for long without a checkpoint, and held up its run; written while it does")
  @StackTrace(false)
  @Threshold("50 ms")
  static final class StalledStepEvent extends Event implements StepWatch.Sighting {
    @Label("Task")
    @Nullable String task;

    @Label("Task Id")
    @Description("The identifier of its virtual thread")
    long taskId;

    @Label("Stack Trace")
    @Description("Where the task was when this was noticed, innermost first")
    @Nullable String stack;

    @Override
    public boolean isDue() {
      end();
      return shouldCommit();
    }

    @Override
    public void report(String name, long id, String stackTrace) {
      task = name;
      taskId = id;
      stack = stackTrace;
      commit();
    }
  }

  /** No receive buffer. */
  @Name("io.triad.BufferExhaustion")
  @Label("Buffer Exhaustion")
  @Category("Triad")
  @Description("Data arrived and the kernel had no buffer of the run to put it into")
  @StackTrace(false)
  static final class BufferExhaustionEvent extends Event {
    @Label("Descriptor")
    int descriptor;

    @Label("Buffers Lent")
    @Description("How many buffers hold data that the program has not read")
    int buffersLent;

    @Label("Waits")
    @Description("Whether it waits until one is given back; if not, the kernel gets more of them")
    boolean waits;
  }
}
