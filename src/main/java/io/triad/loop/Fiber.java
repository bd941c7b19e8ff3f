package io.triad.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One task as the loop sees it: a virtual thread that sleeps and is resumed.
 *
 * <pre>
 * state      entered by                               left by
 * ─────────────────────────────────────────────────────────────────────────────────
 * READY      Loop.start, resume…                      the loop, when its turn comes
 * RUNNING    the loop, its turn                       suspend, the end of the body
 * SUSPENDED  suspend, before it parks                 resume… (exactly one)
 * DONE       the end of the body
 * </pre>
 *
 * <p>The thread may leave its carrier without {@code suspend}: in a JDK lock, for example. It is
 * RUNNING then and comes back through {@link Loop#execute} like any foreign virtual thread.
 */
public final class Fiber implements Runnable {
  private enum State {
    READY,
    RUNNING,
    SUSPENDED,
    DONE
  }

  private final Loop loop;
  private final Runnable body;
  final Thread thread;
  private State state = State.READY;
  private boolean started;
  private CancelStatus cancelStatus;
  private @Nullable Abort abort;
  private @Nullable Throwable failure;
  private long schedulePoints;
  private long cancelPoints;

  @Nullable Fiber previousInScope;
  @Nullable Fiber nextInScope;

  Fiber(Loop loop, @Nullable String name, Runnable body, CancelStatus cancelStatus) {
    this.loop = loop;
    this.body = body;
    this.cancelStatus = cancelStatus;
    this.thread = loop.newThread(name, this);
    cancelStatus.add(this);
  }

  /** The loop it belongs to. */
  public Loop loop() {
    return loop;
  }

  /** What it does: the task. */
  public Runnable body() {
    return body;
  }

  /** Its virtual thread. */
  public Thread thread() {
    return thread;
  }

  /** The innermost scope it is in. */
  public CancelStatus cancelStatus() {
    return cancelStatus;
  }

  /** Enters or leaves a scope. */
  public void setCancelStatus(CancelStatus status) {
    cancelStatus.remove(this);
    cancelStatus = status;
    status.add(this);
    if (status.effectivelyCancelled()) {
      deliverCancellation();
    }
  }

  /** How often it let other fibers run; for assertions about checkpoints. */
  public long schedulePoints() {
    return schedulePoints;
  }

  /** How often it looked whether it is cancelled; for assertions about checkpoints. */
  public long cancelPoints() {
    return cancelPoints;
  }

  /** Whether its body has ended. */
  public boolean isDone() {
    return state == State.DONE;
  }

  /** Whether it sleeps until somebody resumes it. */
  public boolean isSuspended() {
    return state == State.SUSPENDED;
  }

  /**
   * Puts the calling fiber to sleep until it is resumed. A cancel point unless the abort function
   * says otherwise: when the scope is cancelled already, the function is called at once.
   *
   * @throws Error the {@code Cancelled} of the scope, or whatever {@link #resumeWith} brings
   */
  public void suspend(Abort abortFunction) {
    assert Thread.currentThread() == thread : "only a fiber itself can suspend";
    schedulePoints++;
    if (abortFunction != Abort.NEVER) {
      cancelPoints++;
    }
    state = State.SUSPENDED;
    abort = abortFunction;
    if (cancelStatus.effectivelyCancelled()) {
      deliverCancellation();
    }
    park();
  }

  /** Goes to the end of the ready queue; not a cancel point. */
  public void yieldNow() {
    assert Thread.currentThread() == thread : "only a fiber itself can yield";
    schedulePoints++;
    state = State.READY;
    loop.makeReady(this);
    park();
  }

  /** Raises if the scope is cancelled; does not yield. */
  public void raiseIfCancelled() {
    cancelPoints++;
    if (cancelStatus.effectivelyCancelled()) {
      throw cancelStatus.cancelled();
    }
  }

  /** Nothing at all unless the scope is cancelled; then yields and raises. */
  public void checkpointIfCancelled() {
    cancelPoints++;
    if (cancelStatus.effectivelyCancelled()) {
      yieldNow();
      raiseIfCancelled();
    }
  }

  /** Yields, then raises if the scope is cancelled. */
  public void checkpoint() {
    yieldNow();
    raiseIfCancelled();
  }

  /** Wakes it with nothing to tell. */
  public void resume() {
    assert loop.onLoop() : "a fiber is resumed on its loop";
    if (state != State.SUSPENDED) {
      throw new IllegalStateException("resumed a task that does not sleep: " + body);
    }
    state = State.READY;
    abort = null;
    loop.makeReady(this);
  }

  /** Wakes it with something that its {@link #suspend} throws. */
  public void resumeWith(Throwable throwable) {
    resume();
    failure = throwable;
  }

  /** Wakes it with the {@code Cancelled} of its scope. */
  public void resumeCancelled() {
    resumeWith(cancelStatus.cancelled());
  }

  void deliverCancellation() {
    Abort function = abort;
    if (state != State.SUSPENDED || function == null) {
      return;
    }
    abort = null; // at most once per sleep
    try {
      if (function.abort()) {
        resumeCancelled();
      }
    } catch (Throwable broken) {
      // Whether the wait was taken back is not known any more, so nobody may go on (CORE-07).
      loop.fail(broken);
    }
  }

  /** Answers true the first time: its thread must be started and not unparked. */
  boolean isNew() {
    boolean first = !started;
    started = true;
    return first;
  }

  /** Called by the loop when the turn of this fiber has come. */
  void markRunning() {
    assert state == State.READY : state;
    state = State.RUNNING;
  }

  private void park() {
    boolean interrupted = false;
    while (state != State.RUNNING) {
      try {
        LockSupport.park();
      } catch (StackOverflowError tooDeep) {
        // The virtual machine sets no stack aside that is larger than half a region of G1. Whoever
        // is to resume this fiber cannot be told that it is awake.
        loop.fail(tooDeep);
        throw tooDeep;
      }
      // With the interrupt status set, park would return at once, and the loop would never run.
      interrupted |= Thread.interrupted();
    }
    loop.setCurrent(this);
    if (interrupted) {
      thread.interrupt();
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      throw Fiber.<RuntimeException>asUnchecked(thrown);
    }
  }

  /** The life of its thread; nobody else calls it. */
  @Override
  public void run() {
    assert Thread.currentThread() == thread;
    loop.setCurrent(this);
    try {
      body.run();
    } catch (Throwable unexpected) {
      // Bodies catch what their task throws; this is a fault of the runtime itself.
      loop.fail(unexpected);
    } finally {
      state = State.DONE;
      cancelStatus.remove(this);
      loop.ended(this);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T asUnchecked(Throwable throwable) throws T {
    throw (T) throwable;
  }

  @Override
  public String toString() {
    return body.toString();
  }
}
