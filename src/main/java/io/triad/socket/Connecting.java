package io.triad.socket;

import io.triad.Cancelled;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.loop.Fiber;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;

/**
 * Connecting: begin, wait until the socket is writable, ask how it went (SOCK-63).
 *
 * <p>A Unix socket whose peer has a full backlog answers EAGAIN, and nothing tells when there is room
 * again: in blocking mode the kernel would wait for it, where nobody can cancel. So it is tried anew
 * after a pause, which grows from one to {@value #LONGEST_PAUSE_MILLIS} milliseconds.
 */
final class Connecting {
  private static final int LONGEST_PAUSE_MILLIS = 64;

  private Connecting() {}

  static void connect(Fiber fiber, Socket socket, SocketAddress address) throws IOException {
    try {
      SocketAddress resolved = socket.resolve(fiber, address, false);
      fiber.checkpointIfCancelled();
      begin(fiber, socket, resolved);
    } catch (Cancelled cancelled) {
      // Half a connection is of no use and might complete; other errors leave it open (SOCK-64).
      try {
        socket.close();
      } catch (OsException e) {
        cancelled.addSuppressed(e);
      }
      throw cancelled;
    }
  }

  private static void begin(Fiber fiber, Socket socket, SocketAddress address)
      throws IOException {
    int result = attempt(socket, address);
    for (long pause = 1; isFull(socket, result);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS)) {
      Triad.sleep(Duration.ofMillis(pause));
      result = attempt(socket, address);
    }
    if (result != NonBlockingCalls.AGAIN) {
      fiber.yieldNow();
      Attempts.check(socket, result, "connect"); // SOCK-65: met at once, as the system says it
      return;
    }
    do {
      Attempts.await(socket, Operation.WRITABLE);
      result = outcome(socket, address);
    } while (result == NonBlockingCalls.AGAIN);
    Attempts.check(socket, result, "Error connecting to " + SocketAddresses.tuple(address));
  }

  private static int attempt(Socket socket, SocketAddress address) throws OsException {
    SocketRun run = socket.run;
    int mode = socket.ensureNonBlocking();
    if (mode < 0) {
      return mode;
    }
    SocketAddresses.encode(run, address, run.message.address());
    return run.calls.connect(socket.fileno(), run.message.address());
  }

  private static int outcome(Socket socket, SocketAddress address) throws OsException {
    SocketRun run = socket.run;
    SocketAddresses.encode(run, address, run.message.address());
    return run.calls.connected(socket.fileno(), run.message.address());
  }

  private static boolean isFull(Socket socket, int result) {
    return result < 0
        && result != NonBlockingCalls.AGAIN
        && socket.run.platform.errorName(-result).equals("EAGAIN");
  }
}
