package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A kernel that takes no entries (EBUSY) while the submission queue is full, as older ones do when
 * completions have overflowed. A filter refuses every call that does not also wait, so operations
 * get through by twos, once in a poll.
 */
@OnEveryRing
class BusyKernelTest {
  private static final int MIN_COMPLETE = 2;

  private final EngineMode mode;

  BusyKernelTest(EngineMode mode) {
    this.mode = mode;
  }

  private interface Body {
    void run(TestEngine engine);
  }

  private void withBusyKernel(Body body) throws Throwable {
    new SeccompFilter()
        .refuseIf(SeccompFilter.ENTER, MIN_COMPLETE, 0, Linux.EBUSY())
        .around(
            () -> {
              try (TestEngine engine = TestEngine.open(mode, 2, 4, 4)) {
                body.run(engine);
              }
            });
  }

  private static Recording receive(TestEngine engine, int[] pair) {
    Recording receive = new Recording();
    receive.receive(pair[0], engine.memory(16).address(), 16);
    return engine.submit(receive);
  }

  @Test
  void what_finds_no_room_starts_later_and_nothing_overtakes() throws Throwable {
    withBusyKernel(
        engine -> {
          int[] pair = engine.pair();
          int count = 100; // the socket holds them all, so each ends as it starts
          MemorySegment memory = engine.memory(count * 8L);
          List<Recording> sends = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            memory.asByteBuffer().putInt(i * 8, i).putInt(i * 8 + 4, i + 1_000_000);
            long address = memory.address() + i * 8L;
            Recording send =
                new Recording() {
                  private boolean second;

                  @Override
                  protected void completed(
                      int result, boolean more, @Nullable LoanedBuffer buffer) {
                    super.completed(result, more, buffer);
                    if (!second) { // while others still wait for room
                      second = true;
                      again();
                      send(pair[0], address + 4, 4);
                      engine.submit(this);
                    }
                  }
                };
            send.send(pair[0], address, 4);
            sends.add(engine.submit(send));
          }
          engine.awaitAll(sends);
          byte[] arrived = new byte[count * 8 + 1];
          assertThat(PosixCalls.receive(pair[1], arrived)).isEqualTo(count * 8);
          ByteBuffer numbers = ByteBuffer.wrap(arrived);
          for (int i = 0; i < count; i++) {
            assertThat(numbers.getInt()).isEqualTo(i);
          }
          for (int i = 0; i < count; i++) {
            assertThat(numbers.getInt()).isEqualTo(i + 1_000_000);
          }
        });
  }

  @Test
  void nobody_sleeps_while_something_has_not_started() throws Throwable {
    withBusyKernel(
        engine -> {
          List<Recording> idle = new ArrayList<>();
          for (int i = 0; i < 8; i++) {
            idle.add(receive(engine, engine.pair()));
          }
          int[] pair = engine.pair();
          Recording ready = new Recording();
          ready.awaitReady(pair[0], Operation.WRITABLE);
          engine.submit(ready);
          assertThat(engine.await(ready)).isPositive();
          idle.forEach(engine::cancel);
          engine.awaitAll(idle);
          assertThat(idle).allMatch(each -> each.result() == Operation.CANCELED);
        });
  }

  @Test
  void an_operation_that_has_not_started_is_withdrawn() throws Throwable {
    withBusyKernel(
        engine -> {
          List<Recording> operations = new ArrayList<>();
          List<int[]> pairs = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            int[] pair = engine.pair();
            PosixCalls.sendAll(pair[1], new byte[1]);
            pairs.add(pair);
            operations.add(receive(engine, pair));
          }
          Recording last = operations.getLast();
          engine.cancel(last);
          engine.cancel(last);
          assertThat(engine.await(last)).isEqualTo(Operation.CANCELED);
          engine.awaitAll(operations);
          assertThat(operations.subList(0, 5)).allMatch(each -> each.result() == 1);
          assertThat(PosixCalls.receive(pairs.getLast()[0], new byte[4])).isEqualTo(1);
        });
  }

  @Test
  void a_cancellation_that_finds_no_room_is_asked_for_later() throws Throwable {
    withBusyKernel(
        engine -> {
          Recording receive = receive(engine, engine.pair());
          engine.engine().poll(1);
          engine.engine().poll(1);
          List<Recording> fillers = ReceiveTest.handOver(engine);
          engine.cancel(receive);
          assertThat(engine.await(receive)).isEqualTo(Operation.CANCELED);
          engine.awaitAll(fillers);
        });
  }

  @Test
  void a_late_cancellation_does_not_hit_the_operation_submitted_anew() throws Throwable {
    withBusyKernel(
        engine -> {
          int[] pair = engine.pair();
          long memory = engine.memory(16).address();
          Recording receive =
              new Recording() {
                @Override
                protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
                  super.completed(result, more, buffer);
                  if (results().size() == 1) {
                    again();
                    receive(pair[0], memory, 16);
                    engine.submit(this);
                  }
                }
              };
          receive.receive(pair[0], memory, 16);
          engine.submit(receive);
          engine.engine().poll(1);
          engine.engine().poll(1);
          List<Recording> fillers = ReceiveTest.handOver(engine);
          engine.cancel(receive);
          PosixCalls.sendAll(pair[1], new byte[1]);
          engine.until(() -> !receive.results().isEmpty(), "the first byte");
          engine.awaitAll(fillers);
          for (int i = 0; i < 5; i++) {
            engine.engine().poll(1);
          }
          assertThat(receive.results()).hasSize(1);
          PosixCalls.sendAll(pair[1], new byte[2]);
          assertThat(engine.await(receive)).isEqualTo(2);
          assertThat(receive.results()).containsExactly(1, 2);
        });
  }
}
