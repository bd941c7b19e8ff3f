package io.triad;

import io.triad.loop.CancelStatus;
import io.triad.loop.Loop;
import org.jspecify.annotations.Nullable;

/** The side of a task that its fiber sees: something to run. */
final class RunningTask extends Task implements Runnable {
  private final Action<?> body;
  private @Nullable Throwable failure;

  private RunningTask(@Nullable String name, @Nullable Nursery parent, Action<?> body) {
    super(name, parent);
    this.body = body;
  }

  /** Starts a task; without a nursery, it is the main task. */
  static RunningTask start(
      Loop loop,
      @Nullable Nursery nursery,
      @Nullable String name,
      Action<?> body,
      CancelStatus status) {
    RunningTask task = new RunningTask(name, nursery, body);
    loop.start(name, task, status);
    return task;
  }

  @Override
  public void run() {
    try {
      body.run();
    } catch (Throwable thrown) {
      failure = thrown;
    }
    Nursery parent = parentNursery(); // asked at the end: the task may have been moved
    if (parent != null) {
      parent.childEnded(this, failure);
    }
  }

  /** What it threw, or null. */
  @Nullable Throwable failure() {
    return failure;
  }
}
