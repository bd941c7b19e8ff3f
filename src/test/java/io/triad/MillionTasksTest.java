package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.sync.Event;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run has room for a million tasks. */
@Tag("soak")
@Timeout(300)
final class MillionTasksTest {
  private static final int TASKS = 1_000_000;
  private static final long HEAP_BYTES = 2_500_000_000L;

  @Test
  void a_million_tasks_wait_in_one_run_and_are_woken() {
    assumeTrue(
        Runtime.getRuntime().maxMemory() >= HEAP_BYTES,
        "needs a heap of " + HEAP_BYTES + " bytes");
    int[] woken = new int[1];
    Triad.run(
        () -> {
          Event event = new Event();
          Nursery.open(
              nursery -> {
                for (int i = 0; i < TASKS; i++) {
                  nursery.startSoon(
                      () -> {
                        event.await();
                        woken[0]++;
                      });
                }
                Triad.checkpoint(); // all of them run once before this returns
                assertThat(event.statistics().tasksWaiting()).isEqualTo(TASKS);
                event.set();
              });
        });

    assertThat(woken[0]).isEqualTo(TASKS);
  }
}
