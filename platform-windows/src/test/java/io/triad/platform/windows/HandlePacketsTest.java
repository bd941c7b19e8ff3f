package io.triad.platform.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.engine.CompletionPort;
import io.triad.engine.Operation;
import io.triad.platform.windows.ffi.Windows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Packets of the program's own handles. */
@Timeout(60)
final class HandlePacketsTest {
  private final List<Integer> results = new ArrayList<>();
  private final ScriptedRig rig = new ScriptedRig();
  private CompletionPort port;
  private int handle;
  private long overlapped;

  @BeforeEach
  void open() {
    CompletionPort facility = rig.engine.facility(CompletionPort.class);
    assertThat(facility).isNotNull();
    port = facility;
    handle = rig.kernel.open();
    assertThat(port.associate(handle)).isZero();
    overlapped = rig.memory(32).address();
  }

  private void begin() {
    assertThat(rig.kernel.readFile(handle, 0, 1, overlapped))
        .isEqualTo(io.triad.platform.windows.ffi.PortCalls.PENDING);
  }

  @Test
  void low_24_the_end_of_a_call_comes_to_the_one_who_waits_for_it() {
    begin();
    assertThat(port.await(handle, overlapped, results::add)).isTrue();
    assertThat(port.await(handle, overlapped, results::add)).as("a second one").isFalse();
    assertThat(rig.engine.operationsInFlight()).isEqualTo(1);
    rig.kernel.end(rig.kernel.last(), 0, 12);
    rig.settle();
    assertThat(results).containsExactly(12);
    rig.close();
  }

  @Test
  void a_packet_that_came_early_is_kept() {
    begin();
    rig.kernel.end(rig.kernel.last(), 0, 12);
    rig.settle();
    assertThat(port.await(handle, overlapped, results::add)).isTrue();
    assertThat(results).isEmpty();
    rig.settle();
    assertThat(results).containsExactly(12);
    rig.close();
  }

  @Test
  void low_24_a_cancellation_is_a_question_and_the_kernel_answers() {
    begin();
    port.await(handle, overlapped, results::add);
    port.cancel(overlapped);
    assertThat(results).isEmpty();
    rig.settle();
    assertThat(results).containsExactly(Operation.CANCELED);

    begin();
    port.await(handle, overlapped, results::add);
    rig.kernel.end(rig.kernel.last(), 0, 12);
    port.cancel(overlapped); // too late
    rig.settle();
    assertThat(results).containsExactly(Operation.CANCELED, 12);

    begin();
    port.await(handle, overlapped, results::add);
    rig.kernel.end(rig.kernel.last(), Windows.STATUS_PIPE_BROKEN(), 0);
    rig.settle();
    assertThat(results).last().isEqualTo(-317); // what the system calls it
    rig.close();
  }

  @Test
  void low_23_what_nobody_associated_is_found_out_when_it_is_cancelled() {
    int other = rig.kernel.open();
    rig.memory(32);
    port.await(other, overlapped, results::add); // the call has ended, and nobody told the port
    port.cancel(overlapped);
    rig.settle();
    assertThat(results).containsExactly(CompletionPort.NO_PACKET);
    rig.close();
  }

  @Test
  void a_slow_cancellation_is_waited_for() {
    begin();
    port.await(handle, overlapped, results::add);
    rig.kernel.cancelSlowly = true;
    port.cancel(overlapped);
    rig.settle();
    assertThat(results).isEmpty();
    rig.kernel.end(rig.kernel.last(), Windows.STATUS_CANCELLED(), 0);
    rig.settle();
    assertThat(results).containsExactly(Operation.CANCELED);
    rig.close();
  }

  @Test
  void low_26_a_key_of_ones_own_gets_its_packets_until_it_is_closed() {
    List<String> seen = new ArrayList<>();
    long key = port.openKey((address, bytes) -> seen.add(address + ":" + bytes));
    long other = port.openKey((address, bytes) -> seen.add("other"));
    assertThat(other).isNotEqualTo(key);
    rig.kernel.post(port.handle(), 7, key, 11);
    rig.settle();
    assertThat(seen).containsExactly("11:7");
    port.closeKey(key);
    assertThatIllegalArgumentException().isThrownBy(() -> port.closeKey(key));
    rig.kernel.post(port.handle(), 8, key, 12);
    rig.settle();
    assertThat(seen).hasSize(1);
    rig.close();
  }

  @Test
  void the_end_of_the_run_cancels_who_still_waits() {
    begin();
    port.await(handle, overlapped, results::add);
    rig.engine.close();
    assertThat(results).containsExactly(Operation.CANCELED);
  }
}
