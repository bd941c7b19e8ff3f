package io.triad.lowlevel;

import io.triad.OsException;
import io.triad.engine.CompletionPort;
import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;

/**
 * One task's wait for an object of the kernel, on a thread of its own. The thread waits for an event
 * as well, which a cancellation sets. What it took from the object, a unit of a semaphore perhaps, is
 * not lost: then the wait has succeeded, cancelled or not.
 */
final class ObjectWait implements Abort {
  private static final int SIGNALLED = 1;
  private static final int FIRST = 0;

  private final Fiber fiber;
  private final CompletionPort port;
  private final int handle;
  private final int stop;
  private int result;

  private ObjectWait(Fiber fiber, CompletionPort port, int handle, int stop) {
    this.fiber = fiber;
    this.port = port;
    this.handle = handle;
    this.stop = stop;
  }

  static void await(Fiber fiber, CompletionPort port, int handle) throws OsException {
    fiber.checkpointIfCancelled();
    if (check(fiber.loop(), handle, port.isSignalled(handle)) == SIGNALLED) {
      fiber.yieldNow(); // and nothing else: what was taken must not be lost to a cancellation
      return;
    }
    boolean stopped = true;
    while (stopped) {
      int stop = check(fiber.loop(), handle, port.makeEvent());
      ObjectWait wait = new ObjectWait(fiber, port, handle, stop);
      try {
        stopped = wait.onThread() != FIRST;
      } finally {
        port.closeHandle(stop);
      }
      if (stopped) {
        fiber.raiseIfCancelled(); // if it does not, a shield has come in between: go on
      }
    }
  }

  private int onThread() throws OsException {
    Thread.ofPlatform()
        .daemon()
        .inheritInheritableThreadLocals(false)
        .name("triad-" + this)
        .start(this::block);
    fiber.suspend(this, this);
    return check(fiber.loop(), handle, result);
  }

  private void block() {
    int answer = port.waitForEither(handle, stop);
    Loop.Message told =
        () -> {
          result = answer;
          fiber.resume();
        };
    fiber.loop().offer(told); // if the run is over, a fault has ended it, and nobody waits
  }

  @Override
  public boolean abort() {
    port.signal(stop);
    return false;
  }

  private static int check(Loop loop, int handle, int result) throws OsException {
    if (result < 0) {
      throw WindowsIo.failure(loop, result, "waitForSingleObject(" + handle + ")");
    }
    return result;
  }

  @Override
  public String toString() {
    return "waitForSingleObject(" + handle + ")";
  }
}
