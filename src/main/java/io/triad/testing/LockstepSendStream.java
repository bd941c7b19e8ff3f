package io.triad.testing;

import io.triad.Triad;
import io.triad.stream.SendStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * The sending end of a lockstep connection; see {@link LockstepStreams}.
 *
 * <p>For tasks of one run.
 */
public final class LockstepSendStream implements SendStream {
  private final LockstepQueue queue;

  LockstepSendStream(LockstepQueue queue) {
    this.queue = queue;
  }

  /**
   * Waits until the receiver has taken every byte (TEST-37). Nothing to send is nothing to wait for
   * (TEST-40).
   *
   * @param data what to send; read in place until the method returns
   * @throws io.triad.ClosedResourceException if this side has closed the stream, or does so in the
   *     meantime
   * @throws io.triad.BrokenResourceException if the receiver is closed, or does so before it has
   *     taken every byte (TEST-39)
   * @throws io.triad.BusyResourceException if another task is sending, or waits to
   */
  @Override
  public void sendAll(MemorySegment data) throws IOException {
    queue.send(data);
  }

  /**
   * Waits until a task is receiving at the other end, or that end is closed (TEST-38).
   *
   * @throws io.triad.ClosedResourceException if this side has closed the stream, or does so in the
   *     meantime
   * @throws io.triad.BusyResourceException if another task is sending, or waits to
   */
  @Override
  public void waitSendAllMightNotBlock() throws IOException {
    queue.waitForReceiver();
  }

  /** Closes at once, without a checkpoint; idempotent. */
  public void closeNow() {
    queue.closeSender();
  }

  @Override
  public void close() {
    closeNow();
    Triad.checkpoint();
  }
}
