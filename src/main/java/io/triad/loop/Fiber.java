package io.triad.loop;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One task as the loop sees it: a virtual thread that sleeps and is resumed.
 *
 * <pre>
 * state      entered by                               left by
 * ─────────────────────────────────────────────────────────────────────────────────
 * READY      Loop.start, resume…                      the loop, when its turn comes
 * YIELDED    yieldNow, before it yields               the loop, when its turn comes
 * RUNNING    the loop, its turn                       suspend, yieldNow, the end of the body
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
    YIELDED,
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
  private @Nullable Consumer<Throwable> interruptTaker;
  private @Nullable Throwable failure;
  private @Nullable Object waitingFor;
  private long suspendedSinceNanos;
  private @Nullable EndHook firstHook;
  private int schedulePoints;
  private int cancelPoints;

  /** It left its carrier while RUNNING, and has not come back to a primitive of ours since. */
  private boolean stray;

  /** How to go on after a yield; until it has. */
  private @Nullable Runnable continuation;

  @Nullable Fiber previousInScope;
  @Nullable Fiber nextInScope;
  @Nullable Fiber previousInLoop;
  @Nullable Fiber nextInLoop;

  Fiber(
      Loop loop,
      @Nullable String name,
      Runnable body,
      CancelStatus cancelStatus,
      @Nullable Object inherited) {
    this.loop = loop;
    this.body = body;
    this.cancelStatus = cancelStatus;
    this.thread = loop.newThread(name, this, inherited);
    if (body instanceof FiberBody knowing) {
      knowing.setFiber(this);
    }
    cancelStatus.add(this);
  }

  /** The fiber that does something. */
  public static Fiber of(Object body) {
    return ((FiberBody) body).fiber();
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

  /** How often it let other fibers run, modulo 2³²; for assertions about checkpoints. */
  public int schedulePoints() {
    return schedulePoints;
  }

  /** How often it looked whether it is cancelled, modulo 2³²; for assertions about checkpoints. */
  public int cancelPoints() {
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

  /** Whether it waits for something outside of Triad, a lock of the JDK for example. */
  public boolean isStray() {
    return stray;
  }

  /** What it sleeps for; null if it does not sleep, or nobody said. */
  public @Nullable Object waitingFor() {
    return waitingFor;
  }

  /** When it went to sleep, by {@link System#nanoTime}, to the length of a pass of the loop. */
  public long suspendedSinceNanos() {
    return suspendedSinceNanos;
  }

  /** {@link #suspend(Object, Abort)} without a word about what for. */
  public void suspend(Abort abortFunction) {
    suspend(null, abortFunction);
  }

  /**
   * Puts the calling fiber to sleep until it is resumed. A cancel point unless the abort function
   * says otherwise: when the scope is cancelled already, the function is called at once.
   *
   * @param what something whose text says what the fiber waits for; kept until it is resumed
   * @param abortFunction takes the wait back
   * @throws Error the {@code Cancelled} of the scope, or whatever {@link #resumeWith} brings
   */
  public void suspend(@Nullable Object what, Abort abortFunction) {
    assert Thread.currentThread() == thread : "only a fiber itself can suspend";
    schedulePoints++;
    state = State.SUSPENDED;
    abort = abortFunction;
    waitingFor = what;
    suspendedSinceNanos = loop.passNanos();
    if (abortFunction != Abort.NEVER) {
      cancelPoints++;
      if (loop.isInterrupted(this)) {
        deliverInterrupt();
      }
    }
    if (cancelStatus.effectivelyCancelled()) {
      deliverCancellation();
    }
    park();
  }

  /**
   * Puts the calling fiber to sleep until it is resumed, cancelled or not; not a cancel point. An
   * interrupt, pending or still to come, is given to somebody who can shorten the wait.
   *
   * @param what see {@link #suspend(Object, Abort)}
   * @param taker takes an interrupt, on the loop; must neither block nor throw
   */
  public void suspendShielded(Object what, Consumer<Throwable> taker) {
    if (loop.isInterrupted(this)) {
      taker.accept(Objects.requireNonNull(loop.takeInterrupt()));
    }
    interruptTaker = taker;
    try {
      suspend(what, Abort.NEVER);
    } finally {
      interruptTaker = null;
    }
  }

  /**
   * Goes to the end of the ready queue; not a cancel point. If nothing else can be done, it goes
   * on at once.
   */
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is the loop
  public void yieldNow() {
    assert Thread.currentThread() == thread : "only a fiber itself can yield";
    schedulePoints++;
    if (loop.nothingElseToDo()) {
      return;
    }
    state = State.YIELDED;
    loop.makeReady(this);
    leaveStrayness();
    try {
      Thread.yield(); // cheaper than to park and be unparked; Loop.execute gets the continuation
      while (state == State.YIELDED && continuation != null) {
        goBackUntilTurn();
      }
    } catch (StackOverflowError tooDeep) {
      throw notSetAside(tooDeep);
    }
    if (state == State.YIELDED) {
      // Pinned, by a native frame for example: the thread cannot leave its carrier, on whose stack
      // the loop waits. Nobody else can run now, and the caller can go on.
      loop.takeBackYield(this);
      state = State.RUNNING;
    }
    continuation = null;
  }

  /**
   * Who looks at the stack of a thread that has yielded keeps it from going on meanwhile, and the JDK
   * then has it executed once more, because its turn might have been missed. But the loop keeps at it
   * ({@link Loop#resume}), so that turn is still to come, or has been and this is one too many.
   */
  @SuppressWarnings("ThreadPriorityCheck") // as above
  private void goBackUntilTurn() {
    if (loop.onLoop()) {
      loop.disregardNextYield();
      Thread.yield();
    } else {
      LockSupport.park(); // the loop has ended by a fault, and nobody will have a turn any more
    }
  }

  /** Raises if the scope is cancelled; does not yield. */
  public void raiseIfCancelled() {
    cancelPoints++;
    if (loop.isInterrupted(this)) {
      throw Fiber.<RuntimeException>asUnchecked(Objects.requireNonNull(loop.takeInterrupt()));
    }
    if (cancelStatus.effectivelyCancelled()) {
      throw cancelStatus.cancelled();
    }
  }

  /** What a cancel point would throw now, or null; takes nothing away. */
  public @Nullable Throwable cancellation() {
    Throwable interrupt = loop.interruptOf(this);
    return interrupt == null && cancelStatus.effectivelyCancelled()
        ? cancelStatus.cancelled()
        : interrupt;
  }

  /** Nothing at all unless the scope is cancelled; then yields and raises. */
  public void checkpointIfCancelled() {
    cancelPoints++;
    if (cancelStatus.effectivelyCancelled() || loop.isInterrupted(this)) {
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
    waitingFor = null;
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

  /** Wakes it with what {@link #cancellation} answered in this sleep. */
  public void resumeWithPending(Throwable pending) {
    if (loop.interruptOf(this) == pending) {
      loop.takeInterrupt();
    }
    resumeWith(pending);
  }

  void deliverCancellation() {
    if (takeWaitBack()) {
      resumeCancelled();
    }
  }

  void deliverInterrupt() {
    Consumer<Throwable> taker = interruptTaker;
    if (taker != null && state == State.SUSPENDED) {
      taker.accept(Objects.requireNonNull(loop.takeInterrupt()));
    } else if (takeWaitBack()) {
      resumeWith(Objects.requireNonNull(loop.takeInterrupt()));
    }
  }

  /** Calls the abort function, at most once per sleep. */
  private boolean takeWaitBack() {
    Abort function = abort;
    if (state != State.SUSPENDED || function == null) {
      return false;
    }
    abort = null;
    try {
      return function.abort();
    } catch (Throwable broken) {
      // Whether the wait was taken back is not known any more, so nobody may go on (CORE-07).
      loop.fail(broken);
      return false;
    }
  }

  /** Where it is, innermost frame first. */
  public StackTraceElement[] stackTrace() {
    return thread.getStackTrace();
  }

  // ---- the end ----

  /** Has something done when this fiber ends; the hook must not hang anywhere yet. */
  public void addEndHook(EndHook hook) {
    assert state != State.DONE : "it has ended already";
    EndHook first = firstHook;
    hook.nextHook = first;
    if (first != null) {
      first.previousHook = hook;
    }
    firstHook = hook;
  }

  /** Takes back {@link #addEndHook}. */
  public void removeEndHook(EndHook hook) {
    EndHook previous = hook.previousHook;
    EndHook next = hook.nextHook;
    if (previous != null) {
      previous.nextHook = next;
    } else {
      assert firstHook == hook : "this hook does not hang here";
      firstHook = next;
    }
    if (next != null) {
      next.previousHook = previous;
    }
    hook.previousHook = null;
    hook.nextHook = null;
  }

  private void callEndHooks() {
    for (EndHook hook = firstHook; hook != null; hook = firstHook) {
      removeEndHook(hook);
      hook.ended(this);
    }
  }

  // ---- for the loop ----

  /** Answers true the first time: its thread must be started and not unparked. */
  boolean isNew() {
    boolean first = !started;
    started = true;
    return first;
  }

  /** Called by the loop when the turn of this fiber has come. */
  void markRunning() {
    assert state == State.READY || state == State.YIELDED : state;
    state = State.RUNNING;
  }

  /** Whether it is leaving its carrier by {@link #yieldNow}; false if it stays in the end. */
  boolean isYielding() {
    return state == State.YIELDED;
  }

  void keepContinuation(Runnable newContinuation) {
    continuation = newContinuation;
  }

  /** How to go on after a yield; null if it did not yield. */
  @Nullable Runnable continuation() {
    return continuation;
  }

  /** Whether its turn has come and its continuation was run, but it did not go on. */
  boolean isHeld() {
    return state == State.RUNNING && continuation != null;
  }

  /** Called by the loop when the fiber has left its carrier; whether that was in a way not ours. */
  boolean hasStrayed() {
    stray = state == State.RUNNING;
    return stray;
  }

  private void leaveStrayness() {
    if (stray) {
      stray = false;
      loop.strayCameBack(this);
    }
  }

  /**
   * The virtual machine sets no stack aside that is larger than half a region of G1. Whoever is to
   * resume this fiber cannot be told that it is awake.
   */
  private StackOverflowError notSetAside(StackOverflowError tooDeep) {
    loop.fail(tooDeep);
    return tooDeep;
  }

  private void park() {
    leaveStrayness();
    boolean interrupted = false;
    while (state != State.RUNNING) {
      try {
        LockSupport.park();
      } catch (StackOverflowError tooDeep) {
        throw notSetAside(tooDeep);
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
      leaveStrayness();
      state = State.DONE;
      callEndHooks();
      if (body instanceof FiberBody knowing) {
        knowing.ended(); // whoever waits for this fiber finds its locks broken already
      }
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
