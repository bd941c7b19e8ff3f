package io.triad.lowlevel;

import static io.triad.testkit.Tasks.assertCancelPoint;
import static io.triad.testkit.Tasks.inNursery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Task;
import io.triad.Triad;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ParkingLotTest {
  private final ParkingLot lot = new ParkingLot();
  private final ParkingLot other = new ParkingLot();
  private final List<String> steps = new ArrayList<>();
  private final List<CancelScope> scopes = new ArrayList<>();

  private void parkTasks(Nursery nursery, int count) {
    for (int i = 0; i < count; i++) {
      String name = "task " + i;
      CancelScope scope = new CancelScope();
      scopes.add(scope);
      nursery.startSoon(name, () -> {
        scope.enter(_ -> lot.park());
        steps.add(scope.cancelledCaught() ? name + " cancelled" : name);
      });
      Settling.waitAllTasksBlocked();
    }
  }

  private static List<String> names(List<Task> tasks) {
    return tasks.stream().map(Task::name).toList();
  }

  @Test
  void low_31_low_32_parkers_go_on_first_in_first_out() {
    inNursery(
        nursery -> {
          parkTasks(nursery, 5);
          assertThat(names(lot.unpark())).containsExactly("task 0");
          assertThat(names(lot.unpark(2))).containsExactly("task 1", "task 2");
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("task 0", "task 1", "task 2");
          assertThat(lot.unpark(0)).isEmpty();
          assertThat(names(lot.unpark(100))).containsExactly("task 3", "task 4");
          assertThat(lot.unpark()).isEmpty();
          assertThat(lot.unparkAll()).isEmpty();
        });

    assertThat(steps).containsExactly("task 0", "task 1", "task 2", "task 3", "task 4");
  }

  @Test
  void low_32_unpark_all_wakes_and_returns_everybody() {
    inNursery(
        nursery -> {
          parkTasks(nursery, 3);
          List<Task> woken = new ArrayList<>();
          Checkpoints.assertNoCheckpoints(() -> woken.addAll(lot.unparkAll()));
          assertThat(names(woken)).containsExactly("task 0", "task 1", "task 2");
          assertThat(lot.isEmpty()).isTrue();
        });

    assertThat(steps).containsExactly("task 0", "task 1", "task 2");
  }

  @Test
  void low_31_a_cancelled_parker_leaves_the_queue() {
    inNursery(
        nursery -> {
          parkTasks(nursery, 3);
          scopes.get(1).cancel();
          assertThat(lot.size()).isEqualTo(2);
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("task 1 cancelled");
          assertThat(names(lot.unparkAll())).containsExactly("task 0", "task 2");
        });

    assertThat(steps).containsExactly("task 1 cancelled", "task 0", "task 2");
  }

  @Test
  void low_31_who_was_unparked_before_the_cancellation_was_not_cancelled() {
    inNursery(
        nursery -> {
          parkTasks(nursery, 1);
          lot.unpark();
          scopes.getFirst().cancel();
        });

    assertThat(steps).containsExactly("task 0");
  }

  @Test
  void low_31_parking_in_a_cancelled_scope_leaves_nobody_behind() {
    Triad.run(
        () -> {
          assertCancelPoint(lot::park);
          assertThat(lot.isEmpty()).isTrue();
        });
  }

  @Test
  void low_33_parkers_are_moved_in_order() {
    inNursery(
        nursery -> {
          parkTasks(nursery, 6);
          lot.repark(other);
          lot.repark(other, 2);
          assertThat(lot.size()).isEqualTo(3);
          assertThat(other.size()).isEqualTo(3);
          lot.repark(other, 0);
          lot.reparkAll(other);
          lot.reparkAll(other);
          assertThat(lot.isEmpty()).isTrue();
          Settling.waitAllTasksBlocked();
          assertThat(steps).as("nobody was woken").isEmpty();
          assertThat(lot.unparkAll()).isEmpty();
          assertThat(names(other.unpark(5)))
              .containsExactly("task 0", "task 1", "task 2", "task 3", "task 4");
          other.unpark();
        });

    assertThat(steps)
        .containsExactly("task 0", "task 1", "task 2", "task 3", "task 4", "task 5");
  }

  @Test
  void low_33_who_was_moved_is_cancelled_out_of_the_new_lot() {
    inNursery(
        nursery -> {
          parkTasks(nursery, 3);
          lot.repark(other, 2);
          scopes.getFirst().cancel();
          scopes.getLast().cancel();
          assertThat(lot.size()).isZero();
          assertThat(other.size()).isEqualTo(1);
          Settling.waitAllTasksBlocked();
          other.unparkAll();
        });

    assertThat(steps).containsExactly("task 0 cancelled", "task 2 cancelled", "task 1");
  }

  @Test
  void low_33_moving_to_the_same_lot_sends_to_its_end() {
    inNursery(
        nursery -> {
          parkTasks(nursery, 3);
          lot.repark(lot, 2);
          assertThat(names(lot.unparkAll())).containsExactly("task 2", "task 0", "task 1");
        });
  }

  @Test
  void low_34_a_lot_tells_its_length() {
    assertThat(lot.isEmpty()).isTrue();
    assertThat(lot).hasToString("ParkingLot, 0 waiting");
    inNursery(
        nursery -> {
          parkTasks(nursery, 2);
          assertThat(lot.size()).isEqualTo(2);
          assertThat(lot.isEmpty()).isFalse();
          assertThat(lot.statistics()).isEqualTo(new ParkingLot.Statistics(2));
          assertThat(lot).hasToString("ParkingLot, 2 waiting");
          lot.unparkAll();
          assertThat(lot.statistics().tasksWaiting()).isZero();
        });
  }

  @Test
  void low_32_low_33_bad_arguments_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> lot.unpark(-1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException().isThrownBy(() -> lot.repark(other, -1));
    assertThatNullPointerException().isThrownBy(() -> lot.repark(null));
    assertThatNullPointerException().isThrownBy(() -> lot.reparkAll(null));
    assertThatIllegalStateException().isThrownBy(lot::park);
    assertThat(lot.isEmpty()).isTrue();
  }
}
