package io.triad.model;

import io.triad.Cancelled;
import io.triad.EndOfChannelException;
import io.triad.Triad;
import io.triad.stream.HalfCloseableStream;
import io.triad.stream.ReceiveChannel;
import io.triad.stream.SendChannel;
import io.triad.sync.MemoryChannel;
import io.triad.testkit.PassingStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/** Mistakes that a runtime like this one could make, each in a part of its own. */
enum Defect implements Parts {
  /** What was received is thrown away if a cancellation comes at the same time. */
  LOSES_BYTES_ON_CANCEL("wrong byte") {
    @Override
    public HalfCloseableStream stream(HalfCloseableStream stream) {
      return new PassingStream(stream) {
        @Override
        public int receiveSome(MemorySegment into) throws IOException {
          int received = super.receiveSome(into);
          Triad.checkpoint(); // the first half of a checkpoint would have been right here
          return received;
        }
      };
    }
  },

  /** Whoever waited and was cancelled leaves his item behind, and it is delivered. */
  DELIVERS_WHAT_WAS_TAKEN_BACK("was received and never sent") {
    @Override
    public Ends channel(int capacity) {
      return new Forgetful(capacity).ends();
    }
  },

  /** A stream that is closed while somebody is cancelled stays open in the system. */
  LEAKS_DESCRIPTOR_ON_CANCEL("descriptors are open") {
    @Override
    public HalfCloseableStream stream(HalfCloseableStream stream) {
      return new PassingStream(stream) {
        private boolean wasCancelled;

        @Override
        public void sendAll(MemorySegment data) throws IOException {
          try {
            super.sendAll(data);
          } catch (Cancelled cancelled) {
            wasCancelled = true;
            throw cancelled;
          }
        }

        @Override
        public void close() throws IOException {
          if (!wasCancelled) {
            super.close();
          }
        }
      };
    }
  },

  /** Of two items in the buffer the second comes first, if the buffer was full. */
  REORDERS_WHEN_FULL("came after number") {
    @Override
    public Ends channel(int capacity) {
      return new Reordering(capacity).ends();
    }
  };

  /** What the model says about it. */
  final String symptom;

  Defect(String symptom) {
    this.symptom = symptom;
  }

  /** A channel around a real one, for a change on one side. */
  private static class Around {
    final MemoryChannel<ChannelModel.Item> inner;

    Around(int capacity) {
      inner = MemoryChannel.open(capacity);
    }

    void send(ChannelModel.Item item) throws IOException {
      inner.sender().send(item);
    }

    ChannelModel.Item receive() throws IOException {
      return inner.receiver().receive();
    }

    Ends ends() {
      return new Ends(
          new SendChannel<>() {
            @Override
            public void send(ChannelModel.Item item) throws IOException {
              Around.this.send(item);
            }

            @Override
            public void close() {
              inner.sender().close();
            }
          },
          new ReceiveChannel<>() {
            @Override
            public ChannelModel.Item receive() throws IOException {
              return Around.this.receive();
            }

            @Override
            public void close() {
              inner.receiver().close();
            }
          });
    }
  }

  private static final class Forgetful extends Around {
    private final Deque<ChannelModel.Item> leftBehind = new ArrayDeque<>();

    Forgetful(int capacity) {
      super(capacity);
    }

    @Override
    void send(ChannelModel.Item item) throws IOException {
      try {
        super.send(item);
      } catch (Cancelled cancelled) {
        leftBehind.add(item);
        throw cancelled;
      }
    }

    @Override
    ChannelModel.Item receive() throws IOException {
      if (!leftBehind.isEmpty()) {
        Triad.checkpoint();
        ChannelModel.Item item = leftBehind.poll();
        if (item != null) {
          return item;
        }
      }
      return super.receive();
    }
  }

  private static final class Reordering extends Around {
    private ChannelModel.Item heldBack;

    Reordering(int capacity) {
      super(capacity);
    }

    @Override
    ChannelModel.Item receive() throws IOException {
      ChannelModel.Item before = heldBack;
      if (before != null) {
        Triad.checkpoint();
        if (heldBack == before) {
          heldBack = null;
          return before;
        }
      }
      ChannelModel.Item first = super.receive();
      if (heldBack == null && inner.sender().statistics().bufferUsed() > 1) {
        try {
          ChannelModel.Item second = inner.receiver().receiveNowait();
          heldBack = first;
          return second;
        } catch (EndOfChannelException end) {
          return first;
        }
      }
      return first;
    }
  }
}
