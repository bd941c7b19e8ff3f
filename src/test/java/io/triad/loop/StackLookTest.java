package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Whoever asks for the stack of a thread that has yielded holds it for a moment, and then the JDK has
 * it executed once more than the loop expects.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class StackLookTest extends OnFakeEngine {
  private static boolean isYielding(Fiber fiber) {
    return Arrays.stream(fiber.stackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("yieldNow"));
  }

  /** Yields so many times, and says so before each. */
  private void rounds(String name, int rounds) {
    for (int round = 0; round < rounds; round++) {
      steps.add(name + round);
      self().yieldNow();
      assertThat(self().isStray()).isFalse();
    }
  }

  @Test
  void looks_from_another_thread_change_no_turn_and_leave_nothing_behind()
      throws InterruptedException {
    int fibers = 3;
    AtomicInteger looks = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    List<String> wrong = new ArrayList<>();
    List<Fiber> looked = new ArrayList<>();
    int[] turns = {0};
    boolean[] end = {false};
    for (int i = 0; i < fibers; i++) {
      int own = i;
      looked.add(
          start(
              () -> {
                for (int round = 0; !end[0]; round++) {
                  if (own == 0 && over.get()) { // all others see it in the same round
                    end[0] = true;
                    break;
                  }
                  if (turns[0]++ != round * fibers + own) {
                    wrong.add("fiber " + own + " came too soon or too late to round " + round);
                  }
                  self().yieldNow();
                  if (self().isStray()) {
                    wrong.add("fiber " + own + " strayed in round " + round);
                  }
                }
                if (own == 0) {
                  self().yieldNow(); // what the last look left behind comes to its turn
                  self().yieldNow();
                  assertThat(loop.readyCount()).isLessThan(fibers);
                }
              }));
    }
    Thread looker =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (looks.get() < 2000) {
                    for (Fiber fiber : looked) {
                      looks.addAndGet(isYielding(fiber) ? 1 : 0);
                    }
                  }
                  over.set(true);
                });
    loop.run();
    looker.join();

    assertThat(wrong).isEmpty();
  }

  @Test
  void a_look_from_another_fiber_changes_no_turn_and_leaves_nothing_behind() {
    Fiber looked = start(() -> rounds("looked", 4));
    start(
        () -> {
          for (int round = 0; round < 3; round++) {
            steps.add("looks" + round);
            assertThat(isYielding(looked)).isTrue();
            assertThat(isYielding(looked)).isTrue();
            self().yieldNow();
          }
        });
    start(() -> rounds("other", 4));
    start(
        () -> {
          while (loop.fiberCount() > 1) {
            self().yieldNow();
          }
          steps.add("ready " + loop.readyCount());
        });
    loop.run();

    assertThat(steps)
        .containsExactly(
            "looked0", "looks0", "other0",
            "looked1", "looks1", "other1",
            "looked2", "looks2", "other2",
            "looked3", "other3",
            "ready 0");
  }

  /** Through {@code Thread.yield}, a fiber leaves its carrier in a way that the loop knows nothing of. */
  @Test
  @SuppressWarnings("ThreadPriorityCheck") // see there
  void a_fiber_that_has_strayed_is_like_any_other_from_its_next_yield_on() {
    Fiber looked =
        start(
            () -> {
              Thread.yield();
              assertThat(self().isStray()).isTrue();
              rounds("looked", 3);
            });
    start(
        () -> {
          for (int round = 0; round < 4; round++) {
            steps.add("looks" + round);
            assertThat(looked.stackTrace()).isNotEmpty();
            self().yieldNow();
          }
        });
    start(() -> rounds("other", 4));
    loop.run();

    assertThat(steps)
        .containsExactly(
            "looks0", "other0", "looked0",
            "looks1", "other1", "looked1",
            "looks2", "other2", "looked2",
            "looks3", "other3");
  }

  @Test
  void after_a_fault_a_look_does_not_make_a_fiber_go_on() {
    IllegalStateException fault = new IllegalStateException("on purpose");
    Fiber looked = start(() -> rounds("looked", 2));
    start(
        () -> {
          assertThat(isYielding(looked)).isTrue();
          loop.fail(fault);
          self().yieldNow();
        });
    assertThatThrownBy(() -> loop.run()).isInstanceOf(LoopFault.class).hasCause(fault);

    // The end of the run has given it away to be executed elsewhere; it is runnable until it parks.
    while (looked.thread().getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(steps).containsExactly("looked0");
  }
}
