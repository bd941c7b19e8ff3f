package io.triad.loop;

import io.triad.engine.Engine;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of one run. It belongs to the platform thread that calls {@link #run}, carries the
 * virtual threads of its fibers, and drives one {@link Engine}.
 *
 * <p>One pass: run what was ready at its start, each once; submit everything and reap in one system
 * call, which sleeps if nothing is ready; take the inbox; fire the deadlines that are due. A fiber
 * that yields therefore sees every deadline that has passed and every completion that had arrived.
 *
 * <p>The loop is the executor of its virtual threads. Almost always {@link #execute} is called by
 * the loop itself, in the middle of {@link #resume}: there it only hands the continuation over. All
 * other calls come from the JDK (a lock was released, a foreign thread called {@code unpark}) or from
 * virtual threads that a task started by itself; they queue like anything else, and keep the rule
 * that one thing runs at a time.
 */
public final class Loop implements Executor {
  /** The loops of this process; few, and searched by identity. */
  private static volatile Loop[] active = {};

  /**
   * A mask: passes that do not sleep are short, and looking at the time is not free. As often, the
   * engine is asked although it says that there is nothing.
   */
  private static final int PASSES_PER_LOOK_AT_TIME = 63;

  /** A mask: after so many yields that found nothing else to do, a pass is made nevertheless. */
  private static final int YIELDS_PER_PASS = 1023;

  /** How often to try to resume a fiber while another thread looks at its stack. */
  private static final int LONGEST_LOOK = 1_000_000;

  private final Thread thread = Thread.currentThread();
  private final Platform platform;
  private final Engine engine;
  private final TimeSource timeSource;
  private final NativeBlocks blocks = new NativeBlocks();
  private final Thread.Builder.OfVirtual threads;

  /** What was bound around the run. */
  private final @Nullable Object bindings = ScopedBindings.capture();

  private final ReadyQueue ready = new ReadyQueue();
  private final Inbox inbox = new Inbox();
  private final SleepProtocol sleep = new SleepProtocol();
  private final DeadlineQueue deadlines = new DeadlineQueue();
  private final QuietWaiters quietWaiters = new QuietWaiters();
  private final FiberSet fibers = new FiberSet();
  private final Interrupt interrupt = new Interrupt();
  private final Map<Object, Object> locals = new HashMap<>(0);
  private final List<Runnable> endActions = new ArrayList<>(0);

  private @Nullable RunAccess access;
  private @Nullable LoopObserver observer;
  private @Nullable Fiber current;

  private int passes;
  private int yieldsInPlace;
  private long passNanos = System.nanoTime();

  private boolean capturing;
  private boolean disregarding;
  private @Nullable Runnable captured;
  private @Nullable Fiber resumed;
  private @Nullable Throwable fault;
  private final Object endLock = new Object();
  private volatile boolean ended;

  /** Makes the loop of the calling thread. */
  public Loop(Platform platform, Engine engine, TimeSource timeSource) {
    this.platform = platform;
    this.engine = engine;
    this.timeSource = timeSource;
    this.threads = SchedulerAccess.builder(this);
  }

  /** The fiber that runs now on the calling thread; null outside of any. */
  public static @Nullable Fiber currentFiber() {
    Thread caller = Thread.currentThread();
    if (!caller.isVirtual()) {
      return null;
    }
    Loop loop = carriedBy(SchedulerAccess.currentCarrier());
    if (loop == null) {
      return null;
    }
    Fiber fiber = loop.current;
    if (fiber != null && fiber.thread == caller) {
      return fiber;
    }
    // It came back from a JDK lock and not through suspend, or it is no fiber of ours at all.
    fiber = loop.fibers.strayOn(caller);
    loop.current = fiber;
    return fiber;
  }

  /**
   * The fiber that runs now on the calling thread.
   *
   * @throws IllegalStateException outside of any
   */
  public static Fiber requireFiber() {
    Fiber fiber = currentFiber();
    if (fiber == null) {
      throw new IllegalStateException(
          "must be called from a task of a run: inside Triad.run, on the thread of a task");
    }
    return fiber;
  }

  /**
   * The fiber that runs now on the calling thread, which must be one of this loop.
   *
   * @throws IllegalStateException outside of any, or in a fiber of another loop
   */
  public Fiber requireOwnFiber() {
    Fiber fiber = requireFiber();
    if (fiber.loop() != this) {
      throw new IllegalStateException("this belongs to another run, and only its tasks can use it");
    }
    return fiber;
  }

  /** The loop that the calling thread carries or is carried by; null if there is none. */
  public static @Nullable Loop current() {
    return carriedBy(SchedulerAccess.currentCarrier());
  }

  private static @Nullable Loop carriedBy(Thread carrier) {
    for (Loop loop : active) {
      if (loop.thread == carrier) {
        return loop;
      }
    }
    return null;
  }

  /** The calls of the system that end at once. */
  public Platform platform() {
    return platform;
  }

  /** Off-heap memory for operations. */
  public NativeBlocks blocks() {
    return blocks;
  }

  /** The engine that this loop drives. */
  public Engine engine() {
    return engine;
  }

  /** The clock of the run, in nanoseconds from an arbitrary origin. */
  public long now() {
    return timeSource.nanos();
  }

  /** Whether the caller runs on this loop's thread, as a fiber or as the loop itself. */
  public boolean onLoop() {
    return SchedulerAccess.currentCarrier() == thread;
  }

  /**
   * Something that exists once per run, made at the first demand.
   *
   * @param key which one
   * @param maker makes it
   */
  @SuppressWarnings("unchecked") // whoever owns the key knows the type
  public <T> T local(Object key, Supplier<T> maker) {
    assert onLoop();
    Object value = locals.get(key);
    if (value == null) { // computeIfAbsent forbids a maker that asks for another one
      value = maker.get();
      locals.put(key, value);
    }
    return (T) value;
  }

  /**
   * Has something done when the loop has taken its last message, in whatever way it ends; on its
   * thread.
   *
   * @param action must neither block nor throw
   */
  public void atEnd(Runnable action) {
    assert onLoop();
    endActions.add(action);
  }

  /** Says which run this is the loop of. */
  public void setAccess(RunAccess run) {
    access = run;
  }

  /** The run that this is the loop of. */
  public RunAccess access() {
    return Objects.requireNonNull(access);
  }

  /** Has somebody look on, or nobody. */
  public void setObserver(@Nullable LoopObserver newObserver) {
    assert onLoop();
    observer = newObserver;
  }

  /** All fibers, the youngest first. */
  public List<Fiber> fibers() {
    assert onLoop();
    return fibers.list();
  }

  /** How many fibers there are. */
  public int fiberCount() {
    return fibers.size();
  }

  /** The name of the thread that carries the fibers. */
  public String threadName() {
    return thread.getName();
  }

  /** The fiber that ran last, and may run now; any thread, and only for a look at a stalled loop. */
  public @Nullable Fiber glimpse() {
    return current;
  }

  /** How many fibers and continuations of foreign virtual threads are ready to run. */
  public int readyCount() {
    return ready.size();
  }

  /** How many messages of other threads have not been taken yet. */
  public int queuedCount() {
    assert onLoop();
    return inbox.size();
  }

  /** The next deadline, or {@link Deadline#NEVER}. */
  public long nextDeadline() {
    return deadlines.earliest();
  }

  /** When the loop last looked at {@link System#nanoTime}: after each sleep, and now and then. */
  long passNanos() {
    return passNanos;
  }

  /** Queues, moves or removes a deadline. */
  public void setDeadline(Deadline deadline, long nanos) {
    assert onLoop();
    deadlines.set(deadline, nanos);
  }

  /**
   * Makes a fiber and starts it; its body begins to run in the next pass. It inherits the bindings of
   * the caller.
   *
   * @param name the name of the thread, or null for none
   * @param body what it does; must not throw
   * @param status the scope it begins in
   */
  public Fiber start(@Nullable String name, Runnable body, CancelStatus status) {
    return start(name, body, status, ScopedBindings.capture());
  }

  /** Like {@link #start}, but the fiber inherits the bindings that were there around the run. */
  public Fiber startOutermost(@Nullable String name, Runnable body, CancelStatus status) {
    return start(name, body, status, bindings);
  }

  private Fiber start(
      @Nullable String name, Runnable body, CancelStatus status, @Nullable Object inherited) {
    assert onLoop();
    Fiber fiber = new Fiber(this, name, body, status, inherited);
    fibers.add(fiber);
    if (observer != null) {
      observer.spawned(fiber);
    }
    makeReady(fiber);
    return fiber;
  }

  /**
   * Runs until the last fiber has ended, then takes the messages that were accepted until then; the
   * first fiber must have been started.
   */
  public void run() {
    assert Thread.currentThread() == thread;
    assert carriedBy(thread) == null : "a loop runs on this thread already";
    register(this);
    int abandoned;
    try {
      try {
        while (!fibers.isEmpty() && fault == null) {
          pass();
        }
      } finally {
        takeLastMessages();
      }
      if (fault != null) {
        throw new LoopFault(fault);
      }
      abandoned = engine.operationsInFlight();
    } finally {
      synchronized (endLock) {
        ended = true;
      }
      unregister(this);
      endActions.forEach(Runnable::run);
      endOperations();
      blocks.close();
      while (!ready.isEmpty()) {
        rescue(ready.remove());
      }
    }
    checkBalance(abandoned);
  }

  private void pass() {
    boolean anything = !ready.isEmpty();
    runBatch();
    if (fault != null) {
      return; // what is going on is not known any more, and the next step could hide why
    }
    anything |= waitForEvents();
    anything |= drainInbox();
    anything |= fireDeadlines();
    if (!quietWaiters.isEmpty()) {
      quietWaiters.passed(anything || fibers.hasStrays());
    }
  }

  /**
   * Puts the calling fiber to sleep until nothing has happened for a while: no fiber ran, no
   * completion, message or deadline came. Of several such fibers those with the shortest while are
   * woken first, and that is a happening for the others.
   *
   * @param fiber the caller
   * @param cushionNanos how long, in real time; with 0, one pass without any happening
   */
  public void awaitQuiet(Fiber fiber, long cushionNanos) {
    quietWaiters.await(fiber, cushionNanos);
  }

  /** Something that another thread wants to be done on the loop. */
  @FunctionalInterface
  public interface Message extends Runnable {}

  /**
   * Runs something on the loop, in its next pass; any thread.
   *
   * @param message must neither block nor throw
   * @return whether it will be run before {@link #run} returns; if not, the run is over, and nobody
   *     is left whom it could concern
   */
  public boolean offer(Message message) {
    return post(message);
  }

  private boolean post(Runnable entry) {
    if (!inbox.add(entry)) {
      return false;
    }
    if (sleep.mustWake()) {
      synchronized (endLock) { // a wake-up after the end would go to somebody else's descriptor
        if (!ended) {
          engine.wake();
        }
      }
    }
    return true;
  }

  /** The JDK wants a continuation of one of our virtual threads to be run; any thread. */
  @Override
  public void execute(Runnable continuation) {
    if (Thread.currentThread() == thread && (capturing || disregarding || resumed != null)) {
      fromResume(continuation);
    } else if (!ended && onLoop()) {
      ready.add(continuation);
    } else if (ended || !post(continuation)) {
      rescue(continuation);
    }
  }

  /**
   * The loop itself called into the virtual thread that it resumes, and that gives its continuation:
   * either to be run for the first time, or, having yielded, to be run next time. A fiber that has
   * yielded without us, by {@link Thread#yield} for example, queues like anything else.
   */
  private void fromResume(Runnable continuation) {
    if (capturing) {
      capturing = false;
      captured = continuation;
    } else if (disregarding) {
      disregarding = false;
    } else if (resumed != null && resumed.isYielding()) {
      resumed.keepContinuation(continuation);
    } else {
      ready.add(continuation);
    }
  }

  /** Another yield of a fiber that has its place in the queue, and its continuation kept. */
  void disregardNextYield() {
    disregarding = true;
  }

  void takeBackYield(Fiber fiber) {
    Object last = ready.removeLast();
    assert last == fiber : "nothing can have been added since";
  }

  Thread newThread(@Nullable String name, Runnable body, @Nullable Object inherited) {
    threads.name(name == null ? "" : name);
    return ScopedBindings.unstarted(threads, body, inherited);
  }

  void makeReady(Fiber fiber) {
    ready.add(fiber);
    if (observer != null) {
      observer.scheduled(fiber);
    }
  }

  /**
   * Whether letting others run would be for nothing, known without a system call: nobody is ready,
   * nothing has arrived, no deadline is due. Now and then it answers no in any case, so that no
   * mistake about what the kernel has to do can last.
   */
  boolean nothingElseToDo() {
    return ready.isEmpty()
        && (++yieldsInPlace & YIELDS_PER_PASS) != 0
        && inbox.isEmpty()
        && engine.isQuiet()
        && observer == null
        && quietWaiters.isEmpty()
        && fault == null
        && (deadlines.size() == 0 || timeSource.nanos() < deadlines.earliest());
  }

  /** It runs as a foreign continuation, and from here on as if its turn had come. */
  void strayCameBack(Fiber fiber) {
    fibers.cameBack(fiber);
    resumed = fiber;
  }

  // ---- what comes from outside and belongs to one fiber ----

  /** Ends the wait of a fiber, or its next cancel point, with something that is thrown there. */
  public void interrupt(Fiber fiber, Throwable throwable) {
    assert onLoop();
    interrupt.set(fiber, throwable);
    fiber.deliverInterrupt();
  }

  /** What {@link #interrupt} brought and nobody has got yet. */
  public @Nullable Throwable takeInterrupt() {
    return interrupt.take();
  }

  /** Whether an {@link #interrupt} has not been delivered yet; any thread. */
  public boolean isInterruptPending() {
    return interrupt.isPending();
  }

  boolean isInterrupted(Fiber fiber) {
    return interrupt.isFor(fiber);
  }

  @Nullable Throwable interruptOf(Fiber fiber) {
    return interrupt.of(fiber);
  }

  void setCurrent(Fiber fiber) {
    current = fiber;
  }

  void ended(Fiber fiber) {
    fibers.remove(fiber);
    current = null;
    if (observer != null) {
      observer.exited(fiber);
    }
  }

  /** Ends the run because the runtime itself is at fault. */
  void fail(Throwable throwable) {
    if (fault == null) {
      fault = throwable;
    } else if (fault != throwable) {
      fault.addSuppressed(throwable);
    }
  }

  /**
   * After a fault as well: whoever was told that a message is accepted may wait for it. Some are in
   * the inbox, some had been taken from there in the pass in which the last fiber ended.
   */
  private void takeLastMessages() {
    for (Inbox.Node node = inbox.close(); node != null; node = node.next) {
      ready.add(node.message);
    }
    current = null;
    while (!ready.isEmpty()) {
      Object entry = ready.remove();
      if (entry instanceof Message message) {
        message.run();
      } else {
        rescue(entry);
      }
    }
  }

  /** A virtual thread that a task started by itself and that outlives the run goes on elsewhere. */
  private static void rescue(Object entry) {
    // After a fault there are fibers as well, which nobody resumes any more.
    if (!(entry instanceof Message || entry instanceof Fiber)) {
      ForkJoinPool.commonPool().execute((Runnable) entry);
    }
  }

  private void runBatch() {
    for (int left = ready.size(); left > 0; left--) {
      Object entry = ready.remove();
      if (entry instanceof Fiber fiber) {
        resume(fiber);
      } else {
        current = null;
        ((Runnable) entry).run();
        leftCarrier();
      }
    }
  }

  private void resume(Fiber fiber) {
    if (observer != null) {
      observer.beforeStep(fiber);
    }
    fiber.markRunning();
    current = fiber;
    resumed = fiber;
    Runnable continuation = fiber.continuation();
    if (continuation == null) {
      continuation = wake(fiber);
    }
    if (continuation != null) {
      continuation.run();
      if (fiber.isHeld()) {
        insist(fiber, continuation);
      }
    }
    leftCarrier();
    if (observer != null) {
      observer.afterStep(fiber);
    }
  }

  private void leftCarrier() {
    Fiber fiber = resumed;
    if (fiber != null) {
      resumed = null;
      if (fiber.hasStrayed()) {
        fibers.strayed(fiber);
      }
    }
  }

  /**
   * Another thread looks at the stack of a fiber whose turn has come, and for so long it cannot go
   * on. That does not last, unless the other thread is one of ours that lost its own turn over it;
   * then the fiber has to stray, and the JDK will bring it back.
   */
  @SuppressWarnings("ThreadPriorityCheck") // what the JDK does in this case, too
  private static void insist(Fiber fiber, Runnable continuation) {
    for (int i = 0; i < LONGEST_LOOK && fiber.isHeld(); i++) {
      Thread.yield();
      continuation.run();
    }
  }

  /**
   * Has the JDK make the thread runnable. Without a continuation it had been unparked by somebody
   * else before: it is queued as a foreign continuation already, and finds itself RUNNING when it
   * comes to its turn.
   */
  private @Nullable Runnable wake(Fiber fiber) {
    capturing = true;
    if (fiber.isNew()) {
      fiber.thread.start();
    } else {
      LockSupport.unpark(fiber.thread);
    }
    capturing = false;
    Runnable continuation = captured;
    captured = null;
    return continuation;
  }

  private boolean waitForEvents() {
    if (!ready.isEmpty() || fibers.isEmpty() || fault != null) {
      return look();
    }
    long earliest = deadlines.earliest();
    long timeout = timeSource.untilNanos(earliest);
    if (fibers.hasStrays()) { // somebody is busy with something that the loop knows nothing of
      return poll(timeout);
    }
    if (!quietWaiters.isEmpty()) {
      return poll(Math.min(timeout, quietWaiters.untilNanos()));
    }
    long threshold = timeSource.idleThresholdNanos();
    if (threshold >= timeout || earliest == Deadline.NEVER) {
      return poll(timeout);
    }
    return pollUntilIdle(threshold, earliest);
  }

  /** Waits a while; if nothing came in it, the clock may do something about that (TEST-04). */
  private boolean pollUntilIdle(long thresholdNanos, long earliest) {
    long began = System.nanoTime();
    long left = thresholdNanos;
    do {
      if (poll(left) || !inbox.isEmpty()) {
        return true;
      }
      left = thresholdNanos - (System.nanoTime() - began); // a signal may have ended the wait early
    } while (left > 0);
    timeSource.idle(earliest);
    return false;
  }

  /** Polls without waiting, unless the engine knows that nothing would be found. */
  private boolean look() {
    if ((++passes & PASSES_PER_LOOK_AT_TIME) == 0) {
      passNanos = System.nanoTime();
    } else if (observer == null && engine.isQuiet()) {
      return false;
    }
    return poll(0);
  }

  private boolean poll(long timeoutNanos) {
    long timeout = timeoutNanos;
    if (timeout > 0 && !sleep.prepareToSleep(inbox::isEmpty)) {
      timeout = 0;
    }
    if (observer != null) {
      observer.beforeWait(timeout);
    }
    try {
      return engine.poll(timeout);
    } finally {
      sleep.awake();
      if (timeout > 0) {
        passNanos = System.nanoTime();
      }
      if (observer != null) {
        observer.afterWait(timeout);
      }
    }
  }

  private boolean drainInbox() {
    Inbox.Node first = inbox.takeAll();
    for (Inbox.Node node = first; node != null; node = node.next) {
      ready.add(node.message);
    }
    return first != null;
  }

  private boolean fireDeadlines() {
    return deadlines.size() > 0 && deadlines.fire(timeSource.nanos()) > 0;
  }

  /**
   * Waits for the kernel's last word on everything: until then it may touch memory of ours. What is
   * still in flight after the last task belongs to a stream or listener that nobody closed.
   */
  private void endOperations() {
    while (engine.operationsInFlight() > 0) {
      engine.cancelAll();
      engine.poll(timeSource.untilNanos(Deadline.NEVER));
    }
  }

  /** Whether everything was given back; a descriptor that was left open stays so. */
  private void checkBalance(int abandoned) {
    int unread = engine.buffersLent();
    if (abandoned > 0 || unread > 0) {
      System.getLogger("io.triad.loop")
          .log(
              System.Logger.Level.WARNING,
              "the run has ended and a stream or listener was not closed: {0} operations were in"
                  + " flight, {1} receive buffers were not read",
              abandoned,
              unread);
    }
    if (blocks.lent() != 0) {
      throw new LoopFault(
          new IllegalStateException(blocks.lent() + " native blocks were not given back"));
    }
  }

  private static synchronized void register(Loop loop) {
    Loop[] more = Arrays.copyOf(active, active.length + 1);
    more[active.length] = loop;
    active = more;
  }

  private static synchronized void unregister(Loop loop) {
    active = Arrays.stream(active).filter(each -> each != loop).toArray(Loop[]::new);
  }
}
