package io.triad.testing;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.Cancelled;
import io.triad.ClosedResourceException;
import io.triad.Triad;
import io.triad.stream.HalfCloseableStream;
import io.triad.testkit.PassingStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.function.BiFunction;

/**
 * Ways to break a promise. The number is that of the first check that must notice. From CHK-25 on,
 * only clogged pairs are broken where the other checks would notice too.
 */
enum Defect {
  CHK_02((end, _) -> new PassingStream(end) {
    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      int count = inner.receiveSome(into);
      into.set(ValueLayout.JAVA_BYTE, 0, (byte) 'z');
      return count;
    }
  }),
  CHK_03((end, _) -> new PassingStream(end) {
    @Override
    public void sendAll(MemorySegment data) throws IOException {
      if (data.byteSize() == 0) {
        inner.sendEof();
      } else {
        inner.sendAll(data);
      }
    }
  }),
  CHK_04((end, _) -> new PassingStream(end) {
    @Override
    public void sendAll(ByteBuffer data) throws IOException {
      if (data.hasArray()) {
        inner.sendAll(data.array());
      } else {
        inner.sendAll(data);
      }
    }
  }),
  CHK_05((end, _) -> new PassingStream(end) {
    @Override
    public void sendAll(ByteBuffer data) throws IOException {
      inner.sendAll(data.isDirect() ? data.duplicate() : data);
    }
  }),
  CHK_06((end, _) -> new PassingStream(end) {
    @Override
    public byte[] receiveSome(int maxBytes) throws IOException {
      return maxBytes < 1 ? new byte[0] : inner.receiveSome(maxBytes);
    }
  }),
  CHK_07((end, _) -> new PassingStream(end) {
    @SuppressWarnings("unused") // found by reflection
    public byte[] receiveSome(double maxBytes) throws IOException {
      return inner.receiveSome((int) maxBytes);
    }
  }),
  CHK_08((end, _) -> new PassingStream(end) {
    @Override
    public byte[] receiveSome() throws IOException {
      inner.receiveSome(1);
      return new byte[0];
    }
  }),
  CHK_09((end, _) -> new PassingStream(end) {
    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      try {
        return inner.receiveSome(into);
      } catch (BusyResourceException e) {
        throw new IllegalStateException(e);
      }
    }
  }),
  CHK_10((end, _) -> new PassingStream(end) {
    @Override
    public void waitSendAllMightNotBlock() {}
  }),
  CHK_11((end, _) -> new PassingStream(end) {
    @Override
    public void sendAll(MemorySegment data) throws IOException {
      try {
        inner.sendAll(data);
      } catch (BrokenResourceException e) {
        throw new IOException(e);
      }
    }
  }),
  CHK_12((end, _) -> new PassingStream(end) {
    private boolean broken;

    @Override
    public void sendAll(MemorySegment data) throws IOException {
      try {
        inner.sendAll(data);
      } catch (BrokenResourceException e) {
        if (broken) {
          throw new IOException(e);
        }
        broken = true;
        throw e;
      }
    }
  }),
  CHK_13((end, _) -> new PassingStream(end) {
    private boolean closed;

    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      if (closed) {
        throw new BrokenResourceException("gone", null);
      }
      return inner.receiveSome(into);
    }

    @Override
    public void close() throws IOException {
      closed = true;
      inner.close();
    }
  }),
  CHK_14((end, _) -> new ClosesOnce(end)),
  CHK_15((end, _) -> new PassingStream(end) {
    private boolean broken;

    @Override
    public void sendAll(MemorySegment data) throws IOException {
      try {
        inner.sendAll(data);
      } catch (BrokenResourceException e) {
        broken = true;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      inner.close();
      if (broken) {
        throw new IOException("it is broken");
      }
    }
  }),
  CHK_16((end, _) -> new PassingStream(end) {
    private boolean broken;

    @Override
    public void sendAll(MemorySegment data) throws IOException {
      if (broken) {
        throw new BrokenResourceException("broken for ever", null);
      }
      try {
        inner.sendAll(data);
      } catch (BrokenResourceException e) {
        broken = true;
        throw e;
      }
    }
  }),
  CHK_17((end, _) -> new PassingStream(end) {
    @Override
    public void sendAll(MemorySegment data) throws IOException {
      if (data.byteSize() == 0) {
        Triad.checkpoint();
      } else {
        inner.sendAll(data);
      }
    }
  }),
  CHK_18((end, shared) -> shared.first == end ? new ClosesOnce(end) : end),
  CHK_19((end, _) -> new PassingStream(end) {
    private boolean ended;

    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      int count = inner.receiveSome(into);
      if (ended) {
        throw new IOException("the end has been told before");
      }
      ended = count < 0;
      return count;
    }
  }),
  CHK_20((end, _) -> new PassingStream(end) {
    private boolean forced;

    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      return forced ? -1 : inner.receiveSome(into);
    }

    @Override
    public void close() throws IOException {
      try {
        inner.close();
      } catch (Cancelled e) {
        forced = true;
        throw e;
      }
    }
  }),
  CHK_21((end, shared) -> new PassingStream(end) {
    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      int count = inner.receiveSome(into);
      return count < 0 && shared.forced ? 1 : count;
    }

    @Override
    public void close() throws IOException {
      try {
        inner.close();
      } catch (Cancelled e) {
        shared.forced = true;
        throw e;
      }
    }
  }),
  CHK_22((end, _) -> new PassingStream(end) {
    @Override
    @SuppressWarnings("EmptyCatch") // that is the defect
    public void close() throws IOException {
      try {
        inner.close();
      } catch (Cancelled e) {
        // swallowed
      }
    }
  }),
  CHK_23((end, _) -> new PassingStream(end) {
    @Override
    @SuppressWarnings("EmptyCatch") // that is the defect
    public void sendAll(MemorySegment data) throws IOException {
      try {
        inner.sendAll(data);
      } catch (Cancelled e) {
        // swallowed
      }
    }
  }),
  CHK_24((end, _) -> new PassingStream(end) {
    private boolean closed;

    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      boolean closedBefore = closed;
      try {
        return inner.receiveSome(into);
      } catch (ClosedResourceException e) {
        throw closedBefore ? e : new BrokenResourceException("gone", e);
      }
    }

    @Override
    public void close() throws IOException {
      closed = true;
      inner.close();
    }
  }),
  CHK_25(true, (end, _) -> new PassingStream(end) {
    @Override
    public void sendAll(MemorySegment data) {
      Triad.checkpoint();
    }
  }),
  CHK_26(true, (end, _) -> new PassingStream(end) {
    @Override
    public void waitSendAllMightNotBlock() {
      Triad.checkpoint();
    }
  }),
  CHK_27(true, (end, _) -> new PassingStream(end) {
    @Override
    public void waitSendAllMightNotBlock() throws IOException {
      try {
        inner.waitSendAllMightNotBlock();
      } catch (BusyResourceException e) {
        throw new IllegalStateException(e);
      }
    }
  }),
  CHK_28(true, (end, _) -> new PassingStream(end) {
    @Override
    public void sendAll(MemorySegment data) throws IOException {
      try {
        inner.sendAll(data);
      } catch (BusyResourceException e) {
        throw new IllegalStateException(e);
      }
    }
  }),
  CHK_29(true, (end, _) -> new PassingStream(end) {
    private boolean sending;

    @Override
    public void sendAll(MemorySegment data) throws IOException {
      boolean second = sending;
      sending = true;
      try {
        inner.sendAll(data);
      } catch (BusyResourceException e) {
        throw second ? new IllegalStateException(e) : e;
      } finally {
        sending = second;
      }
    }
  }),
  CHK_30(true, (end, shared) -> new PassingStream(end) {
    @Override
    public void waitSendAllMightNotBlock() throws IOException {
      boolean before = shared.closed;
      inner.waitSendAllMightNotBlock();
      if (shared.closed && !before) {
        throw new IOException("the receiver is gone");
      }
    }

    @Override
    public void close() throws IOException {
      shared.closed = true;
      inner.close();
    }
  }),
  CHK_31(true, (end, shared) -> new PassingStream(end) {
    @Override
    public void waitSendAllMightNotBlock() throws IOException {
      if (shared.closed) {
        throw new IOException("the receiver is gone");
      }
      inner.waitSendAllMightNotBlock();
    }

    @Override
    public void close() throws IOException {
      shared.closed = true;
      inner.close();
    }
  }),
  CHK_32(true, (end, _) -> new PassingStream(end) {
    @Override
    public void sendAll(MemorySegment data) throws IOException {
      try {
        inner.sendAll(data);
      } catch (ClosedResourceException e) {
        throw new BrokenResourceException("gone", e);
      }
    }
  }),
  CHK_33(true, (end, _) -> new PassingStream(end) {
    @Override
    public void waitSendAllMightNotBlock() throws IOException {
      try {
        inner.waitSendAllMightNotBlock();
      } catch (ClosedResourceException e) {
        throw new BrokenResourceException("gone", e);
      }
    }
  }),
  CHK_34((end, shared) -> shared.first == end
      ? end
      : new PassingStream(end) {
        @Override
        public void sendAll(MemorySegment data) throws IOException {
          throw new IOException("one way only");
        }
      }),
  CHK_36((end, _) -> new PassingStream(end) {
    private long received;

    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      int count = inner.receiveSome(into);
      if (received < 500_000 && received + count >= 500_000) {
        into.set(ValueLayout.JAVA_BYTE, 0, (byte) ~into.get(ValueLayout.JAVA_BYTE, 0));
      }
      received += count;
      return count;
    }
  }),
  CHK_37((end, _) -> new PassingStream(end) {
    private boolean any;

    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      int count = inner.receiveSome(into);
      any |= count > 0;
      if (!any) {
        throw new BrokenResourceException("an end before anything else", null);
      }
      return count;
    }
  }),
  CHK_38((end, _) -> new PassingStream(end) {
    @Override
    public void sendEof() throws IOException {
      throw new IOException("no such thing");
    }
  }),
  CHK_39((end, _) -> new PassingStream(end) {
    private boolean ended;

    @Override
    public void sendAll(MemorySegment data) throws IOException {
      if (ended) {
        throw new BrokenResourceException("ended", null);
      }
      inner.sendAll(data);
    }

    @Override
    public void sendEof() throws IOException {
      inner.sendEof();
      ended = true;
    }
  }),
  CHK_40((end, _) -> new PassingStream(end) {
    private boolean ended;

    @Override
    public void sendEof() throws IOException {
      if (ended) {
        throw new ClosedResourceException("ended");
      }
      ended = true;
      inner.sendEof();
    }
  }),
  CHK_41((end, _) -> new PassingStream(end) {
    private boolean ended;

    @Override
    public int receiveSome(MemorySegment into) throws IOException {
      return ended ? -1 : inner.receiveSome(into);
    }

    @Override
    public void sendEof() throws IOException {
      inner.sendEof();
      ended = true;
    }
  }),
  CHK_42(true, (end, _) -> new PassingStream(end) {
    private boolean sending;

    @Override
    public void sendAll(MemorySegment data) throws IOException {
      boolean before = sending;
      sending = true;
      try {
        inner.sendAll(data);
      } finally {
        sending = before;
      }
    }

    @Override
    public void sendEof() throws IOException {
      if (sending) {
        throw new IOException("busy");
      }
      inner.sendEof();
    }
  }),
  CHK_43(true, (end, _) -> new PassingStream(end) {
    private boolean waiting;

    @Override
    public void waitSendAllMightNotBlock() throws IOException {
      waiting = true;
      inner.waitSendAllMightNotBlock();
    }

    @Override
    public void sendEof() throws IOException {
      if (waiting) {
        throw new IOException("busy");
      }
      inner.sendEof();
    }
  });

  /** What the two ends of a pair know of each other. */
  private static final class Shared {
    private final HalfCloseableStream first;
    private boolean forced;
    private boolean closed;

    Shared(HalfCloseableStream first) {
      this.first = first;
    }
  }

  /** A second close is not a checkpoint. */
  private static final class ClosesOnce extends PassingStream {
    private boolean closed;

    ClosesOnce(HalfCloseableStream inner) {
      super(inner);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        inner.close();
      }
    }
  }

  final boolean onlyIfClogged;
  private final BiFunction<HalfCloseableStream, Shared, HalfCloseableStream> wrapper;

  Defect(BiFunction<HalfCloseableStream, Shared, HalfCloseableStream> wrapper) {
    this(false, wrapper);
  }

  Defect(
      boolean onlyIfClogged,
      BiFunction<HalfCloseableStream, Shared, HalfCloseableStream> wrapper) {
    this.onlyIfClogged = onlyIfClogged;
    this.wrapper = wrapper;
  }

  String id() {
    return name().replace('_', '-');
  }

  StreamPair<HalfCloseableStream, HalfCloseableStream> applyTo(
      StreamPair<HalfCloseableStream, HalfCloseableStream> pair) {
    Shared shared = new Shared(pair.sender());
    return new StreamPair<>(
        wrapper.apply(pair.sender(), shared), wrapper.apply(pair.receiver(), shared));
  }
}
