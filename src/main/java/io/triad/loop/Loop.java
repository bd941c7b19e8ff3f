package io.triad.loop;

import io.triad.engine.Engine;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Platform;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
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

  private final Thread thread = Thread.currentThread();
  private final Platform platform;
  private final Engine engine;
  private final TimeSource timeSource;
  private final NativeBlocks blocks = new NativeBlocks();
  private final Thread.Builder.OfVirtual threads;
  private final ReadyQueue ready = new ReadyQueue();
  private final Inbox inbox = new Inbox();
  private final SleepProtocol sleep = new SleepProtocol();
  private final DeadlineQueue deadlines = new DeadlineQueue();
  private final QuietWaiters quietWaiters = new QuietWaiters();
  private final IdentityHashMap<Thread, Fiber> fibers = new IdentityHashMap<>();

  private @Nullable Fiber current;
  private boolean capturing;
  private @Nullable Runnable captured;
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
    fiber = loop.fibers.get(caller);
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

  /** Queues, moves or removes a deadline. */
  public void setDeadline(Deadline deadline, long nanos) {
    assert onLoop();
    deadlines.set(deadline, nanos);
  }

  /**
   * Makes a fiber and starts it; its body begins to run in the next pass.
   *
   * @param name the name of the thread, or null for none
   * @param body what it does; must not throw
   * @param status the scope it begins in
   */
  public Fiber start(@Nullable String name, Runnable body, CancelStatus status) {
    assert onLoop();
    Fiber fiber = new Fiber(this, name, body, status);
    fibers.put(fiber.thread, fiber);
    ready.add(fiber);
    return fiber;
  }

  /** Runs until the last fiber has ended; the first one must have been started. */
  public void run() {
    assert Thread.currentThread() == thread;
    assert carriedBy(thread) == null : "a loop runs on this thread already";
    register(this);
    int abandoned;
    try {
      while (!fibers.isEmpty() && fault == null) {
        boolean anything = !ready.isEmpty();
        runBatch();
        anything |= waitForEvents();
        anything |= drainInbox();
        anything |= fireDeadlines();
        if (!quietWaiters.isEmpty()) {
          quietWaiters.passed(anything);
        }
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
      endOperations();
      blocks.close();
      rescueForeigners();
    }
    checkBalance(abandoned);
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
   * Runs something on the loop, in its next pass; any thread. After the end of the run nobody is
   * left whom it could concern, and it is dropped.
   *
   * @param message must neither block nor throw
   */
  public void runSoon(Message message) {
    post(message);
  }

  private void post(Runnable entry) {
    inbox.add(entry);
    if (ended) {
      rescueInbox();
    } else if (sleep.mustWake()) {
      synchronized (endLock) { // a wake-up after the end would go to somebody else's descriptor
        if (!ended) {
          engine.wake();
        }
      }
    }
  }

  /** The JDK wants a continuation of one of our virtual threads to be run; any thread. */
  @Override
  public void execute(Runnable continuation) {
    if (capturing && Thread.currentThread() == thread) {
      capturing = false;
      captured = continuation;
    } else if (ended) {
      // A virtual thread that a task started by itself and that outlives the run. It goes on
      // elsewhere: refusing it would lose it without a word.
      ForkJoinPool.commonPool().execute(continuation);
    } else if (onLoop()) {
      ready.add(continuation);
    } else {
      post(continuation);
    }
  }

  Thread newThread(@Nullable String name, Runnable body) {
    threads.name(name == null ? "" : name);
    return threads.unstarted(body);
  }

  void makeReady(Fiber fiber) {
    ready.add(fiber);
  }

  void setCurrent(Fiber fiber) {
    current = fiber;
  }

  void ended(Fiber fiber) {
    fibers.remove(fiber.thread);
    current = null;
  }

  /** Ends the run because the runtime itself is at fault. */
  void fail(Throwable throwable) {
    if (fault == null) {
      fault = throwable;
    } else if (fault != throwable) {
      fault.addSuppressed(throwable);
    }
  }

  /** Virtual threads that tasks started by themselves, and that are ready; see {@link #execute}. */
  private void rescueForeigners() {
    rescueInbox();
    while (!ready.isEmpty()) {
      rescue(ready.remove());
    }
  }

  /**
   * Whoever adds to the inbox looks at {@code ended} afterwards, and the loop, having set it, takes
   * what is there: one of the two sees each entry.
   */
  private void rescueInbox() {
    for (Inbox.Node node = inbox.takeAll(); node != null; node = node.next) {
      rescue(node.message);
    }
  }

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
      }
    }
  }

  private void resume(Fiber fiber) {
    fiber.markRunning();
    current = fiber;
    capturing = true;
    if (fiber.isNew()) {
      fiber.thread.start();
    } else {
      LockSupport.unpark(fiber.thread);
    }
    capturing = false;
    Runnable continuation = captured;
    if (continuation != null) {
      captured = null;
      continuation.run();
    }
    // Without a continuation the thread had been unparked by somebody else before: it is queued as
    // a foreign continuation already, and finds itself RUNNING when it comes to its turn.
  }

  private boolean waitForEvents() {
    long timeout = 0;
    if (ready.isEmpty() && !fibers.isEmpty() && fault == null) {
      timeout = timeSource.untilNanos(deadlines.earliest());
      if (!quietWaiters.isEmpty()) {
        timeout = Math.min(timeout, quietWaiters.untilNanos());
      }
      if (timeout > 0 && !sleep.prepareToSleep(inbox::isEmpty)) {
        timeout = 0;
      }
    }
    try {
      return engine.poll(timeout);
    } finally {
      sleep.awake();
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
      engine.poll(Engine.FOREVER);
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
