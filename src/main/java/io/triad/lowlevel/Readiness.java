package io.triad.lowlevel;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits in a run for which descriptor to be ready: at most one task per descriptor and direction,
 * each with an operation of its own. Nothing is registered beyond a wait, so nothing can be left over
 * for another file that gets the same number later (LOW-09).
 *
 * <p>A wait ends when the engine has said the last word on its operation, also after a cancellation or
 * {@link #notifyClosing}: the operation keeps the open file from being closed for good.
 */
final class Readiness {
  private final Map<Integer, Wait> readers = new HashMap<>(0);
  private final Map<Integer, Wait> writers = new HashMap<>(0);

  /** The kqueue of the run, where there is one, if it has been asked for. */
  @Nullable Kqueue kqueue;

  /** The one of a run. */
  static Readiness of(Loop loop) {
    return loop.local(Readiness.class, Readiness::new);
  }

  int waitingToRead() {
    return readers.size();
  }

  int waitingToWrite() {
    return writers.size();
  }

  void waitReadable(Fiber fiber, int descriptor) throws ClosedResourceException, OsException {
    await(fiber, descriptor, Operation.READABLE, readers);
  }

  void waitWritable(Fiber fiber, int descriptor) throws ClosedResourceException, OsException {
    await(fiber, descriptor, Operation.WRITABLE, writers);
  }

  private static void await(Fiber fiber, int descriptor, int direction, Map<Integer, Wait> waits)
      throws ClosedResourceException, OsException {
    fiber.checkpointIfCancelled();
    Wait wait = new Wait(fiber, descriptor, direction);
    if (waits.putIfAbsent(descriptor, wait) != null) {
      throw new BusyResourceException(
          "another task waits for the descriptor of " + wait + " already");
    }
    try {
      wait.await();
    } finally {
      waits.remove(descriptor, wait); // after notifyClosing another may be there
    }
  }

  void notifyClosing(int descriptor) {
    if (kqueue != null) {
      kqueue.notifyClosing(descriptor);
    }
    close(readers.remove(descriptor));
    close(writers.remove(descriptor));
  }

  private static void close(@Nullable Wait wait) {
    if (wait != null) {
      wait.close();
    }
  }

  /** One task's wait. */
  private static final class Wait extends Operation implements Abort {
    private final Fiber fiber;
    private final int number;
    private final int direction;
    private int result;
    private boolean closed;

    Wait(Fiber fiber, int number, int direction) {
      this.fiber = fiber;
      this.number = number;
      this.direction = direction;
    }

    void await() throws ClosedResourceException, OsException {
      do {
        awaitReady(number, direction);
        fiber.loop().engine().submit(this);
        fiber.suspend(this, this);
        if (closed) {
          throw new ClosedResourceException("another task closed this descriptor");
        }
        if (result == CANCELED) {
          fiber.raiseIfCancelled(); // if it does not, a shield has come in between: go on
        }
      } while (result == CANCELED);
      if (result < 0) {
        Platform platform = fiber.loop().platform();
        throw new OsException(
            -result, platform.errorName(-result), toString(), platform.errorMessage(-result));
      }
    }

    void close() {
      closed = true;
      fiber.loop().engine().cancel(this);
    }

    @Override
    public boolean abort() {
      fiber.loop().engine().cancel(this);
      return false;
    }

    @Override
    protected void completed(int newResult, boolean more, @Nullable LoanedBuffer buffer) {
      assert !more && buffer == null;
      result = newResult;
      fiber.resume();
    }

    @Override
    public String toString() {
      return (direction == READABLE ? "waitReadable(" : "waitWritable(") + number + ")";
    }
  }
}
