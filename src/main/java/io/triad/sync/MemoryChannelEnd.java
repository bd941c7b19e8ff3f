package io.triad.sync;

import io.triad.ClosedResourceException;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.stream.AsyncResource;

/** What both ends of a channel are. Their Javadoc shows these methods as their own. */
abstract sealed class MemoryChannelEnd<T> implements AsyncResource
    permits MemorySendChannel, MemoryReceiveChannel {
  final MemoryPipe<T> pipe;

  /** How many tasks wait at this end. */
  private int waiting;

  private boolean closed;

  MemoryChannelEnd(MemoryPipe<T> pipe) {
    this.pipe = pipe;
  }

  final void checkOpen() throws ClosedResourceException {
    if (closed) {
      throw closedException();
    }
  }

  /** Puts the calling task to sleep until its transfer has come to an end. */
  final void await(WaitQueue<Transfer<T>> queue, Transfer<T> transfer) {
    waiting++;
    try {
      queue.await(transfer, this);
    } finally {
      waiting--;
    }
  }

  /**
   * Closes this end, and no duplicate of it; see {@link #closeNow}. A checkpoint.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; it is closed nevertheless
   * @throws IllegalStateException outside of a task; it is closed nevertheless
   */
  @Override
  public final void close() {
    closeNow();
    Loop.requireFiber().checkpoint();
  }

  /**
   * Closes this end, and no duplicate of it, without a checkpoint. Idempotent. Tasks that wait here
   * get {@link ClosedResourceException}.
   *
   * <p>After the last sending end is closed, receivers get what is in the buffer and then {@link
   * io.triad.EndOfChannelException}. After the last receiving end is closed, senders get {@link
   * io.triad.BrokenResourceException}, and what is in the buffer is dropped.
   */
  public final void closeNow() {
    if (!closed) {
      closed = true;
      leave(waiting);
    }
  }

  /** Tells the pipe that this end was closed, where so many tasks may be waiting. */
  abstract void leave(int waitingHere);

  abstract ClosedResourceException closedException();

  /**
   * Returns what can be counted about the channel, over all its ends.
   *
   * @return a snapshot
   */
  public final MemoryChannel.Statistics statistics() {
    return pipe.statistics();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + ", " + (closed ? "closed" : pipe);
  }
}
