package io.triad.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.sync.Event;
import io.triad.testing.MockClock;
import io.triad.testing.Settling;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunStatisticsTest {

  @Test
  void low_11_living_and_runnable_tasks_are_counted() {
    Triad.run(
        () -> {
          assertThat(Lowlevel.currentStatistics().tasksLiving()).isOne();
          assertThat(Lowlevel.currentStatistics().tasksRunnable()).isZero();
          Event event = new Event();
          Lowlevel.spawnSystemTask(event::await);
          Nursery.open(
              nursery -> {
                nursery.startSoon(event::await);
                nursery.startSoon(Triad::checkpoint);
                assertThat(Lowlevel.currentStatistics().tasksLiving()).isEqualTo(4);
                assertThat(Lowlevel.currentStatistics().tasksRunnable()).isEqualTo(3);
                Settling.waitAllTasksBlocked();
                assertThat(Lowlevel.currentStatistics().tasksLiving()).isEqualTo(3);
                assertThat(Lowlevel.currentStatistics().tasksRunnable()).isZero();
                event.set();
                assertThat(Lowlevel.currentStatistics().tasksRunnable()).isEqualTo(2);
              });
        });
  }

  @Test
  void low_11_time_to_the_next_deadline_is_told() {
    MockClock clock = new MockClock();
    Triad.run(
        RunOptions.DEFAULT.withClock(clock),
        () -> {
          assertThat(Lowlevel.currentStatistics().timeToNextDeadline()).isEqualTo(Triad.FOREVER);
          new CancelScope().setTimeout(Duration.ofSeconds(7)).enter(
              _ -> {
                new CancelScope().setTimeout(Duration.ofSeconds(9)).enter(
                    _ -> assertThat(Lowlevel.currentStatistics().timeToNextDeadline())
                        .isEqualTo(Duration.ofSeconds(7)));
                clock.jump(Duration.ofSeconds(10));
                assertThat(Lowlevel.currentStatistics().timeToNextDeadline())
                    .isEqualTo(Duration.ofSeconds(-3));
              });
          assertThat(Lowlevel.currentStatistics().timeToNextDeadline()).isEqualTo(Triad.FOREVER);
        });
  }

  @Test
  void low_11_calls_from_other_threads_are_counted() {
    Triad.run(
        () -> {
          Loop loop = Loop.requireFiber().loop();
          Thread caller =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        loop.offer(() -> {});
                        loop.offer(() -> {});
                      });
          while (caller.isAlive()) {
            Thread.onSpinWait(); // join would let the loop take them
          }
          assertThat(Lowlevel.currentStatistics().queuedCalls()).isEqualTo(2);
          Settling.waitAllTasksBlocked();
          assertThat(Lowlevel.currentStatistics().queuedCalls()).isZero();
        });
  }
}
