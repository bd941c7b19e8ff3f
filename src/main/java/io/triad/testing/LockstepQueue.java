package io.triad.testing;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.sync.Event;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * One direction of a lockstep connection. Nothing is stored: the sender offers its bytes in place,
 * and takes back what is left of them when it goes, whatever the reason.
 */
final class LockstepQueue {
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  private final ConflictDetector sending =
      new ConflictDetector("another task is sending on this stream");
  private final ConflictDetector receiving =
      new ConflictDetector("another task is receiving from this stream");
  private MemorySegment offered = NOTHING;

  /** How much of what was offered has been taken. */
  private long taken;

  private boolean receiverWaits;
  private boolean senderClosed;
  private boolean receiverClosed;
  private Event change = new Event();

  private void changed() {
    change.set();
    change = new Event();
  }

  void send(MemorySegment data) throws IOException {
    try {
      sending.check();
    } catch (BusyResourceException busy) {
      throw PartialResult.attach(busy, 0);
    }
    try (var _ = sending.enter()) {
      taken = 0;
      try {
        Triad.checkpoint();
        checkSender();
        if (receiverClosed) {
          throw receiverIsClosed();
        }
        offered = data;
        changed();
        while (offered.byteSize() > 0 && !senderClosed && !receiverClosed) {
          change.await();
        }
        checkSender();
        if (offered.byteSize() > 0) {
          throw receiverIsClosed();
        }
      } catch (Throwable e) {
        PartialResult.attach(e, taken);
        throw e;
      } finally {
        offered = NOTHING;
      }
    }
  }

  void waitForReceiver() throws IOException {
    try (var _ = sending.enter()) {
      Triad.checkpoint();
      while (!receiverWaits && !senderClosed && !receiverClosed) {
        change.await();
      }
      checkSender();
    }
  }

  private void checkSender() throws ClosedResourceException {
    if (senderClosed) {
      throw new ClosedResourceException("this side has closed the sending stream");
    }
  }

  private static BrokenResourceException receiverIsClosed() {
    return new BrokenResourceException("the receiver is closed", null);
  }

  /** Closes the sending side unless a task is sending, or waits to. */
  void endSending() {
    sending.check();
    closeSender();
  }

  void closeSender() {
    senderClosed = true;
    changed();
  }

  int receive(MemorySegment into) throws IOException {
    if (into.byteSize() == 0 || into.isReadOnly()) {
      throw new IllegalArgumentException("the segment is empty or read-only");
    }
    try (var _ = receiving.enter()) {
      checkReceiver();
      awaitSender();
      checkReceiver();
      if (offered.byteSize() == 0) {
        return -1;
      }
      long count = Math.min(Math.min(offered.byteSize(), into.byteSize()), Integer.MAX_VALUE);
      MemorySegment.copy(offered, 0, into, 0, count);
      offered = offered.asSlice(count);
      taken += count;
      changed();
      return (int) count;
    }
  }

  private void awaitSender() {
    receiverWaits = true;
    try {
      changed();
      Triad.checkpoint();
      while (offered.byteSize() == 0 && !senderClosed && !receiverClosed) {
        change.await();
      }
    } finally {
      receiverWaits = false;
    }
  }

  private void checkReceiver() throws ClosedResourceException {
    if (receiverClosed) {
      throw new ClosedResourceException("this side has closed the receiving stream");
    }
  }

  void closeReceiver() {
    receiverClosed = true;
    changed();
  }
}
