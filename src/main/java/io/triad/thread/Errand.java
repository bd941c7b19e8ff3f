package io.triad.thread;

import io.triad.Body;
import io.triad.RunFinishedException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Something that a thread wants done in a run, and waits for. Made by that thread; done, once, on the
 * thread of the run, with the scoped values of the thread that waits.
 */
final class Errand<T extends @Nullable Object> {
  private final Thread waiter = Thread.currentThread();
  private final Context context = Context.ofCaller();
  private final Body<T, ? extends Exception> body;
  private final boolean mayBlock;
  private volatile @Nullable Outcome<T> outcome;

  /**
   * Makes one.
   *
   * @param body what to do
   * @param mayBlock whether it may wait for anything
   */
  Errand(Body<T, ? extends Exception> body, boolean mayBlock) {
    this.body = body;
    this.mayBlock = mayBlock;
  }

  /** Does it in a system task. The caller is on the thread of the run, in no task. */
  void runInSystemTask() {
    Loop loop = Objects.requireNonNull(Loop.current());
    try {
      loop.access()
          .spawnSystemTask(
              "call from " + waiter.getName(),
              () -> {
                run();
                return null;
              });
      RunThreads.of(loop).began(this);
    } catch (IllegalStateException closed) { // the main task has ended, the run is about to
      refuse();
    } catch (Throwable failed) {
      complete(new Outcome.Failure<>(failed));
    }
  }

  /** Does it here and now; throws nothing, because whatever happens concerns the one who waits. */
  void run() {
    Loop loop = Objects.requireNonNull(Loop.current());
    Outcome<T> how = context.run(this::perform);
    RunThreads.of(loop).ended(this);
    complete(how);
  }

  private T perform() throws Exception {
    Fiber fiber = mayBlock ? null : Loop.currentFiber();
    int before = fiber == null ? 0 : fiber.schedulePoints();
    T result = body.call();
    if (fiber != null && fiber.schedulePoints() != before) {
      throw new IllegalStateException("what fromThreadSync does must not block; use fromThread");
    }
    return result;
  }

  /** Leaves it undone, because the run is over. */
  void refuse() {
    complete(new Outcome.Failure<>(new RunFinishedException()));
  }

  private void complete(Outcome<T> how) {
    outcome = how;
    LockSupport.unpark(waiter);
  }

  /** Waits until it is done. An interrupt is kept for later: what has been begun cannot be taken back. */
  <E extends Exception> T await() throws E {
    boolean interrupted = false;
    Outcome<T> how = outcome;
    while (how == null) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
      how = outcome;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return how.unwrap();
  }
}
