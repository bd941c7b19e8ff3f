package io.triad.lowlevel;

import static io.triad.testkit.Tasks.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Task;
import io.triad.Triad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Parking, unparking, moving and cancelling in any order in three lots, against three lists. */
final class ParkingLotModelTest {
  /** Of the run's clock, which is the system's: only a hang takes so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int LOTS = 3;

  private final List<ParkingLot> lots = new ArrayList<>();
  private final List<List<String>> models = new ArrayList<>();
  private final List<CancelScope> scopes = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private final List<String> mustHaveEnded = new ArrayList<>();

  ParkingLotModelTest() {
    for (int i = 0; i < LOTS; i++) {
      lots.add(new ParkingLot());
      models.add(new ArrayList<>());
    }
  }

  private void step(Nursery nursery, int number) {
    int which = number / 8;
    int lot = which % LOTS;
    switch (number % 8) {
      case 0, 1, 2, 3 -> park(nursery, lot);
      case 4 -> unpark(lot, which / LOTS % 4);
      case 5, 6 -> repark(lot, which / LOTS % LOTS, which / LOTS / LOTS % 4);
      default -> cancel(which);
    }
  }

  private void park(Nursery nursery, int lot) {
    CancelScope scope = new CancelScope();
    String name = "task " + scopes.size();
    scopes.add(scope);
    nursery.startSoon(name, () -> {
      scope.enter(_ -> lots.get(lot).park());
      ended.add(scope.cancelledCaught() ? name + " cancelled" : name);
    });
    settle();
    models.get(lot).add(name);
  }

  private void unpark(int lot, int count) {
    List<String> first = takeFirst(lot, count);
    assertThat(lots.get(lot).unpark(count)).extracting(Task::name).isEqualTo(first);
    mustHaveEnded.addAll(first);
  }

  private void repark(int from, int to, int count) {
    lots.get(from).repark(lots.get(to), count);
    models.get(to).addAll(takeFirst(from, count));
  }

  private List<String> takeFirst(int lot, int count) {
    List<String> model = models.get(lot);
    List<String> head = model.subList(0, Math.min(count, model.size()));
    List<String> first = List.copyOf(head);
    head.clear();
    return first;
  }

  private void cancel(int which) {
    if (!scopes.isEmpty()) {
      int task = which % scopes.size();
      scopes.get(task).cancel();
      for (List<String> model : models) {
        if (model.remove("task " + task)) {
          mustHaveEnded.add("task " + task + " cancelled");
        }
      }
    }
  }

  @Property(seed = "5", tries = 400)
  void low_31_low_32_low_33_low_34_every_parker_keeps_its_place_in_the_line(
      @ForAll @Size(max = 80) List<@IntRange(max = 4095) Integer> steps) {
    Triad.run(
        () -> Triad.failAfter(
            PATIENCE,
            () -> Nursery.open(
                nursery -> {
                  for (int step : steps) {
                    step(nursery, step);
                    for (int lot = 0; lot < LOTS; lot++) {
                      assertThat(lots.get(lot).size()).isEqualTo(models.get(lot).size());
                      assertThat(lots.get(lot).isEmpty()).isEqualTo(models.get(lot).isEmpty());
                    }
                  }
                  for (int lot = 0; lot < LOTS; lot++) {
                    unpark(lot, Integer.MAX_VALUE);
                  }
                })));
    assertThat(ended).containsExactlyInAnyOrderElementsOf(mustHaveEnded);
  }
}
