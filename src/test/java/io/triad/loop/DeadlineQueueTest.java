package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class DeadlineQueueTest {
  private static final int DEADLINES = 40;

  private final DeadlineQueue queue = new DeadlineQueue();

  /** Notes when it is told. */
  private static class Noting extends Deadline {
    private final List<Deadline> told;

    Noting(List<Deadline> told) {
      this.told = told;
    }

    @Override
    protected void reached() {
      assertThat(heapIndex).isEqualTo(NOT_QUEUED);
      told.add(this);
    }
  }

  /** What to do to which deadline; times are few, so that many are equal. */
  record Step(Kind kind, int which, long nanos) {
    enum Kind {
      SET,
      REMOVE,
      FIRE
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step.Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(12, Step.Kind.SET),
            Tuple.of(3, Step.Kind.REMOVE),
            Tuple.of(1, Step.Kind.FIRE));
    Arbitrary<Long> times =
        Arbitraries.frequencyOf(
            Tuple.of(18, Arbitraries.longs().between(-50, 50)),
            Tuple.of(1, Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE - 1)),
            Tuple.of(1, Arbitraries.just(Deadline.NEVER)));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, DEADLINES - 1), times)
        .as(Step::new)
        .list()
        .ofMaxSize(400);
  }

  @Property(seed = "1", tries = 300)
  void behaves_like_a_plain_map(@ForAll("steps") List<Step> steps) {
    DeadlineQueue tested = new DeadlineQueue();
    Map<Deadline, Long> model = new IdentityHashMap<>();
    List<Deadline> told = new ArrayList<>();
    List<Deadline> deadlines = new ArrayList<>();
    for (int i = 0; i < DEADLINES; i++) {
      deadlines.add(new Noting(told));
    }
    for (Step step : steps) {
      Deadline deadline = deadlines.get(step.which);
      switch (step.kind) {
        case SET -> {
          tested.set(deadline, step.nanos);
          if (step.nanos == Deadline.NEVER) {
            model.remove(deadline);
          } else {
            model.put(deadline, step.nanos);
          }
          assertThat(deadline.nanos()).isEqualTo(step.nanos);
        }
        case REMOVE -> {
          tested.remove(deadline);
          model.remove(deadline);
        }
        case FIRE -> fireBoth(tested, model, told, step.nanos);
      }
      assertThat(tested.size()).isEqualTo(model.size());
      assertThat(tested.earliest())
          .isEqualTo(model.values().stream().min(Long::compare).orElse(Deadline.NEVER));
    }
    fireBoth(tested, model, told, Long.MAX_VALUE);
    assertThat(tested.size()).isZero();
  }

  private static void fireBoth(
      DeadlineQueue tested, Map<Deadline, Long> model, List<Deadline> told, long now) {
    told.clear();
    List<Deadline> due =
        model.keySet().stream().filter(deadline -> model.get(deadline) <= now).toList();

    int fired = tested.fire(now);

    assertThat(fired).isEqualTo(due.size());
    assertThat(told).containsExactlyInAnyOrderElementsOf(due);
    assertThat(told.stream().map(Deadline::nanos)).isSorted();
    due.forEach(model::remove);
  }

  @Test
  @Timeout(30)
  void core_34_moving_a_deadline_leaves_nothing_behind() {
    Noting one = new Noting(new ArrayList<>());
    for (int i = 0; i < 100_000; i++) {
      queue.set(one, (i * 7919L) % 1000);
      assertThat(queue.size()).isEqualTo(1);
    }
    queue.remove(one);
    queue.remove(one);

    assertThat(queue.size()).isZero();
    assertThat(queue.earliest()).isEqualTo(Deadline.NEVER);
    assertThat(queue.fire(Long.MAX_VALUE)).isZero();
  }

  @Test
  @Timeout(30)
  void one_that_queues_itself_in_the_past_cannot_keep_a_pass_from_ending() {
    int[] times = {0};
    Deadline again =
        new Deadline() {
          @Override
          protected void reached() {
            times[0]++;
            queue.set(this, 0);
          }
        };
    queue.set(again, 0);

    assertThat(queue.fire(10)).isEqualTo(1);
    assertThat(queue.fire(10)).isEqualTo(1);
    assertThat(times[0]).isEqualTo(2);
  }

  @Test
  @Timeout(30)
  void one_may_remove_another_that_is_due_too() {
    List<Deadline> told = new ArrayList<>();
    Deadline victim = new Noting(told);
    Deadline first =
        new Deadline() {
          @Override
          protected void reached() {
            queue.remove(victim);
          }
        };
    queue.set(victim, 2);
    queue.set(first, 1);

    assertThat(queue.fire(10)).isEqualTo(1);
    assertThat(told).isEmpty();
    assertThat(queue.size()).isZero();
  }

  @Test
  @Timeout(30)
  void a_deadline_is_told_at_its_moment_and_not_before() {
    List<Deadline> told = new ArrayList<>();
    Deadline deadline = new Noting(told);
    queue.set(deadline, 100);

    assertThat(queue.fire(99)).isZero();
    assertThat(queue.fire(100)).isEqualTo(1);
    assertThat(told).containsExactly(deadline);
  }

  @Test
  @Timeout(60)
  void a_hundred_thousand_deadlines_that_change_a_million_times_take_no_more_room() {
    Deadline[] deadlines = new Deadline[100_000];
    Random random = new Random(1);
    for (int i = 0; i < deadlines.length; i++) {
      deadlines[i] = new Noting(new ArrayList<>());
      queue.set(deadlines[i], random.nextLong(1_000_000));
    }
    for (int change = 0; change < 1_000_000; change++) {
      queue.set(deadlines[random.nextInt(deadlines.length)], random.nextLong(1_000_000));
    }

    assertThat(queue.size()).isEqualTo(deadlines.length);
    assertThat(queue.earliest())
        .isEqualTo(Arrays.stream(deadlines).mapToLong(Deadline::nanos).min().getAsLong());
    assertThat(queue.fire(1_000_000)).isEqualTo(deadlines.length);
  }
}
