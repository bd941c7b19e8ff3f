package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.engine.Engine;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.ReceiveStock;
import io.triad.engine.Recorded;
import io.triad.platform.windows.ScriptedKernel.Call;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine on a completion port, with a kernel that ends its calls in every way there is. */
@Timeout(60)
final class IocpEngineTest {
  // ---- how a call ends ----

  @Test
  void what_goes_on_ends_with_its_packet() {
    try (ScriptedRig rig = new ScriptedRig()) {
      Recorded receive = rig.receive(rig.kernel.open());
      rig.settle();
      assertThat(receive.ended()).isFalse();
      assertThat(rig.engine.operationsInFlight()).isEqualTo(1);
      rig.kernel.end(rig.kernel.last(), 0, 7);
      assertThat(rig.await(receive)).isEqualTo(7);
    }
  }

  @Test
  void what_succeeds_at_once_without_a_packet_is_delivered_by_poll_and_only_once() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.nextAnswer(5);
      Recorded send = rig.send(rig.kernel.open(), 5);
      assertThat(send.results).isEmpty();
      assertThat(rig.engine.poll(Engine.FOREVER)).isTrue();
      assertThat(send.result()).isEqualTo(5);
      assertThat(rig.engine.poll(0)).isFalse();
    }
  }

  @Test
  void what_succeeds_at_once_on_a_provider_with_packets_is_delivered_once_too() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.ownHandles = false;
      int socket = rig.kernel.open();
      rig.kernel.nextAnswer(5);
      Recorded send = rig.send(socket, 5);
      assertThat(rig.kernel.file(socket).skips).isFalse();
      assertThat(rig.await(send)).isEqualTo(5);
      assertThat(send.results).hasSize(1);
    }
  }

  @Test
  void what_fails_at_once_has_no_packet() {
    for (boolean ownHandles : new boolean[] {true, false}) {
      try (ScriptedRig rig = new ScriptedRig()) {
        rig.kernel.ownHandles = ownHandles;
        rig.kernel.nextAnswer(-Windows.WSAECONNRESET());
        Recorded send = rig.send(rig.kernel.open(), 5);
        assertThat(send.results).isEmpty();
        assertThat(rig.await(send)).isEqualTo(-Windows.WSAECONNRESET());
      }
    }
  }

  @Test
  void a_status_becomes_the_code_of_winsock() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int[][] known = {
        {Windows.STATUS_CONNECTION_RESET(), -Windows.WSAECONNRESET()},
        {Windows.STATUS_CONNECTION_REFUSED(), -Windows.WSAECONNREFUSED()},
        {Windows.STATUS_IO_TIMEOUT(), -Windows.WSAETIMEDOUT()},
        {Windows.STATUS_HANDLES_CLOSED(), -Windows.WSAEBADF()},
        {Windows.STATUS_BUFFER_OVERFLOW(), 0},
        {Windows.STATUS_CANCELLED(), Operation.CANCELED},
        {0xc0990099, -317}, // whatever the system makes of it
      };
      for (int[] each : known) {
        Recorded receive = rig.receive(rig.kernel.open());
        rig.kernel.end(rig.kernel.last(), each[0], 0);
        assertThat(rig.await(receive)).isEqualTo(each[1]);
      }
    }
  }

  @Test
  void what_is_delivered_at_once_does_not_hide_packets_for_ever() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int socket = rig.kernel.open();
      Recorded receive = rig.receive(socket);
      rig.kernel.end(rig.kernel.last(), 0, 7);
      Recorded[] busy = {new Recorded(), new Recorded()};
      for (Recorded each : busy) {
        rig.kernel.nextAnswer(1);
        each.send(socket, rig.memory(1).address(), 1);
        rig.submit(each);
        rig.engine.poll(Engine.FOREVER);
      }
      assertThat(receive.result()).isEqualTo(7);
    }
  }

  @Test
  void waits_are_rounded_up_to_milliseconds() {
    assertThat(CompletionQueue.millis(0)).isZero();
    assertThat(CompletionQueue.millis(1)).isEqualTo(1);
    assertThat(CompletionQueue.millis(1_000_000)).isEqualTo(1);
    assertThat(CompletionQueue.millis(1_000_001)).isEqualTo(2);
    assertThat(CompletionQueue.millis(Engine.FOREVER - 1)).isEqualTo(Integer.MAX_VALUE);
    assertThat(CompletionQueue.millis(Engine.FOREVER)).isEqualTo(-1);
  }

  @Test
  void many_wake_ups_are_one_packet_and_the_next_one_is_another() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.engine.wake();
      rig.engine.wake();
      assertThat(rig.kernel.posts).isEqualTo(1);
      assertThat(rig.engine.poll(Engine.FOREVER)).isTrue();
      assertThat(rig.engine.poll(0)).isFalse();
      rig.engine.wake();
      assertThat(rig.kernel.posts).isEqualTo(2);
      assertThat(rig.engine.poll(Engine.FOREVER)).isTrue();
    }
  }

  // ---- cancelling ----

  @Test
  void a_cancellation_waits_for_the_packet() {
    try (ScriptedRig rig = new ScriptedRig()) {
      Recorded receive = rig.receive(rig.kernel.open());
      rig.engine.cancel(receive);
      assertThat(receive.results).isEmpty();
      assertThat(receive.inFlight()).isTrue();
      assertThat(rig.await(receive)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void what_happened_before_the_cancellation_is_the_result() {
    try (ScriptedRig rig = new ScriptedRig()) {
      Recorded receive = rig.receive(rig.kernel.open());
      rig.kernel.end(rig.kernel.last(), 0, 3); // its packet is on the way: nothing to cancel
      rig.engine.cancel(receive);
      assertThat(rig.await(receive)).isEqualTo(3);
    }
  }

  @Test
  void a_call_that_the_kernel_did_not_find_and_went_on_with_is_asked_for_again() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.cancelFinds = false;
      Recorded send = rig.send(rig.kernel.open(), 64);
      rig.engine.cancel(send);
      assertThat(rig.engine.poll(1_000_000_000)).isFalse();
      assertThat(rig.kernel.lastMillis).as("for how long").isEqualTo(1);
      rig.kernel.cancelFinds = true;
      assertThat(rig.await(send)).isEqualTo(Operation.CANCELED);
      assertThat(rig.engine.poll(1_000_000_000)).isFalse();
      assertThat(rig.kernel.lastMillis).isEqualTo(1000);
    }
  }

  @Test
  void what_ended_at_once_is_not_cancelled_any_more() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.nextAnswer(5);
      Recorded send = rig.send(rig.kernel.open(), 5);
      rig.engine.cancel(send);
      assertThat(rig.await(send)).isEqualTo(5);
    }
  }

  @Test
  void a_cancelled_send_tells_how_much_was_sent() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.cancelFinds = false;
      Recorded send = rig.send(rig.kernel.open(), 64);
      rig.engine.cancel(send);
      rig.kernel.end(rig.kernel.last(), Windows.STATUS_CANCELLED(), 40);
      assertThat(rig.await(send)).isEqualTo(40);
    }
  }

  @Test
  void a_block_is_used_again_only_after_its_packet() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.cancelFinds = false;
      int socket = rig.kernel.open();
      Recorded first = rig.receive(socket);
      Call forgotten = rig.kernel.last();
      rig.engine.cancel(first);
      rig.settle();
      for (int i = 0; i < 200; i++) { // the kernel complains if it gets this OVERLAPPED
        Recorded other = rig.receive(socket);
        assertThat(rig.kernel.last().overlapped).isNotEqualTo(forgotten.overlapped);
        rig.kernel.end(rig.kernel.last(), 0, 1);
        assertThat(rig.await(other)).isEqualTo(1);
      }
      rig.kernel.end(forgotten, Windows.STATUS_CANCELLED(), 0);
      assertThat(rig.await(first)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void closing_ends_what_is_in_flight_whatever_its_status() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.cancelFinds = false; // the kernel takes its time, and the socket is closed first
      int socket = rig.kernel.open();
      Recorded receive = rig.receive(socket);
      rig.engine.cancel(receive);
      Recorded close = rig.close(socket);
      assertThat(rig.await(close)).isZero();
      assertThat(receive.result()).isEqualTo(Operation.CANCELED);
      assertThat(rig.await(rig.close(socket))).isEqualTo(-Windows.WSAEBADF());
    }
  }

  @Test
  void closing_the_engine_takes_the_last_word_on_everything() {
    ScriptedRig rig = new ScriptedRig();
    Recorded receive = rig.receive(rig.kernel.open());
    Recorded loaned = rig.receiveLoaned(rig.kernel.open());
    Recorded accept = rig.accept(rig.kernel.open());
    Recorded ready = rig.awaitReady(rig.kernel.open(), Operation.READABLE);
    rig.engine.close();
    assertThat(new Recorded[] {receive, loaned, accept, ready})
        .allMatch(each -> each.result() == Operation.CANCELED);
    assertThat(rig.kernel.openCount()).as("the four sockets").isEqualTo(4);
  }

  // ---- receiving into buffers of the engine ----

  @Test
  void an_idle_connection_holds_no_buffer() {
    try (ScriptedRig rig = new ScriptedRig()) {
      Recorded receive = rig.receiveLoaned(rig.kernel.open());
      assertThat(rig.kernel.last().lengths).containsExactly(0);
      rig.settle();
      assertThat(rig.engine.buffersLent()).isZero();

      rig.kernel.nextAnswer(9); // the second receive ends at once
      rig.kernel.end(rig.kernel.last(), 0, 0);
      rig.settle();
      assertThat(receive.results).containsExactly(9);
      assertThat(rig.kernel.last().lengths).as("idle again").containsExactly(0);
      rig.engine.cancel(receive);
      assertThat(rig.await(receive)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void a_full_buffer_is_followed_by_another_receive_and_no_probe() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.nextAnswer(0, ReceiveStock.BUFFER_BYTES, 3);
      Recorded receive = rig.receiveLoaned(rig.kernel.open());
      rig.settle();
      assertThat(receive.results).containsExactly(ReceiveStock.BUFFER_BYTES, 3);
      assertThat(rig.kernel.calls).hasSize(4);
      rig.kernel.nextAnswer(0); // the end of the stream
      rig.kernel.end(rig.kernel.last(), 0, 0);
      assertThat(rig.await(receive)).isZero();
    }
  }

  @Test
  void what_somebody_else_received_is_waited_for_with_the_buffer_at_hand() {
    try (ScriptedRig rig = new ScriptedRig()) {
      Recorded receive = rig.receiveLoaned(rig.kernel.open());
      rig.kernel.end(rig.kernel.last(), 0, 0);
      rig.settle();
      assertThat(rig.kernel.last().lengths).containsExactly(ReceiveStock.BUFFER_BYTES);
      assertThat(rig.engine.buffersLent()).isEqualTo(1);
      rig.engine.cancel(receive);
      assertThat(rig.await(receive)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void without_a_buffer_it_waits_for_one_and_can_be_cancelled() {
    try (ScriptedRig rig = new ScriptedRig(1)) {
      Recorded keeper = new Recorded(true);
      keeper.receiveLoaned(rig.kernel.open());
      rig.kernel.nextAnswer(0, 4);
      rig.submit(keeper);
      rig.settle();
      LoanedBuffer kept = keeper.kept.remove();
      assertThat(rig.engine.buffersAreScarce()).isTrue();

      rig.kernel.nextAnswer(0);
      Recorded waiting = rig.receiveLoaned(rig.kernel.open());
      rig.kernel.nextAnswer(0);
      Recorded cancelled = rig.receiveLoaned(rig.kernel.open());
      rig.settle();
      rig.engine.cancel(cancelled);
      assertThat(cancelled.results).isEmpty();
      assertThat(rig.await(cancelled)).isEqualTo(Operation.CANCELED);

      kept.release();
      rig.kernel.nextAnswer(6);
      rig.settle();
      assertThat(waiting.results).containsExactly(6);
      rig.engine.cancelAll();
      rig.settle();
    }
  }

  // ---- the other kinds ----

  @Test
  void a_connection_is_bound_first_and_finished_afterwards() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.bindResult = -Windows.WSAEINVAL(); // its owner has bound it
      Recorded connect = rig.connect(rig.kernel.open());
      rig.kernel.end(rig.kernel.last(), 0, 0);
      assertThat(rig.await(connect)).isZero();

      rig.kernel.bindResult = 0;
      rig.kernel.finishResult = -Windows.WSAENOTCONN();
      Recorded lost = rig.connect(rig.kernel.open());
      rig.kernel.end(rig.kernel.last(), 0, 0);
      assertThat(rig.await(lost)).isEqualTo(-Windows.WSAENOTCONN());

      rig.kernel.bindResult = -Windows.WSAENOBUFS();
      Recorded refused = rig.connect(rig.kernel.open());
      assertThat(rig.await(refused)).isEqualTo(-Windows.WSAENOBUFS());
    }
  }

  @Test
  void a_file_is_opened_once_more_and_closed_however_its_sending_ends() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int socket = rig.kernel.open();
      int file = rig.kernel.open();
      int open = rig.kernel.openCount();
      Recorded sent = rig.sendFile(socket, file, 990, 1 << 20);
      assertThat(rig.kernel.last().lengths).as("what is left of it").containsExactly(10);
      assertThat(rig.kernel.last().firstRange).as("offset").isEqualTo(990);
      rig.kernel.end(rig.kernel.last(), 0, 10);
      assertThat(rig.await(sent)).isEqualTo(10);
      assertThat(rig.await(rig.sendFile(socket, file, 1000, 1))).as("its end").isZero();
      assertThat(rig.await(rig.sendFile(socket, file, 2000, 1))).as("beyond").isZero();
      rig.kernel.nextAnswer(5);
      assertThat(rig.await(rig.sendFile(socket, file, 0, 5))).isEqualTo(5);
      rig.kernel.nextAnswer(-Windows.WSAECONNRESET());
      assertThat(rig.await(rig.sendFile(socket, file, 0, 5))).isEqualTo(-Windows.WSAECONNRESET());
      Recorded cancelled = rig.sendFile(socket, file, 0, 5);
      rig.engine.cancel(cancelled);
      assertThat(rig.await(cancelled)).isEqualTo(Operation.CANCELED);
      assertThat(rig.kernel.openCount()).isEqualTo(open);
    }
  }

  @Test
  void a_gathering_send_is_cut_where_the_kernel_would_keep_too_much() {
    try (ScriptedRig rig = new ScriptedRig()) {
      MemorySegment memory = rig.memory(8);
      int count = Ranges.MAX_COUNT + 5;
      long[] starts = new long[count];
      int[] lengths = new int[count];
      for (int i = 0; i < count; i++) {
        starts[i] = memory.address();
        lengths[i] = i == 1 ? Ranges.MAX_BYTES : 3;
      }
      Recorded send = new Recorded();
      send.sendGather(rig.kernel.open(), starts, lengths, count);
      rig.kernel.nextAnswer(Ranges.MAX_BYTES);
      rig.submit(send);
      Call call = rig.kernel.last();
      assertThat(call.lengths).hasSize(Ranges.MAX_COUNT).startsWith(3, Ranges.MAX_BYTES - 3, 0);
      assertThat(rig.await(send)).isEqualTo(Ranges.MAX_BYTES);
    }
  }

  @Test
  void readiness_is_what_the_driver_says() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int socket = rig.kernel.open();
      Recorded readable = rig.awaitReady(socket, Operation.READABLE);
      rig.kernel.ready(rig.kernel.last(), Windows.AFD_POLL_DISCONNECT());
      assertThat(rig.await(readable)).isEqualTo(Operation.READABLE);
      Recorded writable = rig.awaitReady(socket, Operation.WRITABLE);
      rig.kernel.ready(rig.kernel.last(), Windows.AFD_POLL_SEND());
      assertThat(rig.await(writable)).isEqualTo(Operation.WRITABLE);
      Recorded failed = rig.awaitReady(socket, Operation.WRITABLE);
      rig.kernel.ready(rig.kernel.last(), Windows.AFD_POLL_CONNECT_FAIL());
      assertThat(rig.await(failed)).isEqualTo(Operation.WRITABLE);
      Recorded closed = rig.awaitReady(socket, Operation.READABLE);
      rig.kernel.ready(rig.kernel.last(), Windows.AFD_POLL_LOCAL_CLOSE());
      assertThat(rig.await(closed)).isEqualTo(-Windows.WSAEBADF());
      assertThat(rig.kernel.file(socket).port).as("no need of it").isZero();
      Recorded nothing = rig.awaitReady(2_000_000, Operation.READABLE);
      assertThat(rig.await(nothing)).isEqualTo(-Windows.WSAEBADF());
    }
  }

  @Test
  void low_27_a_provider_that_hides_the_socket_is_an_error_that_says_so() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.beneathResult = -Windows.WSAEOPNOTSUPP();
      Recorded ready = new Recorded();
      ready.awaitReady(rig.kernel.open(), Operation.READABLE);
      assertThatIllegalStateException()
          .isThrownBy(() -> rig.engine.submit(ready))
          .withMessageContaining("SIO_BASE_HANDLE");
      assertThat(ready.inFlight()).isFalse();
    }
  }
}
