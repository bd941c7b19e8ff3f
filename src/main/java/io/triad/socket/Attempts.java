package io.triad.socket;

import io.triad.OsException;
import io.triad.descriptor.Errors;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.loop.Fiber;
import io.triad.lowlevel.Lowlevel;
import java.io.IOException;

/**
 * Try, wait, try (CORE-16, SOCK-46). The first attempt is made at once, so that what it meets is known
 * at once, and is a checkpoint whether it succeeds or fails. Who is cancelled before it, or while
 * waiting, has moved nothing. Only one that waits is in the way of another (SOCK-50).
 */
final class Attempts {
  private Attempts() {}

  /** A call that answers at once. */
  @FunctionalInterface
  interface Attempt {
    int make() throws IOException;
  }

  static int make(Fiber fiber, Socket socket, int readiness, String call, Attempt attempt)
      throws IOException {
    fiber.checkpointIfCancelled();
    int result;
    try {
      result = attempt.make();
    } catch (Throwable e) {
      fiber.yieldNow();
      throw e;
    }
    if (result != NonBlockingCalls.AGAIN) {
      fiber.yieldNow();
      return check(socket, result, call);
    }
    do { // a wake-up whose data somebody else took is none (SOCK-48)
      await(socket, readiness);
      result = attempt.make();
    } while (result == NonBlockingCalls.AGAIN);
    return check(socket, result, call);
  }

  static void await(Socket socket, int readiness) throws IOException {
    if (readiness == Operation.READABLE) {
      Lowlevel.waitReadable(socket.fileno());
    } else {
      Lowlevel.waitWritable(socket.fileno());
    }
  }

  static int check(Socket socket, int result, String call) throws OsException {
    if (result < 0) {
      throw Errors.of(socket.run.platform, result, call);
    }
    return result;
  }
}
