package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.EngineRig;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.Recorded;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Cancellations that race with completions, on the kernel at hand: whatever each operation says of
 * itself, what the one end has sent the other has received.
 */
@EnabledOnOs(OS.WINDOWS)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class IocpCancelSoakTest {
  private static final int STEPS = 6_000;
  private static final int MOST_BYTES = 40_000;

  /** The byte at a place of a stream. */
  private static byte at(long place) {
    return (byte) (place * 31 + (place >>> 8));
  }

  /** Sends a stream piece by piece. */
  private static final class Sender {
    final Recorded send = new Recorded();
    final int descriptor;
    final MemorySegment memory;
    long sent;
    boolean begun;

    Sender(EngineRig rig, int descriptor) {
      this.descriptor = descriptor;
      memory = rig.memory(new byte[MOST_BYTES]);
    }

    void begin(EngineRig rig, int length) {
      for (int i = 0; i < length; i++) {
        memory.set(ValueLayout.JAVA_BYTE, i, at(sent + i));
      }
      send.again();
      if (length % 2 == 0) {
        send.send(descriptor, memory.address(), length);
      } else {
        long start = memory.address();
        send.sendGather(
            descriptor, new long[] {start, start + 1}, new int[] {1, length - 1}, 2);
      }
      rig.submit(send);
      begun = true;
    }

    void end(EngineRig rig) {
      begun = false;
      int result = rig.await(send);
      if (result != Operation.CANCELED) {
        sent += rig.check(result);
      }
    }
  }

  /** Receives it, in one of two ways. */
  private static final class Receiver {
    final MemorySegment memory;
    final int descriptor;
    long received;
    Recorded receive;
    boolean begun;

    Receiver(EngineRig rig, int descriptor) {
      this.descriptor = descriptor;
      memory = rig.memory(new byte[MOST_BYTES]);
      receive = loaned();
    }

    private Recorded loaned() {
      return new Recorded() {
        @Override
        protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
          if (buffer != null) {
            for (int i = 0; i < result; i++) {
              take(buffer.view().get(buffer.offset() + i));
            }
          }
          super.completed(result, more, buffer);
        }
      };
    }

    private void take(byte each) {
      assertThat(each).as("byte %d", received).isEqualTo(at(received));
      received++;
    }

    void begin(EngineRig rig, Random random) {
      if (random.nextBoolean()) {
        receive = loaned();
        receive.receiveLoaned(descriptor);
      } else {
        receive = new Recorded();
        receive.receive(descriptor, memory.address(), 1 + random.nextInt(MOST_BYTES));
      }
      rig.submit(receive);
      begun = true;
    }

    void end(EngineRig rig) {
      begun = false;
      int result = rig.await(receive);
      if (receive.kind() == Operation.Kind.RECEIVE && result != Operation.CANCELED) {
        for (int i = 0; i < rig.check(result); i++) {
          take(memory.get(ValueLayout.JAVA_BYTE, i));
        }
      }
    }
  }

  @Test
  void what_one_end_has_sent_the_other_has_received() {
    Random random = new Random(20261121);
    try (EngineRig rig = new EngineRig(new WindowsPlatform())) {
      List<Sender> senders = new ArrayList<>();
      List<Receiver> receivers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int[] pair = i % 2 == 0 ? rig.pair() : rig.narrowPair();
        senders.add(new Sender(rig, pair[0]));
        receivers.add(new Receiver(rig, pair[1]));
      }
      int cancelled = 0;
      for (int step = 0; step < STEPS; step++) {
        int which = random.nextInt(senders.size());
        Sender sender = senders.get(which);
        Receiver receiver = receivers.get(which);
        if (sender.begun && sender.send.ended()) {
          sender.end(rig);
        }
        if (receiver.begun && receiver.receive.ended()) {
          receiver.end(rig);
        }
        switch (random.nextInt(6)) {
          case 0, 1 -> {
            if (!sender.begun) {
              sender.begin(rig, 2 + random.nextInt(MOST_BYTES - 2));
            }
          }
          case 2, 3 -> {
            if (!receiver.begun) {
              receiver.begin(rig, random);
            }
          }
          case 4 -> rig.engine.poll(random.nextInt(3) * 500_000L);
          default -> {
            Recorded victim = random.nextBoolean() ? sender.send : receiver.receive;
            if (victim.inFlight()) {
              rig.engine.cancel(victim);
              cancelled++;
            }
          }
        }
      }
      assertThat(cancelled).isGreaterThan(STEPS / 50);
      for (int i = 0; i < senders.size(); i++) {
        drain(rig, senders.get(i), receivers.get(i));
      }
    }
  }

  /** Ends the stream, and compares. */
  private static void drain(EngineRig rig, Sender sender, Receiver receiver) {
    if (sender.begun) {
      rig.engine.cancel(sender.send);
      sender.end(rig);
    }
    if (receiver.begun) {
      rig.engine.cancel(receiver.receive);
      receiver.end(rig);
    }
    rig.check(rig.platform.shutdownSend(sender.descriptor));
    receiver.receive = receiver.loaned();
    receiver.receive.receiveLoaned(receiver.descriptor);
    rig.submit(receiver.receive);
    assertThat(rig.await(receiver.receive)).as("the end of the stream").isZero();
    assertThat(receiver.received).isEqualTo(sender.sent).isPositive();
  }
}
