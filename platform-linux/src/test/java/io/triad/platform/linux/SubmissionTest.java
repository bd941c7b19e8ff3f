package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Operations on their way into the kernel: however many, each once, and none twice at a time. */
@OnEveryRing
class SubmissionTest {
  private static final int MANY = 3_000;

  private final EngineMode mode;

  SubmissionTest(EngineMode mode) {
    this.mode = mode;
  }

  @Test
  void a_submission_queue_of_two_takes_thousands_of_operations_in_one_pass() {
    try (TestEngine engine = TestEngine.open(mode, 2, 4096, 64)) {
      assertThat(engine.engine().describe()).contains("queues: 2 submissions, 4096 completions");
      int[] pair = engine.pair();
      List<Recording> operations = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        Recording operation = new Recording();
        operation.awaitReady(pair[0], Operation.WRITABLE);
        operations.add(engine.submit(operation));
      }
      assertThat(engine.engine().operationsInFlight()).isEqualTo(MANY);
      engine.awaitAll(operations);
      for (Recording operation : operations) {
        assertThat(operation.results()).hasSize(1);
        assertThat(operation.result() & Linux.POLLOUT()).isNotZero();
      }
    }
  }

  @Test
  void each_of_thousands_of_sends_reaches_the_peer_once() {
    try (TestEngine engine = TestEngine.open(mode, 4, 16, 64)) {
      int[] pair = engine.pair();
      MemorySegment memory = engine.memory(MANY * 4L);
      ByteBuffer numbers = memory.asByteBuffer();
      List<Recording> operations = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        numbers.putInt(i * 4, i);
        Recording operation = new Recording();
        operation.send(pair[0], memory.address() + i * 4L, 4);
        operations.add(engine.submit(operation));
      }
      // More than the socket holds: what does not fit waits in the kernel, in no special order.
      ByteBuffer arrived = ByteBuffer.allocate(MANY * 4);
      byte[] piece = new byte[64 * 1024];
      engine.until(
          () -> {
            for (int n = PosixCalls.receive(pair[1], piece);
                n > 0;
                n = PosixCalls.receive(pair[1], piece)) {
              arrived.put(piece, 0, n);
            }
            return !arrived.hasRemaining();
          },
          "all bytes at the peer");
      engine.awaitAll(operations);
      assertThat(operations).allMatch(operation -> operation.result() == 4);
      BitSet seen = new BitSet();
      arrived.flip();
      while (arrived.hasRemaining()) {
        seen.set(arrived.getInt());
      }
      assertThat(seen.cardinality()).isEqualTo(MANY);
    }
  }

  @Test
  void an_operation_in_flight_can_be_neither_changed_nor_submitted() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      long address = engine.memory(16).address();
      Recording operation = new Recording();
      operation.receive(pair[0], address, 16);
      engine.submit(operation);

      assertThatIllegalStateException().isThrownBy(() -> operation.receiveLoaned(pair[0]));
      assertThatIllegalStateException().isThrownBy(() -> operation.send(pair[0], address, 1));
      assertThatIllegalStateException().isThrownBy(() -> operation.close(pair[0]));
      assertThatIllegalStateException()
          .isThrownBy(() -> engine.engine().submit(operation))
          .withMessageContaining("in flight");
      assertThat(engine.engine().operationsInFlight()).isEqualTo(1);

      PosixCalls.sendAll(pair[1], new byte[3]);
      assertThat(engine.await(operation)).isEqualTo(3);
      assertThat(operation.kind()).isEqualTo(Operation.Kind.RECEIVE);
    }
  }

  @Test
  void the_final_completion_gives_the_place_in_the_ledger_back() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      Recording first = new Recording();
      first.awaitReady(pair[0], Operation.WRITABLE);
      engine.submit(first);
      int slot = first.slot();
      engine.await(first);
      assertThat(engine.engine().operationsInFlight()).isZero();

      Recording second = new Recording();
      second.awaitReady(pair[0], Operation.WRITABLE);
      engine.submit(second);
      assertThat(second.slot()).isEqualTo(slot);
      engine.await(second);
    }
  }

  /** Submits itself again, from its own completion, until told to stop. */
  private static final class Endless extends Operation {
    private final TestEngine engine;
    private final int descriptor;
    private boolean stop;
    private int rounds;

    Endless(TestEngine engine, int descriptor) {
      this.engine = engine;
      this.descriptor = descriptor;
    }

    void start() {
      awaitReady(descriptor, WRITABLE);
      engine.submit(this);
    }

    @Override
    protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
      rounds++;
      if (!stop && rounds < MANY) {
        start();
      }
    }
  }

  @Test
  void a_poll_ends_although_each_completion_makes_another() {
    // So small a queue is handed over inside the completions, and they complete at once.
    try (TestEngine engine = TestEngine.open(mode, 1, 8, 64)) {
      int[] pair = engine.pair();
      List<Endless> operations = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        operations.add(new Endless(engine, pair[0]));
      }
      operations.forEach(Endless::start);
      for (int i = 0; i < 10; i++) {
        engine.engine().poll(0);
      }
      assertThat(operations).allMatch(operation -> operation.rounds < MANY);
      operations.forEach(operation -> operation.stop = true);
      engine.until(() -> operations.stream().noneMatch(Operation::inFlight), "the end");
    }
  }

  @Test
  void a_descriptor_is_closed_by_an_operation() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      Recording closing = new Recording();
      closing.close(pair[0]);
      engine.submit(closing);
      assertThat(engine.await(closing)).isZero();
      engine.disown(pair[0]);
      assertThat(PosixCalls.receive(pair[1], new byte[1])).as("end of stream").isZero();

      closing.again();
      closing.close(pair[0]);
      engine.submit(closing);
      assertThat(engine.await(closing)).isEqualTo(-Linux.EBADF());
    }
  }
}
