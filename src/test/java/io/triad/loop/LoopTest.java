package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.engine.Engine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The loop on an engine without a kernel. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class LoopTest extends OnFakeEngine {
  @Test
  void it_runs_until_the_last_fiber_has_ended() {
    start(
        () -> {
          steps.add("first");
          start(
              () -> {
                self().yieldNow();
                steps.add("second");
              });
        });
    loop.run();

    assertThat(steps).containsExactly("first", "second");
    assertThat(Loop.current()).isNull();
  }

  @Test
  void it_never_waits_while_something_is_ready() {
    start(
        () -> {
          for (int i = 0; i < 10; i++) {
            self().yieldNow();
          }
        });
    loop.run();

    assertThat(engine.timeouts).hasSizeGreaterThanOrEqualTo(10).containsOnly(0L);
    assertThat(engine.wakeUps).hasValue(0);
  }

  @Test
  void it_waits_until_the_next_deadline() {
    Fiber sleeper = start(() -> self().suspend(Abort.NEVER));
    Deadline deadline =
        new Deadline() {
          @Override
          protected void reached() {
            sleeper.resume();
          }
        };
    start(() -> loop.setDeadline(deadline, 1_000));
    engine.atNextWait(() -> now = 2_000);
    loop.run();

    assertThat(engine.timeouts).contains(1_000L).doesNotContain(Engine.FOREVER);
    assertThat(sleeper.isDone()).isTrue();
  }

  @Test
  void a_deadline_that_is_due_fires_without_a_wait_also_when_others_are_busy() {
    Fiber sleeper =
        start(
            () -> {
              self().suspend(Abort.NEVER);
              steps.add("deadline");
            });
    Deadline deadline =
        new Deadline() {
          @Override
          protected void reached() {
            sleeper.resume();
          }
        };
    start(
        () -> {
          loop.setDeadline(deadline, 5);
          now = 5;
          self().yieldNow();
          self().yieldNow();
          steps.add("busy");
        });
    loop.run();

    assertThat(steps).containsExactly("deadline", "busy");
    assertThat(engine.timeouts).containsOnly(0L);
  }

  @Test
  void a_message_of_another_thread_wakes_a_waiting_loop() {
    Fiber sleeper = start(() -> self().suspend(Abort.NEVER));
    engine.atNextWait(
        () -> Thread.ofPlatform()
            .start(
                () -> loop.offer(
                    () -> {
                      assertThat(loop.onLoop()).isTrue();
                      assertThat(Loop.currentFiber()).isNull();
                      sleeper.resume();
                    })));
    loop.run();

    assertThat(sleeper.isDone()).isTrue();
    assertThat(engine.timeouts).contains(Engine.FOREVER);
    assertThat(engine.wakeUps).hasValue(1);
  }

  @Test
  void many_messages_to_a_waiting_loop_cost_one_wake_up_and_keep_their_order() {
    Fiber sleeper = start(() -> self().suspend(Abort.NEVER));
    engine.atNextWait(
        () -> {
          for (int i = 0; i < 100; i++) {
            String step = "message " + i;
            loop.offer(() -> steps.add(step));
          }
          loop.offer(sleeper::resume);
        });
    loop.run();

    assertThat(steps).hasSize(100).startsWith("message 0", "message 1").endsWith("message 99");
    assertThat(engine.wakeUps).hasValue(1);
  }

  @Test
  void a_message_of_a_fiber_is_run_without_a_wake_up() {
    start(
        () -> {
          loop.offer(() -> steps.add("message"));
          steps.add("fiber");
          self().yieldNow();
          self().yieldNow();
          steps.add("fiber again");
        });
    loop.run();

    assertThat(steps).containsExactly("fiber", "message", "fiber again");
    assertThat(engine.wakeUps).hasValue(0);
  }

  @Test
  void a_message_after_the_end_is_dropped_and_wakes_nobody() {
    start(() -> {});
    loop.run();
    loop.offer(() -> steps.add("too late"));

    assertThat(steps).isEmpty();
    assertThat(engine.wakeUps).hasValue(0);
  }

  @Test
  void a_body_that_throws_is_a_fault_of_the_runtime() {
    Error fault = new Error("fault");
    start(() -> self().suspend(Abort.NEVER));
    start(
        () -> {
          throw fault;
        });

    assertThatThrownBy(loop::run).isInstanceOf(LoopFault.class).hasCause(fault);
    assertThat(Loop.current()).isNull();
  }

  @Test
  void further_faults_are_kept_with_the_first() {
    Error first = new Error("first");
    Error second = new Error("second");
    for (Error error : List.of(first, second)) {
      start(
          () -> {
            throw error;
          });
    }

    assertThat(catchThrowable(loop::run)).hasCause(first);
    assertThat(first.getSuppressed()).containsExactly(second);
  }

  @Test
  void an_engine_that_fails_ends_the_loop() {
    start(() -> self().suspend(Abort.NEVER));
    engine.atNextWait(
        () -> {
          throw new IllegalStateException("the kernel is gone");
        });

    assertThatThrownBy(loop::run).hasStackTraceContaining("the kernel is gone");
    assertThat(Loop.current()).isNull();
  }
}
