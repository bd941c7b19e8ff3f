package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.SocketOption;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Receives and sends that are cancelled at any moment, while the other end, in a thread of its own,
 * sends and receives. Byte number n of every connection has a value that follows from n, so a byte
 * that a cancelled operation took or gave secretly shows as a gap or a repetition.
 */
@OnEveryEngine
class CancelSoakTest {
  private static final long SEED = 20251;
  private static final int OPERATIONS = 20_000;
  private static final int CONNECTIONS = 16;
  private static final int MEMORY_BYTES = 32 * 1024;

  private final EngineMode mode;

  CancelSoakTest(EngineMode mode) {
    this.mode = mode;
  }

  private static byte valueOf(long position) {
    return (byte) (position * 31 + (position >>> 8) * 7);
  }

  /** Expects the bytes of a connection in order. */
  private static final class Sequence {
    private long position;

    void take(byte value) {
      if (value != valueOf(position)) {
        throw new AssertionError("byte " + position + " of the connection was lost or repeated");
      }
      position++;
    }
  }

  /** Receives from one connection again and again, in one of the two ways. */
  private static final class Receiver extends Operation {
    private final TestEngine engine;
    private final int descriptor;
    private final MemorySegment memory;
    private final Sequence sequence = new Sequence();
    private int cancelled;
    private boolean end;

    Receiver(TestEngine engine, int descriptor) {
      this.engine = engine;
      this.descriptor = descriptor;
      memory = engine.memory(MEMORY_BYTES);
    }

    void start(SplittableRandom random) {
      if (random.nextBoolean()) {
        receiveLoaned(descriptor);
      } else {
        receive(descriptor, memory.address(), 1 + random.nextInt(MEMORY_BYTES));
      }
      engine.submit(this);
    }

    @Override
    protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
      if (buffer != null) {
        for (int i = 0; i < result; i++) {
          sequence.take(buffer.view().get(buffer.offset() + i));
        }
        buffer.release();
      } else if (result == CANCELED) {
        assertThat(cancelRequested()).isTrue();
        cancelled++;
      } else if (result == 0) {
        end = true;
      } else {
        assertThat(result).isPositive();
        for (int i = 0; i < result; i++) {
          sequence.take(memory.get(ValueLayout.JAVA_BYTE, i));
        }
      }
    }
  }

  /** Sends on one connection again and again, going on where the last result says. */
  private static final class Sender extends Operation {
    private final TestEngine engine;
    private final int descriptor;
    private final MemorySegment memory;
    private long position;
    private int cancelled;
    private int cancelledInPart;
    private int asked;

    Sender(TestEngine engine, int descriptor) {
      this.engine = engine;
      this.descriptor = descriptor;
      memory = engine.memory(MEMORY_BYTES);
    }

    void start(SplittableRandom random) {
      asked = 1 + random.nextInt(MEMORY_BYTES);
      for (int i = 0; i < asked; i++) {
        memory.set(ValueLayout.JAVA_BYTE, i, valueOf(position + i));
      }
      if (random.nextBoolean()) {
        send(descriptor, memory.address(), asked);
      } else {
        int first = random.nextInt(asked + 1);
        sendGather(
            descriptor,
            new long[] {memory.address(), memory.address() + first},
            new int[] {first, asked - first},
            2);
      }
      engine.submit(this);
    }

    @Override
    protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
      if (result == CANCELED) {
        assertThat(cancelRequested()).isTrue();
        cancelled++;
      } else {
        assertThat(result).isBetween(1, asked);
        position += result;
        if (cancelRequested() && result < asked) {
          cancelledInPart++;
        }
      }
    }
  }

  /** The other ends, in a thread of their own. */
  private static final class Peer {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    Peer(ThrowingStep step) {
      thread =
          new Thread(
              () -> {
                try {
                  while (!stop.get()) {
                    step.run();
                    Thread.yield();
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              },
              "peer");
      thread.start();
    }

    void stop() throws InterruptedException {
      stop.set(true);
      thread.join();
      if (failure.get() != null) {
        throw new AssertionError("the peer failed", failure.get());
      }
    }
  }

  private interface ThrowingStep {
    void run() throws Exception;
  }

  @Test
  void a_cancelled_receive_has_taken_nothing() throws InterruptedException {
    SplittableRandom random = new SplittableRandom(SEED);
    try (TestEngine engine = TestEngine.open(mode, 8, 16, 4)) {
      List<Receiver> receivers = new ArrayList<>();
      int[] peers = new int[CONNECTIONS];
      long[] sent = new long[CONNECTIONS];
      for (int i = 0; i < CONNECTIONS; i++) {
        int[] pair = engine.tcpPair();
        receivers.add(new Receiver(engine, pair[0]));
        peers[i] = pair[1];
      }
      SplittableRandom peerRandom = random.split();
      byte[] piece = new byte[3000];
      Peer peer =
          new Peer(
              () -> {
                int i = peerRandom.nextInt(CONNECTIONS);
                int count = 1 + peerRandom.nextInt(piece.length);
                for (int k = 0; k < count; k++) {
                  piece[k] = valueOf(sent[i] + k);
                }
                sent[i] += Math.max(0, PosixCalls.send(peers[i], piece, 0, count));
              });
      for (int started = 0; started < OPERATIONS;) {
        Receiver receiver = receivers.get(random.nextInt(CONNECTIONS));
        if (!receiver.inFlight()) {
          receiver.start(random);
          started++;
        }
        if (random.nextInt(3) > 0) {
          engine.cancel(receivers.get(random.nextInt(CONNECTIONS)));
        }
        if (random.nextInt(4) == 0) {
          engine.engine().poll(0);
        }
      }
      peer.stop();
      receivers.forEach(engine::cancel);
      engine.until(() -> receivers.stream().noneMatch(Operation::inFlight), "the end of all");
      for (int i = 0; i < CONNECTIONS; i++) {
        Receiver receiver = receivers.get(i);
        engine.platform().shutdownSend(peers[i]);
        engine.until(
            () -> {
              if (!receiver.inFlight() && !receiver.end) {
                receiver.start(random);
              }
              return receiver.end;
            },
            "the rest of the bytes");
        assertThat(receiver.sequence.position).isEqualTo(sent[i]);
      }
      assertThat(receivers.stream().mapToInt(each -> each.cancelled).sum())
          .as("cancelled before anything came")
          .isPositive();
      assertThat(receivers.stream().mapToLong(each -> each.sequence.position).sum()).isPositive();
    }
  }

  @Test
  void a_cancelled_send_has_given_what_it_says() throws InterruptedException {
    SplittableRandom random = new SplittableRandom(SEED);
    try (TestEngine engine = TestEngine.open(mode, 8, 16, 4)) {
      List<Sender> senders = new ArrayList<>();
      List<Sequence> arrived = new ArrayList<>();
      int[] peers = new int[CONNECTIONS];
      for (int i = 0; i < CONNECTIONS; i++) {
        int[] pair = engine.pair();
        assertThat(engine.platform().setOption(pair[0], SocketOption.SEND_BUFFER, 4096)).isZero();
        senders.add(new Sender(engine, pair[0]));
        arrived.add(new Sequence());
        peers[i] = pair[1];
      }
      SplittableRandom peerRandom = random.split();
      byte[] piece = new byte[MEMORY_BYTES];
      Peer peer =
          new Peer(
              () -> {
                int i = peerRandom.nextInt(CONNECTIONS);
                drain(peers[i], piece, arrived.get(i));
              });
      for (int started = 0; started < OPERATIONS / 4;) {
        Sender sender = senders.get(random.nextInt(CONNECTIONS));
        if (!sender.inFlight()) {
          sender.start(random);
          started++;
        }
        if (random.nextInt(8) == 0) {
          engine.cancel(senders.get(random.nextInt(CONNECTIONS)));
        }
        if (random.nextInt(4) == 0) {
          engine.engine().poll(0);
        }
      }
      senders.forEach(engine::cancel);
      engine.until(() -> senders.stream().noneMatch(Operation::inFlight), "the end of all");
      peer.stop();
      for (int i = 0; i < CONNECTIONS; i++) {
        drain(peers[i], piece, arrived.get(i));
        assertThat(arrived.get(i).position).isEqualTo(senders.get(i).position);
      }
      assertThat(senders.stream().mapToInt(each -> each.cancelled).sum())
          .as("cancelled before anything was sent")
          .isPositive();
      assertThat(senders.stream().mapToInt(each -> each.cancelledInPart).sum())
          .as("cancelled in the middle")
          .isPositive();
    }
  }

  private static void drain(int descriptor, byte[] piece, Sequence to) {
    for (int n = PosixCalls.receive(descriptor, piece);
        n > 0;
        n = PosixCalls.receive(descriptor, piece)) {
      for (int k = 0; k < n; k++) {
        to.take(piece[k]);
      }
    }
  }
}
