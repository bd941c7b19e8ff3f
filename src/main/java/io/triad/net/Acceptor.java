package io.triad.net;

import io.triad.engine.Engine;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The accepting half of a listener: an operation that stays armed and queues the descriptors of new
 * connections until a task asks for one. Cancelling the wait therefore loses no connection.
 */
final class Acceptor extends Operation implements Abort {
  /** With so many connections unclaimed it leaves further ones in the kernel's backlog. */
  private static final int LIMIT = 1024;

  private final Platform platform;
  private final Engine engine;
  private final int descriptor;
  private int[] queue = new int[16];
  private int head;
  private int size;
  private int error;
  private boolean pausing;
  private boolean discarding;
  private @Nullable Fiber waiting;

  Acceptor(Platform platform, Engine engine, int descriptor) {
    this.platform = platform;
    this.engine = engine;
    this.descriptor = descriptor;
  }

  /**
   * Waits for a connection; a checkpoint.
   *
   * @return its descriptor; a negative result; or {@link Operation#CANCELED} if the listener was
   *     closed meanwhile
   */
  int await(Fiber fiber) {
    fiber.checkpointIfCancelled();
    if (size > 0) {
      fiber.yieldNow();
    } else if (!discarding) {
      if (!inFlight()) {
        accept(descriptor);
        engine.submit(this);
      }
      waiting = fiber;
      fiber.suspend(this, this);
    }
    if (size > 0) {
      return take();
    }
    int result = error;
    error = 0;
    return result == 0 ? CANCELED : result;
  }

  private int take() {
    int accepted = queue[head];
    head = (head + 1) % queue.length;
    size--;
    return accepted;
  }

  /** Leaves further connections in the kernel's backlog until a task waits for one again. */
  void pause() {
    if (inFlight() && waiting == null && !discarding) {
      pausing = true;
      engine.cancel(this);
    }
  }

  /** Closes what is queued and whatever still comes, and lets a waiting task go. */
  void discard() {
    discarding = true;
    while (size > 0) {
      platform.close(take());
    }
    engine.cancel(this);
    wake();
  }

  @Override
  public boolean abort() {
    waiting = null;
    return true;
  }

  @Override
  protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
    if (result >= 0) {
      accepted(result);
    } else if (result != CANCELED) {
      error = result;
      wake();
    } else if (pausing) {
      pausing = false;
      if (waiting != null && !discarding) {
        engine.submit(this); // a task came to wait while it was on its way to the pause
      }
    }
  }

  private void accepted(int connection) {
    if (discarding) {
      platform.close(connection);
      return;
    }
    if (size == queue.length) {
      int[] larger = Arrays.copyOfRange(queue, head, head + size * 2);
      System.arraycopy(queue, 0, larger, size - head, head);
      queue = larger;
      head = 0;
    }
    queue[(head + size++) % queue.length] = connection;
    wake();
    if (size >= LIMIT) {
      pause();
    }
  }

  @Override
  public String toString() {
    return "a connection to the listener on descriptor " + descriptor;
  }

  private void wake() {
    Fiber fiber = waiting;
    if (fiber != null) {
      waiting = null;
      fiber.resume();
    }
  }
}
