package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.Recorded;
import io.triad.platform.windows.ScriptedKernel.Call;
import io.triad.platform.windows.ffi.Windows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Accepting: sockets made before, connections that come at once, and what is left over. */
@Timeout(60)
final class AcceptorTest {
  private static void closeAll(ScriptedRig rig, Recorded accept) {
    accept.results.stream().filter(each -> each >= 0).forEach(rig.kernel::close);
  }

  @Test
  void a_few_stand_ready_each_is_replaced_and_the_rest_is_closed() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int listener = rig.kernel.open();
      int before = rig.kernel.openCount();
      Recorded accept = rig.accept(listener);
      int standing = rig.kernel.pending().size();
      assertThat(standing).isGreaterThan(1);
      assertThat(rig.engine.operationsInFlight()).isEqualTo(1);
      Call taken = rig.kernel.pending().getFirst();
      rig.kernel.end(taken, 0, 0);
      rig.settle();
      assertThat(accept.results).containsExactly(taken.other);
      assertThat(rig.kernel.pending()).hasSize(standing);

      rig.engine.cancel(accept);
      assertThat(accept.inFlight()).isTrue();
      assertThat(rig.await(accept)).isEqualTo(Operation.CANCELED);
      closeAll(rig, accept);
      assertThat(rig.kernel.openCount()).isEqualTo(before);
    }
  }

  @Test
  void connections_that_are_there_already_come_at_once_and_by_poll() {
    for (boolean ownHandles : new boolean[] {true, false}) {
      try (ScriptedRig rig = new ScriptedRig()) {
        rig.kernel.ownHandles = ownHandles;
        rig.kernel.nextAnswer(0, 0, 0, 0, 0, 0);
        Recorded accept = rig.accept(rig.kernel.open());
        assertThat(accept.results).isEmpty();
        rig.settle();
        assertThat(accept.results).hasSize(6).doesNotHaveDuplicates();
        rig.engine.cancel(accept);
        assertThat(rig.await(accept)).isEqualTo(Operation.CANCELED);
        closeAll(rig, accept);
      }
    }
  }

  @Test
  void what_was_accepted_when_it_was_cancelled_is_delivered() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.nextAnswer(0); // one at once, one whose packet is on its way
      Recorded accept = rig.accept(rig.kernel.open());
      rig.kernel.end(rig.kernel.pending().getFirst(), 0, 0);
      rig.engine.cancel(accept);
      rig.settle();
      assertThat(accept.results).hasSize(3);
      assertThat(accept.result()).isEqualTo(Operation.CANCELED);
      closeAll(rig, accept);
    }
  }

  @Test
  void a_connection_that_was_lost_before_it_was_taken_is_not_worth_a_word() {
    try (ScriptedRig rig = new ScriptedRig()) {
      rig.kernel.nextAnswer(-Windows.WSAECONNRESET());
      int listener = rig.kernel.open();
      int before = rig.kernel.openCount();
      Recorded accept = rig.accept(listener);
      int standing = rig.kernel.pending().size();
      rig.kernel.end(rig.kernel.pending().getFirst(), Windows.STATUS_CONNECTION_RESET(), 0);
      rig.settle();
      assertThat(accept.results).isEmpty();
      assertThat(rig.kernel.pending()).hasSize(standing);
      assertThat(rig.kernel.openCount()).as("one each").isEqualTo(before + standing);
      rig.engine.cancel(accept);
      assertThat(rig.await(accept)).isEqualTo(Operation.CANCELED);
    }
  }

  @Test
  void an_error_ends_it_after_the_last_packet_of_all() {
    try (ScriptedRig rig = new ScriptedRig()) {
      int listener = rig.kernel.open();
      int before = rig.kernel.openCount();
      Recorded accept = rig.accept(listener);
      rig.kernel.end(rig.kernel.pending().getFirst(), Windows.STATUS_INSUFFICIENT_RESOURCES(), 0);
      assertThat(rig.await(accept)).isEqualTo(-Windows.WSAENOBUFS());
      assertThat(rig.kernel.openCount()).isEqualTo(before);

      rig.kernel.nextAnswer(-Windows.WSAEINVAL());
      Recorded refused = rig.accept(listener); // does not listen
      assertThat(refused.results).isEmpty();
      assertThat(rig.await(refused)).isEqualTo(-Windows.WSAEINVAL());
      assertThat(rig.await(rig.accept(2_000_000))).isEqualTo(-Windows.WSAEBADF());
    }
  }

  @Test
  void a_handler_may_cancel_it() {
    try (ScriptedRig rig = new ScriptedRig()) {
      Recorded accept =
          new Recorded() {
            @Override
            protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
              super.completed(result, more, buffer);
              if (more) {
                rig.engine.cancel(this);
              }
            }
          };
      accept.accept(rig.kernel.open());
      rig.submit(accept);
      rig.kernel.end(rig.kernel.pending().getFirst(), 0, 0);
      assertThat(rig.await(accept)).isEqualTo(Operation.CANCELED);
      assertThat(accept.results).hasSize(2);
      closeAll(rig, accept);
    }
  }
}
