package io.triad.testing;

import io.triad.Triad;
import io.triad.stream.HalfCloseableStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * An end of a lockstep connection in both directions; see {@link LockstepStreams#pair}. Each
 * direction is a {@link LockstepSendStream} and a {@link LockstepReceiveStream}, whose methods say
 * more.
 *
 * <p>For tasks of one run.
 */
public final class LockstepStream implements HalfCloseableStream {
  private final LockstepQueue outgoing;
  private final LockstepQueue incoming;

  LockstepStream(LockstepQueue outgoing, LockstepQueue incoming) {
    this.outgoing = outgoing;
    this.incoming = incoming;
  }

  @Override
  public void sendAll(MemorySegment data) throws IOException {
    outgoing.send(data);
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException {
    outgoing.waitForReceiver();
  }

  @Override
  public void sendEof() {
    outgoing.endSending();
    Triad.checkpoint();
  }

  @Override
  public int receiveSome(MemorySegment into) throws IOException {
    return incoming.receive(into);
  }

  /** Closes both directions at once, without a checkpoint; idempotent. */
  public void closeNow() {
    outgoing.closeSender();
    incoming.closeReceiver();
  }

  @Override
  public void close() {
    closeNow();
    Triad.checkpoint();
  }
}
