package io.triad.lowlevel;

import static io.triad.testkit.Tasks.inNursery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.triad.BrokenLockException;
import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Task;
import io.triad.Triad;
import io.triad.sync.Event;
import io.triad.testing.Settling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ParkingLotBreakingTest {
  private final ParkingLot lot = new ParkingLot();
  private final Event end = new Event();
  private final List<String> steps = new ArrayList<>();

  private static Task start(Nursery nursery, String name, Event end) {
    return nursery.start(
        name,
        status -> {
          status.started(Triad.currentTask());
          end.await();
        });
  }

  private void startParker(Nursery nursery, String name) {
    nursery.startSoon(name, () -> {
      try {
        lot.park();
        steps.add(name + " unparked");
      } catch (BrokenLockException broken) {
        steps.add(name + ": " + broken.getMessage());
      }
    });
    Settling.waitAllTasksBlocked();
  }

  @Test
  void low_35_breaking_wakes_the_parkers_and_refuses_later_ones() {
    inNursery(
        nursery -> {
          startParker(nursery, "first");
          startParker(nursery, "second");
          lot.breakLot();
          assertThat(lot.isEmpty()).isTrue();
          Settling.waitAllTasksBlocked();
          assertThat(steps)
              .containsExactly(
                  "first: the parking lot was broken by main",
                  "second: the parking lot was broken by main");
          assertThatExceptionOfType(BrokenLockException.class).isThrownBy(lot::park)
              .withMessageContaining("[main]");
          assertThat(lot.unparkAll()).isEmpty();
          assertThat(lot).hasToString("ParkingLot, broken by [main]");
        });
  }

  @Test
  void low_35_every_task_that_broke_it_is_remembered() {
    inNursery(
        nursery -> {
          Task child = start(nursery, "child", end);
          assertThat(lot.brokenBy()).isEmpty();
          lot.breakLot();
          lot.breakLot(child);
          lot.breakLot();
          end.set();
          Task main = Triad.currentTask();
          assertThat(lot.brokenBy()).containsExactly(main, child, main);
          assertThatNullPointerException().isThrownBy(() -> lot.breakLot(null));
        });
  }

  @Test
  void low_35_who_was_unparked_before_goes_on() {
    inNursery(
        nursery -> {
          startParker(nursery, "lucky");
          startParker(nursery, "unlucky");
          lot.unpark();
          lot.breakLot();
        });

    assertThat(steps)
        .containsExactly("lucky unparked", "unlucky: the parking lot was broken by main");
  }

  @Test
  void low_33_low_35_who_is_moved_to_a_broken_lot_is_told() {
    ParkingLot broken = new ParkingLot();
    inNursery(
        nursery -> {
          broken.breakLot();
          startParker(nursery, "moved");
          startParker(nursery, "left");
          lot.repark(broken);
          assertThat(broken.isEmpty()).isTrue();
          Settling.waitAllTasksBlocked();
          assertThat(steps)
              .containsExactly("moved: the parking lot was broken by main");
          lot.unpark();
        });
  }

  @Test
  void low_35_a_task_may_break_the_lot_in_the_name_of_a_parker() {
    inNursery(
        nursery -> {
          Task parker =
              nursery.start(
                  "parker",
                  status -> {
                    status.started(Triad.currentTask());
                    assertThatExceptionOfType(BrokenLockException.class)
                        .isThrownBy(lot::park)
                        .withMessageContaining("parker");
                    steps.add("told");
                  });
          Settling.waitAllTasksBlocked();
          lot.breakLot(parker);
        });

    assertThat(steps).containsExactly("told");
  }

  @Test
  void low_36_the_lot_breaks_when_its_breaker_ends() {
    inNursery(
        nursery -> {
          Task breaker = start(nursery, "breaker", end);
          lot.addBreaker(breaker);
          startParker(nursery, "parker");
          end.set();
          Settling.waitAllTasksBlocked();
          assertThat(lot.brokenBy()).containsExactly(breaker);
        });

    assertThat(steps).containsExactly("parker: the parking lot was broken by breaker");
  }

  @Test
  void low_36_a_cancelled_or_failed_breaker_breaks_it_as_well() {
    Triad.run(
        () -> {
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> Nursery.open(
                  nursery -> {
                    lot.addBreaker(start(nursery, "breaker", end));
                    scope.cancel();
                  }));
          assertThat(lot.brokenBy()).extracting(Task::name).containsExactly("breaker");
        });
  }

  @Test
  void low_36_several_breakers_each_leave_their_name() {
    Triad.run(
        () -> {
          List<Task> tasks = new ArrayList<>();
          Nursery.open(
              nursery -> {
                for (int i = 0; i < 3; i++) {
                  tasks.add(start(nursery, "breaker " + i, end));
                  lot.addBreaker(tasks.getLast());
                }
                lot.addBreaker(tasks.getFirst());
                end.set();
              });
          tasks.add(tasks.getFirst());
          assertThat(lot.brokenBy()).containsExactlyInAnyOrderElementsOf(tasks);
        });
  }

  @Test
  void low_36_each_registration_is_taken_back_by_itself() {
    Triad.run(
        () -> {
          Nursery.open(
              nursery -> {
                Task task = start(nursery, "task", end);
                lot.addBreaker(task);
                lot.addBreaker(task);
                lot.removeBreaker(task);
                lot.removeBreaker(task);
                assertThatIllegalStateException().isThrownBy(() -> lot.removeBreaker(task))
                    .withMessageContaining("no breaker of this lot");
                end.set();
              });
          assertThat(lot.brokenBy()).isEmpty();
        });
  }

  @Test
  void low_36_one_registration_that_is_left_breaks_the_lot() {
    Triad.run(
        () -> {
          ParkingLot untouched = new ParkingLot();
          Nursery.open(
              nursery -> {
                Task task = start(nursery, "task", end);
                lot.addBreaker(task);
                untouched.addBreaker(task);
                lot.addBreaker(task);
                lot.removeBreaker(task);
                untouched.removeBreaker(task);
                end.set();
              });
          assertThat(lot.brokenBy()).hasSize(1);
          assertThat(untouched.brokenBy()).isEmpty();
        });
  }

  @Test
  void low_36_unknown_and_finished_breakers_are_errors() {
    Triad.run(
        () -> {
          List<Task> tasks = new ArrayList<>();
          Nursery.open(
              nursery -> {
                tasks.add(start(nursery, "ended", end));
                assertThatIllegalStateException()
                    .isThrownBy(() -> lot.removeBreaker(tasks.getFirst()));
                end.set();
              });
          assertThatExceptionOfType(BrokenLockException.class)
              .isThrownBy(() -> lot.addBreaker(tasks.getFirst()))
              .withMessageContaining("ended already");
          assertThat(lot.brokenBy()).isEmpty();
          lot.breakLot(tasks.getFirst());
          assertThat(lot.brokenBy()).isEqualTo(tasks);
          assertThatNullPointerException().isThrownBy(() -> lot.addBreaker(null));
          assertThatNullPointerException().isThrownBy(() -> lot.removeBreaker(null));
        });
  }

  @Test
  void low_36_a_breaker_may_be_named_for_a_lot_that_is_broken_already() {
    Triad.run(
        () -> {
          lot.breakLot();
          Nursery.open(
              nursery -> {
                lot.addBreaker(start(nursery, "late", end));
                end.set();
              });
          assertThat(lot.brokenBy()).extracting(Task::name).containsExactly("main", "late");
        });
  }
}
