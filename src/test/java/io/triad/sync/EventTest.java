package io.triad.sync;

import static io.triad.testkit.Tasks.assertCancelPoint;
import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.startInScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.CancelScope;
import io.triad.Triad;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class EventTest {
  private final Event event = new Event();
  private final List<String> steps = new ArrayList<>();

  private void waitAndNote(String step) {
    event.await();
    steps.add(step);
  }

  @Test
  void core_62_set_wakes_everybody_in_the_order_of_arrival() {
    inNursery(
        nursery -> {
          for (int i = 0; i < 4; i++) {
            String step = "task " + i;
            nursery.startSoon(() -> waitAndNote(step));
          }
          Triad.checkpoint();
          assertThat(event.statistics().tasksWaiting()).isEqualTo(4);
          assertThat(event).hasToString("Event, 4 waiting");
          assertThat(event.isSet()).isFalse();
          Triad.checkpoint();
          assertThat(steps).isEmpty();

          event.set();
          assertThat(event.isSet()).isTrue();
          assertThat(event.statistics()).isEqualTo(new Event.Statistics(0));
          assertThat(event).hasToString("Event, set");
        });

    assertThat(steps).containsExactly("task 0", "task 1", "task 2", "task 3");
  }

  @Test
  void core_62_set_may_be_repeated() {
    inNursery(
        nursery -> {
          nursery.startSoon(
              () -> {
                waitAndNote("woken");
                Triad.checkpoint();
                steps.add("not disturbed");
              });
          Triad.checkpoint();
          event.set();
          event.set();
          Triad.checkpoint();
          event.set();
        });

    assertThat(steps).containsExactly("woken", "not disturbed");
    assertThat(event.isSet()).isTrue();
  }

  @Test
  void core_62_waiting_for_what_has_happened_is_only_a_checkpoint() {
    event.set();
    inNursery(
        nursery -> {
          nursery.startSoon(() -> steps.add("other task"));
          waitAndNote("after");
          assertCancelPoint(event::await);
        });

    assertThat(steps).containsExactly("other task", "after");
  }

  @Test
  void core_62_a_cancelled_waiter_is_no_longer_counted_nor_woken() {
    inNursery(
        nursery -> {
          CancelScope scope = new CancelScope();
          nursery.startSoon(
              () -> {
                scope.enter(_ -> event.await());
                steps.add("cancelled");
              });
          nursery.startSoon(() -> waitAndNote("woken"));
          Triad.checkpoint();
          scope.cancel();
          assertThat(event.statistics().tasksWaiting()).isEqualTo(1);
          event.set();
        });

    assertThat(steps).containsExactlyInAnyOrder("cancelled", "woken");
  }

  @Test
  void core_62_set_wins_over_a_cancellation_that_follows() {
    inNursery(
        nursery -> {
          CancelScope scope = startInScope(
              nursery,
              () -> {
                waitAndNote("woken");
                Triad.checkpoint();
                steps.add("not reached");
              });
          Triad.checkpoint();
          event.set();
          scope.cancel();
        });

    assertThat(steps).containsExactly("woken");
  }

  @Test
  void core_62_there_is_no_way_back() {
    assertThat(Stream.of(Event.class.getMethods()).map(Method::getName))
        .doesNotContain("clear", "reset", "unset");
  }

  @Test
  void core_62_waiting_outside_of_a_task_is_refused() {
    assertThatIllegalStateException().isThrownBy(event::await);
    assertThat(event.statistics().tasksWaiting()).isZero();
    event.set();
    assertThatIllegalStateException().isThrownBy(event::await);
  }
}
