package io.triad.lowlevel;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.engine.CompletionPort;
import io.triad.engine.Operation;
import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** One task's wait for one overlapped call. */
final class OverlappedWait implements Abort, CompletionPort.Completion {
  /** Waits whose packet never came: the system may still write to what they hold. */
  private static final Queue<OverlappedWait> ABANDONED = new ConcurrentLinkedQueue<>();

  private final Fiber fiber;
  private final CompletionPort port;
  private final String call;
  private final int handle;
  private final MemorySegment overlapped;
  private final MemorySegment buffer;
  private @Nullable Throwable heldBack;
  private int result;

  OverlappedWait(
      Fiber fiber,
      CompletionPort port,
      String call,
      int handle,
      MemorySegment overlapped,
      MemorySegment buffer) {
    this.fiber = fiber;
    this.port = port;
    this.call = call;
    this.handle = handle;
    this.overlapped = overlapped;
    this.buffer = buffer;
  }

  /** Waits for a call, if it has begun: that answered this. */
  int await(int begun) throws ClosedResourceException, OsException {
    if (begun < 0) {
      throw WindowsIo.failure(fiber.loop(), begun, toString());
    }
    return await();
  }

  int await() throws ClosedResourceException, OsException {
    if (!port.await(handle, overlapped.address(), this)) {
      throw new BusyResourceException("another task waits for the OVERLAPPED of " + this);
    }
    fiber.suspend(this, this);
    if (result == Operation.CANCELED) {
      throw new ClosedResourceException("another task closed this resource: " + this);
    }
    if (result < 0) {
      throw WindowsIo.failure(fiber.loop(), result, toString());
    }
    return result;
  }

  @Override
  public boolean abort() {
    heldBack = fiber.cancellation(); // not later: by then a shield may have come in between
    port.cancel(overlapped.address());
    return false;
  }

  @Override
  public void completed(int newResult) {
    result = newResult;
    if (newResult == CompletionPort.NO_PACKET) {
      ABANDONED.add(this);
      fiber
          .loop()
          .access()
          .crash(
              new IllegalStateException(
                  this + " was cancelled, and the completion port knows nothing of it; was"
                      + " registerWithIocp forgotten?"));
    }
    if (heldBack != null
        && (newResult == Operation.CANCELED || newResult == CompletionPort.NO_PACKET)) {
      fiber.resumeWithPending(heldBack);
    } else {
      fiber.resume();
    }
  }

  @Override
  public String toString() {
    return call + "(" + handle + ") of " + buffer.byteSize() + " bytes";
  }
}
