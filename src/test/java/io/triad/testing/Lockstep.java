package io.triad.testing;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.Triad;
import io.triad.stream.HalfCloseableStream;
import io.triad.sync.Event;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A pair of streams without any buffer: sending ends when the other side has received everything. It
 * keeps all promises, and is clogged by nature.
 */
final class Lockstep {
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  private Lockstep() {}

  static StreamPair<HalfCloseableStream, HalfCloseableStream> pair() {
    Direction forth = new Direction();
    Direction back = new Direction();
    return new StreamPair<>(new End(forth, back), new End(back, forth));
  }

  /** One direction. */
  private static final class Direction {
    private MemorySegment offered = NOTHING;
    private boolean senderBusy;
    private boolean senderClosed;
    private boolean receiverBusy;
    private boolean receiverClosed;
    private Event change = new Event();

    private void changed() {
      change.set();
      change = new Event();
    }

    private void requireSender() throws ClosedResourceException {
      if (senderClosed) {
        throw new ClosedResourceException("closed");
      }
    }

    private void beginSending() throws ClosedResourceException {
      if (senderBusy) {
        throw new BusyResourceException("another task is sending");
      }
      requireSender();
      senderBusy = true;
    }

    private void send(MemorySegment data) throws IOException {
      beginSending();
      try {
        Triad.checkpoint();
        offered = data;
        changed();
        while (offered.byteSize() > 0 && !senderClosed && !receiverClosed) {
          change.await();
        }
        requireSender();
        if (offered.byteSize() > 0 || receiverClosed) {
          throw new BrokenResourceException("the receiver is gone", null);
        }
      } finally {
        offered = NOTHING;
        senderBusy = false;
      }
    }

    private void waitUntilReceiving() throws IOException {
      beginSending();
      try {
        Triad.checkpoint();
        while (!receiverBusy && !senderClosed && !receiverClosed) {
          change.await();
        }
        requireSender();
      } finally {
        senderBusy = false;
      }
    }

    private void end() throws IOException {
      if (senderBusy) {
        throw new BusyResourceException("another task is sending");
      }
      Triad.checkpoint();
      closeSender();
    }

    private void closeSender() {
      senderClosed = true;
      changed();
    }

    private int receive(MemorySegment into) throws IOException {
      if (into.byteSize() == 0) {
        throw new IllegalArgumentException("no room");
      }
      if (receiverBusy) {
        throw new BusyResourceException("another task is receiving");
      }
      requireReceiver();
      receiverBusy = true;
      try {
        changed();
        Triad.checkpoint();
        while (offered.byteSize() == 0 && !senderClosed && !receiverClosed) {
          change.await();
        }
        requireReceiver();
        if (offered.byteSize() == 0) {
          return -1;
        }
        long count = Math.min(offered.byteSize(), into.byteSize());
        MemorySegment.copy(offered, 0, into, 0, count);
        offered = offered.asSlice(count);
        changed();
        return (int) count;
      } finally {
        receiverBusy = false;
      }
    }

    private void requireReceiver() throws ClosedResourceException {
      if (receiverClosed) {
        throw new ClosedResourceException("closed");
      }
    }

    private void closeReceiver() {
      receiverClosed = true;
      changed();
    }
  }

  private record End(Direction out, Direction in) implements HalfCloseableStream {
    @Override
    public void sendAll(MemorySegment data) throws IOException {
      out.send(data);
    }

    @Override
    public void waitSendAllMightNotBlock() throws IOException {
      out.waitUntilReceiving();
    }

    @Override
    public void sendEof() throws IOException {
      out.end();
    }

    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      return in.receive(into);
    }

    @Override
    public void close() {
      out.closeSender();
      in.closeReceiver();
      Triad.checkpoint();
    }
  }
}
