package io.triad;

import io.triad.loop.CancelStatus;
import io.triad.loop.Fiber;
import io.triad.loop.FiberBody;
import io.triad.loop.Loop;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The side of a task that its fiber sees: something to run. */
final class RunningTask extends Task implements FiberBody {
  private final Action<?> body;
  private @Nullable Fiber fiber;
  private @Nullable Throwable failure;

  private RunningTask(@Nullable String name, @Nullable Nursery parent, Action<?> body) {
    super(name, parent);
    this.body = body;
  }

  /** Starts a task; without a nursery, it is the main task or a system task. */
  static RunningTask start(
      Loop loop,
      @Nullable Nursery nursery,
      @Nullable String name,
      Action<?> body,
      CancelStatus status) {
    RunningTask task = new RunningTask(name, nursery, body);
    if (nursery == null) {
      loop.startOutermost(name, task, status);
    } else {
      loop.start(name, task, status);
    }
    return task;
  }

  /** Called by the fiber while it is being made. */
  @Override
  public void setFiber(Fiber newFiber) {
    fiber = newFiber;
  }

  @Override
  public Fiber fiber() {
    return Objects.requireNonNull(fiber);
  }

  @Override
  public void run() {
    try {
      body.run();
    } catch (Throwable thrown) {
      failure = thrown;
    }
  }

  @Override
  public void ended() {
    Nursery parent = parentNursery(); // asked at the end: the task may have been moved
    if (parent != null) {
      parent.childEnded(this, failure);
    } else {
      ((Run<?>) fiber().loop().access()).rootEnded(this, failure);
    }
  }

  /** What it threw, or null. */
  @Nullable Throwable failure() {
    return failure;
  }
}
