package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an operation says that was asked to end early. */
@OnEveryEngine
class CancelTest {
  private final EngineMode mode;

  CancelTest(EngineMode mode) {
    this.mode = mode;
  }

  /** One operation of each kind that can wait, on a fresh descriptor that keeps it waiting. */
  private static List<Recording> waiting(TestEngine engine) {
    long memory = engine.memory(1 << 20).address();
    Recording receive = new Recording();
    receive.receive(engine.pair()[0], memory, 16);
    Recording receiveLoaned = new Recording();
    receiveLoaned.receiveLoaned(engine.pair()[0]);
    Recording accept = new Recording();
    accept.accept(engine.listen(1).descriptor());
    Recording readable = new Recording();
    readable.awaitReady(engine.pair()[0], Operation.READABLE);
    Recording writable = new Recording();
    writable.awaitReady(full(engine), Operation.WRITABLE);
    Recording send = new Recording();
    send.send(full(engine), memory, 1 << 20);
    Recording gather = new Recording();
    gather.sendGather(full(engine), new long[] {memory, memory}, new int[] {99_999, 99_999}, 2);
    return List.of(
        receive, receiveLoaned, accept, readable, writable, send, gather, connect(engine));
  }

  /** A socket that takes no further byte. */
  private static int full(TestEngine engine) {
    int[] pair = engine.pair();
    byte[] bytes = new byte[16 * 1024];
    int size = bytes.length;
    while (size > 0) {
      if (PosixCalls.send(pair[0], bytes, 0, size) <= 0) {
        size /= 2;
      }
    }
    return pair[0];
  }

  /** A connection that a full listener leaves unanswered. */
  private static Recording connect(TestEngine engine) {
    TestEngine.Listening listening = engine.listen(0);
    int filler = engine.own(engine.platform().openStreamSocket(false));
    LinuxErrors.require(
        PosixCalls.connect(filler, listening.address(), listening.length()), "connect");
    Recording connect = new Recording();
    connect.connect(
        engine.own(engine.platform().openStreamSocket(false)),
        listening.address().address(),
        listening.length());
    return connect;
  }

  private static void assertCancelled(TestEngine engine, List<Recording> operations) {
    engine.awaitAll(operations);
    for (Recording operation : operations) {
      assertThat(operation.results()).as("%s", operation).containsExactly(Operation.CANCELED);
      assertThat(operation.cancelRequested()).isTrue();
    }
  }

  @Test
  void every_kind_that_waits_ends_when_cancelled() {
    try (TestEngine engine = TestEngine.open(mode)) {
      List<Recording> operations = waiting(engine);
      operations.forEach(engine::submit);
      for (int i = 0; i < 3; i++) {
        engine.engine().poll(0);
      }
      assertThat(operations).noneMatch(Recording::ended);
      operations.forEach(engine::cancel);
      assertThat(operations).as("cancelling only asks").noneMatch(Recording::ended);
      assertCancelled(engine, operations);
    }
  }

  @Test
  void every_kind_can_be_cancelled_in_the_pass_in_which_it_was_submitted() {
    try (TestEngine engine = TestEngine.open(mode)) {
      List<Recording> operations = waiting(engine);
      operations.forEach(engine::submit);
      operations.forEach(engine::cancel);
      assertCancelled(engine, operations);
    }
  }

  @Test
  void cancelling_through_a_queue_of_two_loses_none() {
    try (TestEngine engine = TestEngine.open(mode, 2, 4, 64)) {
      List<Recording> operations = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        operations.addAll(waiting(engine).subList(0, 5));
      }
      operations.forEach(engine::submit);
      operations.forEach(engine::cancel);
      assertCancelled(engine, operations);
    }
  }

  @Test
  void all_are_cancelled_at_once() {
    try (TestEngine engine = TestEngine.open(mode)) {
      List<Recording> operations = waiting(engine);
      operations.forEach(engine::submit);
      engine.engine().poll(0);
      engine.engine().cancelAll();
      assertCancelled(engine, operations);
    }
  }

  @Test
  void a_second_cancellation_changes_nothing() {
    try (TestEngine engine = TestEngine.open(mode)) {
      List<Recording> operations = waiting(engine);
      operations.forEach(engine::submit);
      engine.engine().poll(0);
      operations.forEach(engine::cancel);
      operations.forEach(engine::cancel);
      assertCancelled(engine, operations);
    }
  }

  @Test
  void a_finished_operation_is_not_cancelled_and_neither_is_its_successor() {
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] pair = engine.pair();
      Recording first = new Recording();
      first.awaitReady(pair[0], Operation.WRITABLE);
      engine.submit(first);
      engine.await(first);
      Recording never = new Recording();
      never.awaitReady(pair[0], Operation.READABLE);

      Recording successor = new Recording();
      successor.awaitReady(pair[0], Operation.READABLE);
      engine.submit(successor);
      engine.cancel(first);
      engine.cancel(never);
      engine.engine().poll(0);
      engine.engine().poll(0);
      assertThat(first.cancelRequested()).isFalse();
      assertThat(successor.ended()).isFalse();
      PosixCalls.sendAll(pair[1], new byte[1]);
      assertThat(engine.await(successor)).isPositive();
    }
  }

  @Test
  void the_result_wins_over_a_cancellation_that_comes_too_late() {
    assumeTrue(mode.isRing(), "nothing happens before a poll");
    // A queue of two hands the operations over at once, so they have succeeded when cancelled.
    try (TestEngine engine = TestEngine.open(mode, 2, 64, 64)) {
      int[] pair = engine.pair();
      MemorySegment memory = engine.memory(16);
      PosixCalls.sendAll(pair[1], new byte[] {1, 2, 3});
      Recording receive = new Recording();
      receive.receive(pair[0], memory.address(), 16);
      engine.submit(receive);
      Recording send = new Recording();
      send.send(pair[0], memory.address(), 16);
      engine.submit(send);
      TestEngine.Listening listening = engine.listen(1);
      Recording connect = new Recording();
      connect.connect(
          engine.own(engine.platform().openStreamSocket(false)),
          listening.address().address(),
          listening.length());
      engine.submit(connect);
      List<Recording> fillers = ReceiveTest.handOver(engine);
      List.of(receive, send, connect).forEach(engine::cancel);
      assertThat(engine.await(receive)).isEqualTo(3);
      assertThat(engine.await(send)).isEqualTo(16);
      assertThat(PosixCalls.receive(pair[1], new byte[32])).isEqualTo(16);
      assertThat(engine.await(connect)).isZero();
      engine.awaitAll(fillers);
    }
  }

  @Test
  void what_was_received_and_accepted_before_comes_before_the_end() {
    assumeTrue(mode.isRing(), "nothing happens before a poll");
    try (TestEngine engine = TestEngine.open(mode, 2, 64, 64)) {
      int[] pair = engine.pair();
      TestEngine.Listening listening = engine.listen(4);
      int client = engine.own(engine.platform().openStreamSocket(false));
      LinuxErrors.require(
          PosixCalls.connect(client, listening.address(), listening.length()), "connect");
      PosixCalls.sendAll(pair[1], new byte[] {1, 2, 3});
      Recording receive = new Recording();
      receive.receiveLoaned(pair[0]);
      engine.submit(receive);
      Recording accept = new Recording();
      accept.accept(listening.descriptor());
      engine.submit(accept);
      if (mode.multishot()) {
        // The first shot finds no buffer yet; with the second the bytes are taken.
        engine.engine().poll(0);
      }
      List<Recording> fillers = ReceiveTest.handOver(engine);
      engine.cancel(receive);
      engine.cancel(accept);
      engine.awaitAll(List.of(receive, accept));
      engine.awaitAll(fillers);
      assertThat(receive.results()).containsExactly(3, Operation.CANCELED);
      assertThat(accept.results()).hasSize(2).endsWith(Operation.CANCELED);
      engine.own(accept.results().getFirst());
    }
  }

  @Test
  void a_handler_may_cancel_the_operation_that_calls_it() {
    try (TestEngine engine = TestEngine.open(mode, 2, 4, 64)) {
      int[] pair = engine.pair();
      Recording receive =
          new Recording() {
            @Override
            protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
              super.completed(result, more, buffer);
              engine.cancel(this);
            }
          };
      receive.receiveLoaned(pair[0]);
      engine.submit(receive);
      PosixCalls.sendAll(pair[1], new byte[5]);
      assertThat(engine.await(receive)).isEqualTo(Operation.CANCELED);
      assertThat(receive.bytes()).hasSize(5);
    }
  }

  @Test
  void closing_a_descriptor_does_not_end_what_is_in_flight_on_it() {
    assumeTrue(mode.isRing(), "promised by no engine");
    try (TestEngine engine = TestEngine.open(mode)) {
      int[] first = engine.pair();
      int[] second = engine.pair();
      Recording goesOn = new Recording();
      goesOn.receive(first[0], engine.memory(16).address(), 16);
      Recording cancelled = new Recording();
      cancelled.receive(second[0], engine.memory(16).address(), 16);
      engine.submit(goesOn);
      engine.submit(cancelled);
      engine.engine().poll(0);
      engine.close(first[0]);
      engine.close(second[0]);
      engine.engine().poll(0);
      engine.engine().poll(0);
      assertThat(engine.engine().operationsInFlight()).isEqualTo(2);

      PosixCalls.sendAll(first[1], new byte[7]);
      assertThat(engine.await(goesOn)).isEqualTo(7);
      engine.cancel(cancelled);
      assertThat(engine.await(cancelled)).isEqualTo(Operation.CANCELED);
      assertThat(PosixCalls.receive(second[1], new byte[1])).as("only now it is closed").isZero();
    }
  }
}
