package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Engine;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Message;
import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is hard about edges: nothing may be left lying, nothing taken for something else. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadinessEngineTest {
  /** More than one receive brings. */
  private static final int MUCH = 200_000;

  private static TestEngine open() {
    return TestEngine.open(EngineMode.EPOLL);
  }

  private static Recording receiveLoaned(TestEngine engine, int descriptor) {
    Recording receive = new Recording();
    receive.receiveLoaned(descriptor);
    return engine.submit(receive);
  }

  private static Recording receive(TestEngine engine, int descriptor, MemorySegment into) {
    Recording receive = new Recording();
    receive.receive(descriptor, into.address(), (int) into.byteSize());
    return engine.submit(receive);
  }

  private static Recording awaitReady(TestEngine engine, int descriptor, int readiness) {
    Recording ready = new Recording();
    ready.awaitReady(descriptor, readiness);
    return engine.submit(ready);
  }

  /** Polls until nothing happens any more. */
  private static void settle(TestEngine engine) {
    for (int quiet = 0; quiet < 3; quiet++) {
      if (engine.engine().poll(2_000_000)) {
        quiet = 0;
      }
    }
  }

  private static void end(TestEngine engine, Recording... operations) {
    for (Recording each : operations) {
      engine.cancel(each);
      assertThat(engine.await(each)).isEqualTo(Operation.CANCELED);
    }
  }

  // ---- data, and what comes behind it ----

  @Test
  void the_end_right_behind_the_data_is_found() {
    try (TestEngine engine = open()) {
      int[] pair = engine.tcpPair();
      Recording receive = receiveLoaned(engine, pair[0]);
      settle(engine);
      PosixCalls.sendAll(pair[1], new byte[10]);
      engine.close(pair[1]);
      assertThat(engine.await(receive)).isZero();
      assertThat(receive.byteCount()).isEqualTo(10);
    }
  }

  @Test
  void data_behind_urgent_data_is_found() {
    try (TestEngine engine = open();
        Arena arena = Arena.ofConfined()) {
      int[] pair = engine.tcpPair();
      Recording receive = receiveLoaned(engine, pair[0]);
      settle(engine);
      PosixCalls.sendAll(pair[1], new byte[] {1});
      Libc libc = new Libc(arena);
      LinuxErrors.require(
          libc.send(pair[1], arena.allocate(1).address(), 1, Linux.MSG_OOB()), "send");
      PosixCalls.sendAll(pair[1], new byte[] {3});
      engine.until(() -> receive.byteCount() == 2, "both bytes, around the urgent one");
      assertThat(receive.bytes()).containsExactly(1, 3);
      end(engine, receive);
    }
  }

  /** A receive from a Unix socket stops at data that descriptors come with: unix(7). */
  @Test
  void data_behind_descriptors_is_found() {
    try (TestEngine engine = open();
        Arena arena = Arena.ofConfined()) {
      int[] pair = engine.pair();
      Recording receive = receiveLoaned(engine, pair[0]);
      settle(engine);
      Message message = new Message(arena);
      MemorySegment bytes = arena.allocate(1);
      for (int i = 1; i <= 3; i++) {
        message.clear();
        bytes.fill((byte) i);
        message.add(bytes.address(), 1);
        byte[] number =
            ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(pair[1]).array();
        engine.platform().calls()
            .addControl(message, Linux.SOL_SOCKET(), Linux.SCM_RIGHTS(), number);
        assertThat(engine.platform().calls().send(pair[1], message, 0)).isEqualTo(1);
      }
      engine.until(() -> receive.byteCount() == 3, "all bytes");
      assertThat(receive.bytes()).containsExactly(1, 2, 3);
      end(engine, receive);
    }
  }

  // ---- turns ----

  @Test
  void who_has_much_to_receive_lets_others_have_their_turn() {
    try (TestEngine engine = open()) {
      int[] busy = engine.tcpPair();
      int[] modest = engine.tcpPair();
      List<String> order = new ArrayList<>();
      List<Recording> receives = new ArrayList<>();
      for (int[] pair : List.of(busy, modest)) {
        Recording receive =
            new Recording() {
              @Override
              protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
                super.completed(result, more, buffer);
                order.add(pair == busy ? "busy" : "modest");
              }
            };
        receive.receiveLoaned(pair[0]);
        receives.add(receive);
      }
      MemorySegment memory = engine.memory(new byte[MUCH]);
      Recording send = new Recording();
      send.send(busy[1], memory.address(), MUCH);
      engine.submit(send);
      assertThat(engine.await(send)).isEqualTo(MUCH);
      PosixCalls.sendAll(modest[1], new byte[1]);
      receives.forEach(engine::submit);
      engine.until(() -> receives.getFirst().byteCount() == MUCH, "all bytes");
      assertThat(order.indexOf("modest")).isBetween(0, 1);
      assertThat(order).as("receives of the busy one").hasSizeGreaterThan(3);
      end(engine, receives.toArray(Recording[]::new));
    }
  }

  @Test
  void a_storm_of_connections_lets_others_have_their_turn() {
    try (TestEngine engine = open()) {
      TestEngine.Listening listening = engine.listen(200);
      for (int i = 0; i < 150; i++) {
        int client = engine.own(engine.platform().openStreamSocket(false));
        LinuxErrors.require(
            PosixCalls.connect(client, listening.address(), listening.length()), "connect");
      }
      int[] pair = engine.pair();
      PosixCalls.sendAll(pair[1], new byte[1]);
      Recording accept = new Recording();
      accept.accept(listening.descriptor());
      engine.submit(accept);
      Recording receive = receive(engine, pair[0], engine.memory(8));
      assertThat(engine.engine().poll(0)).isTrue();
      assertThat(receive.ended()).isTrue();
      assertThat(accept.results()).hasSizeBetween(1, 149);
      engine.until(() -> accept.results().size() == 150, "all connections");
      accept.results().forEach(engine::own);
      end(engine, accept);
    }
  }

  @Test
  void several_on_one_descriptor_are_served_in_order() {
    try (TestEngine engine = open()) {
      int[] pair = engine.pair();
      List<MemorySegment> memory = new ArrayList<>();
      List<Recording> receives = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        memory.add(engine.memory(1));
        receives.add(receive(engine, pair[0], memory.get(i)));
      }
      settle(engine);
      end(engine, receives.get(1));
      PosixCalls.sendAll(pair[1], new byte[] {10, 11});
      engine.awaitAll(List.of(receives.get(0), receives.get(2)));
      settle(engine);
      assertThat(receives.get(3).ended()).isFalse();
      PosixCalls.sendAll(pair[1], new byte[] {12, 13});
      engine.awaitAll(receives);
      List<Byte> received = new ArrayList<>();
      for (int i : new int[] {0, 2, 3, 4}) {
        received.add(memory.get(i).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
      }
      assertThat(received).containsExactly((byte) 10, (byte) 11, (byte) 12, (byte) 13);
    }
  }

  @Test
  void a_send_that_has_to_wait_keeps_its_place() {
    try (TestEngine engine = open()) {
      int[] pair = engine.tcpPair();
      byte[] bytes = new byte[10_000_000];
      new java.util.Random(1).nextBytes(bytes);
      MemorySegment memory = engine.memory(bytes);
      List<Recording> sends = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Recording send = new Recording();
        send.send(pair[0], memory.address() + i * 5_000_000L, 5_000_000);
        sends.add(engine.submit(send));
      }
      Recording receive = receiveLoaned(engine, pair[1]);
      engine.until(() -> receive.byteCount() == bytes.length, "all bytes");
      assertThat(receive.bytes()).isEqualTo(bytes);
      engine.awaitAll(sends);
      assertThat(sends).allMatch(each -> each.result() == 5_000_000);
      end(engine, receive);
    }
  }

  // ---- descriptors closed behind our back ----

  @Test
  void a_descriptor_closed_behind_our_back_is_an_error_to_who_comes_next() {
    try (TestEngine engine = open()) {
      int[] pair = engine.pair();
      Recording first = receive(engine, pair[0], engine.memory(8));
      Recording other = awaitReady(engine, pair[0], Operation.READABLE);
      settle(engine);
      end(engine, first, other);
      engine.close(pair[0]);
      assertThat(engine.await(receive(engine, pair[0], engine.memory(8))))
          .isEqualTo(-Linux.EBADF());
      assertThat(engine.await(receiveLoaned(engine, pair[0]))).isEqualTo(-Linux.EBADF());
      assertThat(engine.await(awaitReady(engine, pair[0], Operation.WRITABLE)))
          .isEqualTo(-Linux.EBADF());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_number_given_to_another_file_behind_our_back_is_noticed(boolean duplicated) {
    try (TestEngine engine = open()) {
      int[] old = engine.pair();
      int number = old[0];
      Recording first = receiveLoaned(engine, number);
      settle(engine);
      end(engine, first);
      if (duplicated) {
        engine.own(PosixCalls.duplicate(number)); // keeps the registration of the old file
      }
      int[] young = engine.pair();
      LinuxErrors.require(PosixCalls.duplicateTo(young[0], number), "dup3");
      Recording receive = receiveLoaned(engine, number);
      settle(engine);
      PosixCalls.send(old[1], new byte[] {1}, 0, 1); // arrives nowhere, or where nobody reads
      settle(engine);
      assertThat(receive.byteCount()).isZero();
      PosixCalls.sendAll(young[1], new byte[] {2});
      engine.until(() -> receive.byteCount() == 1, "the byte of the file that is there now");
      assertThat(receive.bytes()).containsExactly(2);
      end(engine, receive);
    }
  }

  @Test
  void who_was_left_behind_on_a_closed_descriptor_ends_when_cancelled() {
    try (TestEngine engine = open()) {
      int[] old = engine.pair();
      Recording forgotten = receiveLoaned(engine, old[0]);
      settle(engine);
      Recording close = new Recording();
      close.close(old[0]);
      engine.disown(old[0]);
      assertThat(engine.await(engine.submit(close))).isZero();
      int[] young = engine.pair();
      assertThat(young[0]).isEqualTo(old[0]);
      Recording receive = receiveLoaned(engine, young[0]);
      PosixCalls.sendAll(young[1], new byte[1]);
      engine.until(() -> receive.byteCount() == 1, "the byte");
      assertThat(forgotten.results()).isEmpty();
      end(engine, forgotten, receive);
    }
  }

  // ---- the rest ----

  @Test
  void a_file_is_always_ready() {
    try (TestEngine engine = open()) {
      int file = engine.own(PosixCalls.memoryFile());
      assertThat(engine.await(awaitReady(engine, file, Operation.READABLE)))
          .isEqualTo(Operation.READABLE);
      assertThat(engine.await(awaitReady(engine, file, Operation.WRITABLE)))
          .isEqualTo(Operation.WRITABLE);
    }
  }

  @Test
  void whoever_waits_for_readiness_sees_what_others_leave_and_not_what_they_take() {
    try (TestEngine engine = open()) {
      int[] pair = engine.pair();
      PosixCalls.sendAll(pair[1], new byte[] {1, 2});
      assertThat(engine.await(awaitReady(engine, pair[0], Operation.READABLE))).isPositive();
      assertThat(PosixCalls.receive(pair[0], new byte[1])).isEqualTo(1);
      assertThat(engine.await(awaitReady(engine, pair[0], Operation.READABLE)))
          .as("one is left")
          .isPositive();
      assertThat(PosixCalls.receive(pair[0], new byte[1])).isEqualTo(1);
      Recording ready = awaitReady(engine, pair[0], Operation.READABLE);
      settle(engine);
      assertThat(ready.ended()).isFalse();
      end(engine, ready);
    }
  }

  @Test
  void a_close_cannot_be_cancelled() {
    try (TestEngine engine = open()) {
      int[] pair = engine.pair();
      Recording close = new Recording();
      close.close(pair[0]);
      engine.submit(close);
      engine.disown(pair[0]);
      engine.cancel(close);
      assertThat(engine.await(close)).isZero();
      assertThat(PosixCalls.receive(pair[1], new byte[1])).as("the end").isZero();
    }
  }

  /** It tries what was submitted and does not ask the poller if that brought something. */
  @Test
  void a_pass_that_brought_something_asks_the_poller_only_every_other_time() {
    try (TestEngine engine = open()) {
      Engine tested = engine.engine();
      int[] pair = engine.pair();
      tested.wake();
      MemorySegment memory = engine.memory(8);
      List<Boolean> passes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Recording send = new Recording();
        send.send(pair[0], memory.address(), 1);
        engine.submit(send);
        tested.poll(0);
        passes.add(send.ended());
      }
      assertThat(passes).as("nobody waits for the poller").containsOnly(true);
      // The wake-up was seen in the second pass, or it would end this one.
      assertThat(tested.poll(0)).isFalse();
    }
  }
}
