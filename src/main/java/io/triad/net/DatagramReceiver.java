package io.triad.net;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.descriptor.Errors;
import io.triad.descriptor.OneShot;
import io.triad.engine.DatagramBatch;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a datagram socket. One system call takes what is there, up to a batch, and
 * {@link UdpSocket#receive} hands it out; buffers are held only in between. A wait that is cancelled
 * has taken nothing.
 */
final class DatagramReceiver {
  private final Loop loop;
  private final int descriptor;
  private final boolean withControl;
  private final DatagramMemory memory;
  private final Datagram datagram;
  private final OneShot readable = new OneShot();
  private @Nullable DatagramBatch batch;
  private int count;
  private int place;
  private int position;
  private int error;
  private boolean wasDrained;
  private boolean busy;
  private boolean closed;

  DatagramReceiver(Loop loop, int descriptor, DatagramMemory memory, boolean withControl) {
    this.loop = loop;
    this.descriptor = descriptor;
    this.memory = memory;
    this.withControl = withControl;
    datagram = new Datagram(loop.platform(), memory.senders);
  }

  /** Waits for a datagram and hands it out; a checkpoint. */
  <E extends Exception> void receive(Fiber fiber, DatagramAction<E> action) throws IOException, E {
    begin();
    try {
      await(fiber);
      handOut(action);
    } finally {
      end();
    }
  }

  /** Waits for a datagram and hands out all that one system call has brought; a checkpoint. */
  <E extends Exception> int receiveAll(Fiber fiber, DatagramAction<E> action)
      throws IOException, E {
    begin();
    try {
      await(fiber);
      int handedOut = 0;
      while (batch != null && !closed) {
        handedOut++;
        handOut(action);
      }
      return handedOut;
    } finally {
      end();
    }
  }

  private void begin() throws ClosedResourceException {
    checkOpen();
    if (busy) {
      throw new BusyResourceException(
          "another task is currently receiving data from this UdpSocket");
    }
    busy = true;
  }

  private void end() {
    busy = false;
    if (closed) {
      giveBack();
    }
  }

  private void checkOpen() throws ClosedResourceException {
    if (closed) {
      throw UdpSocket.alreadyClosed();
    }
  }

  private <E extends Exception> void handOut(DatagramAction<E> action) throws E {
    DatagramBatch from = batch;
    assert from != null;
    int whole = from.lengthOf(place);
    int segment = from.segmentBytesOf(place);
    int length = segment == 0 ? whole : Math.min(segment, whole - position);
    datagram.lend(from, place, position, length);
    try {
      action.accept(datagram);
    } finally {
      datagram.revoke();
      position += length;
      if (segment == 0 || position >= whole) {
        position = 0;
        if (++place == count) {
          giveBack();
        }
      }
    }
  }

  private void giveBack() {
    if (batch != null) {
      memory.give(batch);
      batch = null;
    }
  }

  private void await(Fiber fiber) throws IOException {
    fiber.checkpointIfCancelled();
    checkOpen();
    boolean waited = false;
    while (batch == null) {
      if (error != 0) {
        throw taken();
      }
      // If the last call brought a single datagram there is hardly another one: asking the engine
      // when there is costs no call of its own, asking the socket does.
      if (wasDrained) {
        wasDrained = false;
        awaitReadable(fiber);
        waited = true;
      } else {
        fill();
      }
    }
    if (!waited) {
      fiber.yieldNow(); // what has been received must not be reported as cancelled
      checkOpen();
    }
  }

  private void fill() throws IOException {
    DatagramBatch into = memory.take();
    int result = into.receive(descriptor, into.capacity(), withControl);
    if (result > 0) {
      batch = into;
      count = result;
      place = 0;
      error = into.takeError();
      wasDrained = result == 1 && error == 0;
      return;
    }
    memory.give(into);
    wasDrained = result == NonBlockingCalls.AGAIN;
    if (!wasDrained) {
      error = result;
      throw taken();
    }
  }

  /** The error of the socket, which is told once. */
  private IOException taken() {
    OsException exception = Errors.of(loop.platform(), error, "receive a datagram");
    error = 0;
    return Errors.isGone(exception) ? UdpSocket.alreadyClosed() : exception;
  }

  private void awaitReadable(Fiber fiber) throws IOException {
    readable.awaitReady(descriptor, Operation.READABLE);
    int result = readable.await(fiber);
    checkOpen();
    if (result == Operation.CANCELED) {
      fiber.raiseIfCancelled();
    } else if (result < 0) {
      error = result;
      throw taken();
    }
  }

  /** Wakes who waits, and gives the buffers back, or leaves that to who uses them now. */
  void discard() {
    closed = true;
    loop.engine().cancel(readable);
    if (!busy) {
      giveBack();
    }
  }

  /** What {@link #discard} has cancelled. */
  Operation waiting() {
    return readable;
  }
}
