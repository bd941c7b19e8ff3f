package io.triad.thread;

import io.triad.Body;
import io.triad.loop.Fiber;
import io.triad.sync.Limiter;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code toThread}: the task that waits, the host, and the thread that works for it.
 * While the host waits it does what its worker asks for by {@code fromThread}, so that this runs in
 * the task and the scopes of whoever called.
 *
 * <p>It is also what borrows the token of the limiter: one task may have several calls under way, in
 * one another, and an abandoned one stays with its thread while the task has gone on.
 */
final class WorkerCall<T extends @Nullable Object> {
  /** The call that the calling thread works for. */
  static final ScopedValue<WorkerCall<?>> CURRENT = ScopedValue.newInstance();

  private final Fiber host;
  private final RunThreads threads;
  private final Limiter limiter;
  private final boolean abandonable;
  private final String name;

  /** What the host was to be ended with, if anybody tried; read by the worker. */
  private volatile @Nullable Throwable cancellation;

  // The loop's:
  private final ArrayDeque<Errand<?>> errands = new ArrayDeque<>(0);
  private @Nullable Outcome<T> outcome;
  private boolean waiting;
  private boolean abandoned;

  WorkerCall(Fiber host, ThreadOptions options, String defaultName) {
    this.host = host;
    this.threads = RunThreads.of(host.loop());
    this.limiter = options.limiter() == null ? threads.defaultLimiter() : options.limiter();
    this.abandonable = options.abandonOnCancel();
    this.name = options.name() == null ? defaultName : options.name();
  }

  /** The whole call, by the host. */
  <E extends Exception> T call(Body<T, E> body) throws E {
    host.checkpointIfCancelled();
    threads.callBegan();
    boolean begun = false;
    try {
      limiter.acquireOnBehalfOf(this);
      startWorker(body);
      begun = true;
    } finally {
      if (!begun) {
        threads.callEnded();
      }
    }
    Outcome<T> how = await();
    if (how instanceof Outcome.Failure<T>(Throwable cause) && cause == host.cancellation()) {
      host.loop().takeInterrupt(); // the worker has thrown it for us
    }
    return how.unwrap();
  }

  private void startWorker(Body<T, ? extends Exception> body) {
    Context context = Context.ofCaller();
    Body<T, Exception> inContext =
        () -> context.run(() -> ScopedValue.where(CURRENT, this).call(body::call)).unwrap();
    try {
      threads.cache().start(name, inContext, this::deliver);
    } catch (Throwable notStarted) {
      try {
        limiter.releaseOnBehalfOf(this);
      } catch (Throwable failed) {
        notStarted.addSuppressed(failed);
      }
      throw notStarted;
    }
  }

  private Outcome<T> await() {
    while (true) {
      Errand<?> errand = errands.poll();
      if (errand != null) {
        errand.run();
      } else if (outcome != null) {
        return outcome;
      } else {
        waiting = true;
        try {
          host.suspend(this, this::abort);
        } finally {
          waiting = false;
        }
      }
    }
  }

  private boolean abort() {
    cancellation = host.cancellation();
    abandoned = abandonable;
    return abandonable;
  }

  private void wakeHost() {
    if (waiting) {
      waiting = false;
      host.resume();
    }
  }

  /** The function has ended; on the worker. */
  private void deliver(Outcome<T> how) {
    // If the run is over, this call was abandoned, and there is nobody to tell.
    host.loop().offer(() -> ended(how));
  }

  /** The function has ended; on the thread of the run, in no task. */
  private void ended(Outcome<T> how) {
    Outcome<T> told = how;
    try {
      limiter.releaseOnBehalfOf(this);
    } catch (Throwable failed) {
      if (how instanceof Outcome.Failure<T>(Throwable cause) && cause != failed) {
        failed.addSuppressed(cause);
      }
      told = new Outcome.Failure<>(failed);
      if (abandoned) { // what the function threw is nobody's concern, but this is
        System.getLogger("io.triad.thread")
            .log(System.Logger.Level.WARNING, "a limiter failed to take a token back", failed);
      }
    }
    threads.callEnded();
    if (!abandoned) {
      outcome = told;
      wakeHost();
    }
  }

  // ---- for the worker ----

  /** Whether what the worker asks for is done by the host. */
  boolean hasHost() {
    return !abandonable;
  }

  /** Has the host do something; on the worker, or on a thread that works for it. */
  void send(Errand<?> errand) {
    threads
        .token()
        .runSyncSoon(
            () -> {
              if (outcome != null) { // sent by a thread that the worker has not waited for
                errand.refuse();
              } else {
                threads.began(errand);
                errands.add(errand);
                wakeHost();
              }
            });
  }

  RunThreads threads() {
    return threads;
  }

  /** What the worker should throw, if it likes. */
  @Nullable Throwable cancellation() {
    return cancellation;
  }

  @Override
  public String toString() {
    return "thread \"" + name + '"';
  }
}
