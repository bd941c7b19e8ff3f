package io.triad.net;

import io.triad.OsException;
import io.triad.descriptor.DescriptorCalls;
import io.triad.engine.Engine;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a socket: an operation that stays armed in the engine and queues what
 * arrives until a task asks for it. So waiting for data costs no system call, and cancelling the wait
 * none either: nothing is taken back, and what arrives later is there for the next one who asks.
 *
 * <pre>
 * in flight  queue      what it does
 * ─────────────────────────────────────────────────────────────────────
 * no         empty      nothing until a task asks; then it is armed
 * yes        short      queues, wakes the task that waits
 * yes        LIMIT      pauses: the engine is asked to stop; TCP holds the peer back
 * no         not empty  is armed again once the queue is empty
 * no         ended      answers the end of the stream, or its error, for ever
 * </pre>
 */
final class Receiver extends Operation implements Abort {
  /** With so many buffers unread it stops taking more from the engine's common stock. */
  private static final int LIMIT = 4;

  private final Loop loop;
  private final Engine engine;
  private final int descriptor;
  private @Nullable LoanedBuffer first;
  private @Nullable ArrayDeque<LoanedBuffer> rest;
  private int consumed;
  private boolean ended;
  private boolean pausing;
  private boolean discarding;
  private int end;
  private @Nullable Fiber waiting;

  Receiver(Loop loop, int descriptor) {
    this.loop = loop;
    this.engine = loop.engine();
    this.descriptor = descriptor;
  }

  /**
   * Waits until there is something to say; a checkpoint.
   *
   * @return true if there are bytes, false if {@link #end} tells why there are none, or if the
   *     stream was closed meanwhile
   */
  boolean await(Fiber fiber) {
    fiber.checkpointIfCancelled();
    if (first != null || ended) {
      fiber.yieldNow();
      return first != null;
    }
    if (!inFlight()) {
      receiveLoaned(descriptor);
      engine.submit(this);
    }
    waiting = fiber;
    fiber.suspend(this, this);
    return first != null;
  }

  /** Why no more bytes will come: 0 for the end of the stream, or a negative result. */
  int end() {
    return end;
  }

  /** The bytes to be read next; only after {@link #await} has promised them. */
  LoanedBuffer buffer() {
    assert first != null;
    return first;
  }

  /** Where in the memory of {@link #buffer} they begin. */
  int offset() {
    return buffer().offset() + consumed;
  }

  /** How many they are. */
  int available() {
    return buffer().length() - consumed;
  }

  /** Counts bytes of the buffer as read. */
  void consume(int bytes) {
    consumed += bytes;
    if (available() == 0) {
      buffer().release();
      next();
    }
  }

  /**
   * How many bytes have arrived and can be had without waiting. To know that it has to receive, so it
   * is armed if it was not, and the loop gets a look at what is there; not a cancel point.
   */
  int arrived(Fiber fiber) {
    for (int looks = 2; looks > 0 && first == null && !ended && !discarding; looks--) {
      if (!inFlight()) {
        receiveLoaned(descriptor);
        engine.submit(this);
      }
      fiber.yieldNow();
    }
    int bytes = first == null ? 0 : available();
    if (rest != null) {
      for (LoanedBuffer buffer : rest) {
        bytes += buffer.length();
      }
    }
    return bytes;
  }

  /** Takes the buffer out; the caller releases it. */
  LoanedBuffer takeOut() {
    LoanedBuffer buffer = buffer();
    next();
    return buffer;
  }

  private void next() {
    consumed = 0;
    first = rest == null ? null : rest.poll();
  }

  /** The stream ends here, behind what has arrived, whatever the peer still sends. */
  void endHere() {
    if (!ended) {
      ended = true;
      engine.cancel(this);
      wake();
    }
  }

  /** Gives back what is queued and whatever still comes, and lets a waiting task go. */
  void discard() {
    discarding = true;
    while (first != null) {
      buffer().release();
      next();
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
    if (buffer != null) {
      received(buffer);
    } else {
      assert !more;
      if (result != CANCELED) {
        ended = true;
        end = result;
        wake();
      } else if (pausing) {
        pausing = false;
        if (waiting != null && !discarding) {
          engine.submit(this); // a task came to wait while it was on its way to the pause
        }
      }
    }
  }

  private void received(LoanedBuffer buffer) {
    if (discarding) {
      buffer.release();
    } else if (first == null) {
      first = waiting == null ? kept(buffer) : buffer;
      wake();
    } else {
      if (rest == null) {
        rest = new ArrayDeque<>(LIMIT);
      }
      rest.add(kept(buffer));
      if (rest.size() >= LIMIT - 1) {
        pausing = true;
        engine.cancel(this);
      }
    }
  }

  /**
   * What nobody reads now must not use up the stock: streams that somebody reads would wait for a
   * buffer until somebody reads this one.
   */
  private LoanedBuffer kept(LoanedBuffer buffer) {
    return engine.buffersAreScarce() ? new CopiedBuffer(buffer) : buffer;
  }

  @Override
  public String toString() {
    if (discarding || !loop.onLoop()) {
      return "data on descriptor " + descriptor;
    }
    try {
      return "data from " + DescriptorCalls.address(loop, descriptor, true)
          + " on descriptor " + descriptor;
    } catch (OsException e) {
      return "data on descriptor " + descriptor + ", which is not connected any more";
    }
  }

  private void wake() {
    Fiber fiber = waiting;
    if (fiber != null) {
      waiting = null;
      fiber.resume();
    }
  }
}
