package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ReadyQueueTest {

  /** Positive numbers add that many, negative ones remove that many or as many as there are. */
  @Property(seed = "1", tries = 200)
  void first_in_is_first_out_however_often_the_ring_wraps_and_grows(
      @ForAll @Size(max = 60) List<@IntRange(min = -300, max = 300) Integer> steps) {
    ReadyQueue queue = new ReadyQueue();
    Deque<Object> model = new ArrayDeque<>();
    for (int step : steps) {
      for (int i = 0; i < step; i++) {
        Object entry = new Object();
        queue.add(entry);
        model.add(entry);
      }
      for (int i = Math.min(-step, model.size()); i > 0; i--) {
        assertThat(queue.remove()).isSameAs(model.remove());
      }
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
    }
    while (!model.isEmpty()) {
      assertThat(queue.remove()).isSameAs(model.remove());
    }
  }

  @Test
  @Timeout(30)
  void it_grows_while_its_contents_wrap_round_the_end() {
    ReadyQueue queue = new ReadyQueue();
    for (int i = 0; i < 200; i++) {
      queue.add(i);
    }
    for (int i = 0; i < 200; i++) {
      assertThat(queue.remove()).isEqualTo(i);
    }
    for (int i = 0; i < 10_000; i++) {
      queue.add(i);
    }
    for (int i = 0; i < 10_000; i++) {
      assertThat(queue.remove()).isEqualTo(i);
    }
    assertThat(queue.isEmpty()).isTrue();
  }
}
