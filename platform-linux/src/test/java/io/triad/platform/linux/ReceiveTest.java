package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Receiving into memory of the caller's and into buffers of the engine's, plenty or too few. */
@OnEveryEngine
class ReceiveTest {
  private final EngineMode mode;

  ReceiveTest(EngineMode mode) {
    this.mode = mode;
  }

  private TestEngine openWithBuffers(int count) {
    return TestEngine.open(mode, 64, 128, count);
  }

  private static Recording receiveLoaned(TestEngine engine, int descriptor) {
    Recording receive = new Recording().keepingLoans();
    receive.receiveLoaned(descriptor);
    return engine.submit(receive);
  }

  /** Each of the sockets has one byte, its number, to be received. */
  private static List<Recording> receiveNumbers(TestEngine engine, List<int[]> pairs) {
    List<Recording> receives = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      PosixCalls.sendAll(pairs.get(i)[1], new byte[] {(byte) i});
      receives.add(receiveLoaned(engine, pairs.get(i)[0]));
    }
    return receives;
  }

  private static int loans(List<Recording> receives) {
    return receives.stream().mapToInt(Recording::loans).sum();
  }

  private static void cancelAll(TestEngine engine, List<Recording> receives) {
    receives.forEach(engine::cancel);
    engine.awaitAll(receives);
    assertThat(receives).allMatch(receive -> receive.result() == Operation.CANCELED);
  }

  @Test
  void memory_of_the_caller_is_filled_and_the_end_is_zero() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      MemorySegment memory = engine.memory(8);
      Recording receive = new Recording();
      receive.receive(pair[0], memory.address(), 8);
      engine.submit(receive);
      PosixCalls.sendAll(pair[1], new byte[] {1, 2, 3});
      assertThat(engine.await(receive)).isEqualTo(3);
      assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).startsWith(1, 2, 3, 0);

      engine.close(pair[1]);
      receive.again();
      engine.submit(receive);
      assertThat(engine.await(receive)).isZero();
    }
  }

  @Test
  void loans_bring_everything_and_then_the_end_without_a_buffer() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      Recording receive = new Recording();
      receive.receiveLoaned(pair[0]);
      engine.submit(receive);
      byte[] sent = new byte[100_000];
      new java.util.Random(1).nextBytes(sent);
      PosixCalls.sendAll(pair[1], sent);
      engine.close(pair[1]);
      assertThat(engine.await(receive)).isZero();
      assertThat(receive.bytes()).isEqualTo(sent);
      assertThat(receive.results()).allMatch(n -> n <= ReceiveBuffers.BUFFER_BYTES);
    }
  }

  @Test
  void a_reset_connection_is_an_error_with_its_number() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.tcpPair();
      Recording receive = receiveLoaned(engine, pair[0]);
      engine.engine().poll(0);
      MemorySegment linger = engine.memory(8); // struct linger: on, after 0 seconds
      linger.set(ValueLayout.JAVA_INT, 0, 1);
      assertThat(
          engine
              .platform()
              .setOption(pair[1], Linux.SOL_SOCKET(), Linux.SO_LINGER(), linger, 8))
          .isZero();
      engine.close(pair[1]);
      assertThat(engine.await(receive)).isEqualTo(-Linux.ECONNRESET());
    }
  }

  @Test
  void what_is_no_socket_is_refused() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      engine.close(pair[0]);
      assertThat(engine.await(receiveLoaned(engine, pair[0]))).isEqualTo(-Linux.EBADF());
    }
  }

  @Test
  void a_receiver_without_a_buffer_waits_until_one_comes_back() {
    try (TestEngine engine = openWithBuffers(2)) {
      List<int[]> pairs = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        pairs.add(engine.pair());
      }
      List<Recording> receives = receiveNumbers(engine, pairs);
      engine.until(() -> loans(receives) == 2, "both buffers lent");
      // Nothing more can come, and nobody is told of the want.
      for (int i = 0; i < 5; i++) {
        engine.engine().poll(1_000_000);
        assertThat(engine.engine().buffersLent()).isEqualTo(2);
      }
      assertThat(receives).noneMatch(Recording::ended);

      for (int served = 2; served < pairs.size(); served++) {
        receives.stream().filter(r -> r.loans() > 0).findFirst().orElseThrow().releaseOne();
        int expected = served + 1;
        engine.until(
            () -> receives.stream().mapToInt(Recording::byteCount).sum() == expected,
            "the next one served");
      }
      for (int i = 0; i < receives.size(); i++) {
        assertThat(receives.get(i).bytes()).containsExactly(i);
      }
      receives.stream().filter(r -> r.loans() > 0).forEach(Recording::releaseOne);
      cancelAll(engine, receives);
    }
  }

  @Test
  void a_starved_receiver_can_be_cancelled_and_its_bytes_stay() {
    try (TestEngine engine = openWithBuffers(1)) {
      List<int[]> pairs = List.of(engine.pair(), engine.pair());
      List<Recording> receives = receiveNumbers(engine, pairs);
      engine.until(() -> loans(receives) == 1, "the buffer lent");
      Recording fed = receives.get(receives.get(0).loans() == 1 ? 0 : 1);
      Recording starved = receives.get(fed == receives.get(0) ? 1 : 0);
      engine.engine().poll(0); // whatever the kernel has to say of the other one
      engine.engine().poll(0);
      engine.cancel(starved);
      assertThat(engine.await(starved)).isEqualTo(Operation.CANCELED);
      assertThat(starved.results()).hasSize(1);

      fed.releaseOne();
      starved.again();
      engine.submit(starved);
      engine.until(() -> starved.loans() == 1, "the byte that was not lost");
      starved.releaseOne();
      cancelAll(engine, receives);
      assertThat(receives.get(1).bytes()).containsExactly(1);
    }
  }

  @Test
  void want_of_buffers_is_no_result_even_of_a_cancelled_receive() {
    // The queue of two makes sure that the kernel has found no buffer before it is asked to cancel.
    try (TestEngine engine = TestEngine.open(mode, 2, 64, 1)) {
      int[] first = engine.pair();
      PosixCalls.sendAll(first[1], new byte[1]);
      Recording fed = receiveLoaned(engine, first[0]);
      engine.until(() -> fed.loans() == 1, "the buffer lent");

      int[] second = engine.pair();
      PosixCalls.sendAll(second[1], new byte[1]);
      Recording starving = receiveLoaned(engine, second[0]);
      List<Recording> fillers = handOver(engine);
      engine.cancel(starving);
      assertThat(engine.await(starving)).isEqualTo(Operation.CANCELED);
      engine.awaitAll(fillers);
      fed.releaseOne();
      cancelAll(engine, List.of(fed));
      assertThat(PosixCalls.receive(second[0], new byte[8])).isEqualTo(1);
    }
  }

  /** Has a submission queue of two handed over to the kernel without a poll. */
  static List<Recording> handOver(TestEngine engine) {
    int[] pair = engine.pair();
    List<Recording> fillers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Recording filler = new Recording();
      filler.awaitReady(pair[0], Operation.WRITABLE);
      fillers.add(engine.submit(filler));
    }
    return fillers;
  }

  private static int stock(TestEngine engine) {
    String line =
        engine.engine().describe().stream()
            .filter(each -> each.startsWith("receive buffers"))
            .findFirst()
            .orElseThrow();
    return Integer.parseInt(line.replaceFirst(".* (\\d+) in stock", "$1"));
  }

  @Test
  void the_stock_grows_as_long_as_it_may() {
    try (TestEngine engine = openWithBuffers(200)) {
      List<int[]> pairs = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        pairs.add(engine.pair());
      }
      List<Recording> receives = receiveNumbers(engine, pairs);
      engine.until(() -> loans(receives) == 100, "a buffer for each");
      assertThat(engine.engine().buffersLent()).isEqualTo(100);
      assertThat(stock(engine)).isBetween(100, 200);
      receives.forEach(Recording::releaseOne);

      // Two hundred and no more, although each socket could use another three.
      for (int round = 2; round <= 4; round++) {
        for (int[] pair : pairs) {
          PosixCalls.sendAll(pair[1], new byte[1]);
        }
        int expected = Math.min(round, 3);
        engine.until(
            () -> receives.stream().allMatch(r -> r.byteCount() == expected), "one more for each");
      }
      for (int i = 0; i < 5; i++) {
        engine.engine().poll(1_000_000);
        assertThat(engine.engine().buffersLent()).isEqualTo(200);
      }
      engine.until(
          () -> {
            receives.stream().filter(r -> r.loans() > 0).forEach(Recording::releaseOne);
            return receives.stream().allMatch(r -> r.byteCount() == 4);
          },
          "the rest");
      receives.stream().filter(r -> r.loans() > 0).forEach(Recording::releaseOne);
      cancelAll(engine, receives);
    }
  }

  @Test
  void a_buffer_is_given_back_once() {
    try (TestEngine engine = openWithBuffers(2)) {
      int[] pair = engine.pair();
      List<LoanedBuffer> lent = new ArrayList<>();
      Recording receive =
          new Recording() {
            @Override
            protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
              if (buffer != null) {
                lent.add(buffer);
              }
              super.completed(result, more, buffer);
            }
          }.keepingLoans();
      receive.receiveLoaned(pair[0]);
      engine.submit(receive);
      PosixCalls.sendAll(pair[1], new byte[1]);
      engine.until(() -> receive.loans() == 1, "the byte");
      receive.releaseOne();
      assertThatIllegalStateException().isThrownBy(lent.getFirst()::release);
      assertThat(engine.engine().buffersLent()).isZero();
      cancelAll(engine, List.of(receive));
    }
  }
}
