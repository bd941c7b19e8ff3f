package io.triad.testing;

import io.triad.Triad;
import io.triad.stream.ReceiveStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * The receiving end of a lockstep connection; see {@link LockstepStreams}.
 *
 * <p>For tasks of one run.
 */
public final class LockstepReceiveStream implements ReceiveStream {
  private final LockstepQueue queue;

  LockstepReceiveStream(LockstepQueue queue) {
    this.queue = queue;
  }

  @Override
  public int receiveSome(MemorySegment into) throws IOException {
    return queue.receive(into);
  }

  /** Closes at once, without a checkpoint; idempotent. */
  public void closeNow() {
    queue.closeReceiver();
  }

  @Override
  public void close() {
    closeNow();
    Triad.checkpoint();
  }
}
