package io.triad.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.Engine;
import io.triad.engine.EngineRig;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.Recorded;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each thing that may go wrong goes wrong when it is wanted, and looks as on a real system. */
@Timeout(60)
final class MishapTest {
  private static final long SEED = 5;

  private static World world(Conditions conditions) {
    return World.virtual(SEED, conditions, 1000);
  }

  private static EngineRig rig(Conditions conditions) {
    return new EngineRig(world(conditions).platform());
  }

  private static EngineRig rig(Mishap mishap, double probability) {
    return rig(Conditions.CALM.with(mishap, probability));
  }

  private static Recorded send(EngineRig rig, int descriptor, int count) {
    Recorded send = new Recorded();
    send.send(descriptor, rig.memory(new byte[count]).address(), count);
    return rig.submit(send);
  }

  private static Recorded receive(EngineRig rig, int descriptor, int count) {
    Recorded receive = new Recorded();
    receive.receive(descriptor, rig.memory(new byte[count]).address(), count);
    return rig.submit(receive);
  }

  private static Recorded accept(EngineRig rig, int listener) {
    Recorded accept = new Recorded();
    accept.accept(listener);
    return rig.submit(accept);
  }

  @Test
  void partial_transfers_move_a_part() {
    try (EngineRig rig = rig(Mishap.PARTIAL_TRANSFER, 1)) {
      int[] pair = rig.pair();
      int sent = rig.await(send(rig, pair[0], 10_000));
      assertThat(sent).isBetween(1, 9_999);
      rig.settle();
      assertThat(rig.await(receive(rig, pair[1], 10_000))).isBetween(1, sent - 1);
      Recorded loaned = new Recorded();
      loaned.receiveLoaned(pair[1]);
      rig.submit(loaned);
      rig.send(pair[0], new byte[1000]);
      rig.platform.shutdownSend(pair[0]);
      assertThat(rig.await(loaned)).isZero();
      assertThat(loaned.results).hasSizeGreaterThan(4);
    }
  }

  @Test
  void late_completions_overtake_each_other_but_not_within_a_stream() {
    Conditions late =
        Conditions.CALM.withDelay(1_000_000).with(Mishap.LATE_COMPLETION, 0.5);
    List<Integer> order = new ArrayList<>();
    try (EngineRig rig = rig(late)) {
      int[] pair = rig.pair();
      MemorySegment memory = rig.memory(new byte[2]);
      List<Recorded> all = new ArrayList<>();
      List<Integer> ofOneStream = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int number = i;
        Recorded each =
            new Recorded() {
              @Override
              protected void completed(
                  int result, boolean more, @Nullable LoanedBuffer buffer) {
                super.completed(result, more, buffer);
                order.add(number);
                if (kind() == Kind.SEND) {
                  ofOneStream.add(number);
                }
              }
            };
        if (i % 2 == 0) {
          each.send(pair[0], memory.address(), 2);
        } else {
          each.awaitReady(pair[0], Operation.WRITABLE);
        }
        all.add(rig.submit(each));
      }
      rig.until(() -> all.stream().allMatch(Recorded::ended), "all");
      assertThat(order).isNotEqualTo(order.stream().sorted().toList());
      assertThat(ofOneStream).isEqualTo(ofOneStream.stream().sorted().toList());
    }
  }

  @Test
  void a_late_cancellation_may_come_too_late_and_is_reported_after_further_passes() {
    Conditions late =
        Conditions.CALM.withDelay(1_000_000).with(Mishap.LATE_CANCELLATION, 1);
    List<Integer> results = new ArrayList<>();
    int passes = 0;
    try (EngineRig rig = rig(late)) {
      int[] pair = rig.pair();
      for (int i = 0; i < 30; i++) {
        Recorded receive = receive(rig, pair[0], 1);
        rig.engine.poll(0);
        rig.engine.cancel(receive);
        rig.engine.poll(0);
        if (!receive.ended()) {
          passes++;
        }
        send(rig, pair[1], 1);
        results.add(rig.await(receive));
        if (receive.result() == Operation.CANCELED) {
          rig.receive(pair[0], 1);
        }
        rig.settle();
      }
    }
    assertThat(results).contains(1, Operation.CANCELED);
    assertThat(passes).isGreaterThan(20);
  }

  @Test
  void an_early_start_happens_in_submit_and_is_delivered_by_poll() {
    try (EngineRig rig = rig(Mishap.EARLY_START, 1)) {
      int descriptor = rig.platform.openStreamSocket(false);
      Recorded close = new Recorded();
      close.close(descriptor);
      int before = rig.platform.openDescriptors();
      rig.submit(close);
      assertThat(rig.platform.openDescriptors()).isEqualTo(before - 1);
      assertThat(close.ended()).isFalse();
      assertThat(rig.await(close)).isZero();
    }
  }

  @Test
  void want_of_a_receive_buffer_delays_and_loses_nothing() {
    World world = world(Conditions.CALM.with(Mishap.NO_RECEIVE_BUFFER, 0.9));
    try (EngineRig rig = new EngineRig(world.platform())) {
      int[] pair = rig.pair();
      Recorded loaned = new Recorded();
      loaned.receiveLoaned(pair[0]);
      rig.submit(loaned);
      byte[] bytes = EngineRig.random(200_000);
      rig.send(pair[1], bytes);
      rig.platform.shutdownSend(pair[1]);
      assertThat(rig.await(loaned)).isZero();
      assertThat(loaned.bytes()).isEqualTo(bytes);
    }
    assertThat(world.lastTraceLines()).anyMatch(line -> line.contains("no buffer for RECEIVE"));
  }

  @Test
  void who_waits_for_a_receive_buffer_goes_on_when_one_is_given_back() {
    try (EngineRig rig = rig(Conditions.CALM.withReceiveBuffers(1))) {
      int[] first = rig.pair();
      int[] second = rig.pair();
      Recorded keeper = new Recorded(true);
      keeper.receiveLoaned(first[0]);
      rig.submit(keeper);
      Recorded starved = new Recorded();
      starved.receiveLoaned(second[0]);
      rig.submit(starved);
      rig.send(first[1], (byte) 1);
      rig.until(() -> keeper.kept.size() == 1, "the only buffer");
      rig.send(second[1], (byte) 2);
      rig.settle();
      assertThat(starved.results).isEmpty();
      assertThat(rig.engine.buffersLent()).isEqualTo(1);

      keeper.kept.remove().release();
      rig.until(() -> starved.results.size() == 1, "its turn");
      assertThat(starved.bytes()).containsExactly(2);
      rig.engine.cancelAll();
      rig.await(keeper);
      rig.await(starved);
    }
  }

  @Test
  void a_reset_breaks_both_ends() {
    try (EngineRig rig = rig(Mishap.RESET, 1)) {
      int[] pair = rig.pair();
      Recorded other = receive(rig, pair[1], 1);
      assertThat(rig.await(send(rig, pair[0], 1))).isEqualTo(1);
      assertThat(rig.nameOf(rig.await(other))).isEqualTo("ECONNRESET");
      assertThat(rig.nameOf(rig.receiveOne(pair[0]))).isEqualTo("ECONNRESET");
    }
  }

  @Test
  void an_aborted_connection_is_an_error_of_accept_and_the_listener_goes_on() {
    try (EngineRig rig = rig(Mishap.ABORTED, 1)) {
      int listener = rig.listen("127.0.0.1", 5);
      for (int i = 0; i < 2; i++) {
        int client = rig.socket(false);
        assertThat(rig.await(rig.connect(client, "127.0.0.1", rig.port(listener)))).isZero();
        assertThat(rig.nameOf(rig.await(accept(rig, listener)))).isEqualTo("ECONNABORTED");
        assertThat(rig.nameOf(rig.receiveOne(client))).isEqualTo("ECONNRESET");
      }
    }
  }

  private static String connectWith(Mishap mishap) {
    try (EngineRig rig = rig(mishap, 1)) {
      int listener = rig.listen("127.0.0.1", 5);
      return rig.nameOf(
          rig.await(rig.connect(rig.socket(false), "127.0.0.1", rig.port(listener))));
    }
  }

  @Test
  void attempts_to_connect_fail_although_somebody_listens() {
    assertThat(connectWith(Mishap.REFUSED)).isEqualTo("ECONNREFUSED");
    assertThat(connectWith(Mishap.UNREACHABLE)).isEqualTo("EHOSTUNREACH");
    World world = world(Conditions.CALM.with(Mishap.UNANSWERED, 1));
    try (EngineRig rig = new EngineRig(world.platform())) {
      int listener = rig.listen("127.0.0.1", 5);
      Recorded connect = rig.connect(rig.socket(false), "127.0.0.1", rig.port(listener));
      while (!connect.ended()) {
        rig.engine.poll(Engine.FOREVER);
      }
      assertThat(rig.nameOf(connect.result())).isEqualTo("ETIMEDOUT");
      assertThat(world.now()).isEqualTo(127_000_000_000L);
    }
  }

  @Test
  void new_sockets_are_refused_for_want_of_descriptors_or_memory() {
    try (EngineRig rig = rig(Mishap.NO_DESCRIPTOR, 1)) {
      assertThat(rig.nameOf(rig.platform.openStreamSocket(true))).isEqualTo("EMFILE");
    }
    try (EngineRig rig = rig(Mishap.NO_MEMORY, 1)) {
      assertThat(rig.nameOf(rig.platform.openStreamSocket(true))).isEqualTo("ENOBUFS");
    }
  }

  @Test
  void without_a_descriptor_a_connection_waits_to_be_accepted() {
    try (EngineRig rig = rig(Conditions.CALM.withDescriptors(3))) {
      int listener = rig.listen("127.0.0.1", 5);
      int client = rig.socket(false);
      int filler = rig.socket(false);
      assertThat(rig.nameOf(rig.platform.openStreamSocket(false))).isEqualTo("EMFILE");
      assertThat(rig.await(rig.connect(client, "127.0.0.1", rig.port(listener)))).isZero();
      for (int i = 0; i < 3; i++) {
        assertThat(rig.nameOf(rig.await(accept(rig, listener)))).isEqualTo("EMFILE");
      }
      rig.close(filler);
      int server = rig.accept(listener);
      rig.send(client, (byte) 1);
      assertThat(rig.receive(server, 1)).containsExactly(1);
    }
  }
}
