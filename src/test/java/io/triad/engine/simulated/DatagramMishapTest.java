package io.triad.engine.simulated;

import static io.triad.engine.NonBlockingCalls.AGAIN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.engine.EngineRig;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Recorded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Datagrams are lost, doubled and overtaken when that is wanted, and by the seed. */
@Timeout(60)
final class DatagramMishapTest {
  private static final List<Integer> IN_ORDER = IntStream.range(0, 100).boxed().toList();

  /** Sends the numbers from 0 to 99; what arrives. */
  private static List<Integer> sent(long seed, Conditions conditions) {
    World world = World.virtual(seed, conditions, 1000);
    try (EngineRig rig = new EngineRig(world.platform()); Arena arena = Arena.ofConfined()) {
      NonBlockingCalls calls = rig.platform.calls();
      int[] ends = new int[2];
      for (int i = 0; i < 2; i++) {
        ends[i] = rig.check(calls.socket(Endpoint.AF_INET, Constants.SOCK_DGRAM, 0, true));
        rig.own(ends[i]);
        rig.check(rig.bind(ends[i], "127.0.0.1", 0));
      }
      Recorded connect = rig.connect(ends[0], "127.0.0.1", rig.port(ends[1]));
      rig.check(rig.await(connect));
      MemorySegment memory = arena.allocate(1);
      for (int number : IN_ORDER) {
        memory.set(JAVA_BYTE, 0, (byte) number);
        assertThat(calls.send(ends[0], memory.address(), 1, 0)).isEqualTo(1);
      }
      rig.settle();
      List<Integer> arrived = new ArrayList<>();
      while (calls.receive(ends[1], memory.address(), 1, 0) != AGAIN) {
        arrived.add((int) memory.get(JAVA_BYTE, 0));
      }
      return arrived;
    }
  }

  @Test
  void without_mishaps_all_arrive_in_order_however_late() {
    assertThat(sent(1, Conditions.CALM)).isEqualTo(IN_ORDER);
    assertThat(sent(1, Conditions.CALM.withDelay(5_000_000))).isEqualTo(IN_ORDER);
  }

  @Test
  void some_are_lost_and_the_others_are_in_order() {
    List<Integer> arrived = sent(2, Conditions.CALM.with(Mishap.DATAGRAM_LOSS, 0.3));
    assertThat(arrived).hasSizeBetween(40, 95).isSorted().isSubsetOf(IN_ORDER);
    assertThat(sent(2, Conditions.CALM.with(Mishap.DATAGRAM_LOSS, 1))).isEmpty();
  }

  @Test
  void some_arrive_twice() {
    List<Integer> arrived = sent(3, Conditions.CALM.with(Mishap.DATAGRAM_DUPLICATION, 0.3));
    assertThat(arrived).hasSizeGreaterThan(105).containsAll(IN_ORDER).isSorted();
  }

  @Test
  void some_are_overtaken_even_where_nothing_takes_time() {
    for (long delay : new long[] {0, 1_000_000}) {
      List<Integer> arrived =
          sent(4, Conditions.CALM.withDelay(delay).with(Mishap.DATAGRAM_REORDERING, 0.3));
      assertThat(arrived).containsExactlyInAnyOrderElementsOf(IN_ORDER);
      assertThat(arrived).isNotEqualTo(IN_ORDER);
    }
  }

  @Test
  void the_seed_decides() {
    Conditions bad =
        Conditions.CALM
            .withDelay(1_000_000)
            .with(Mishap.DATAGRAM_LOSS, 0.2)
            .with(Mishap.DATAGRAM_DUPLICATION, 0.2)
            .with(Mishap.DATAGRAM_REORDERING, 0.2);
    assertThat(sent(5, bad)).isEqualTo(sent(5, bad)).isNotEqualTo(sent(6, bad));
  }
}
