package io.triad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.RunOptions.KeyboardInterrupts;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.sync.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * SIGINT during a run. The signal is raised in this very process; a handler of the test behind that
 * of the run would be seen if the run let it through.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class KeyboardInterruptTest {
  private static final RunOptions TAKING =
      RunOptions.DEFAULT.withKeyboardInterrupts(KeyboardInterrupts.ALWAYS);

  private final Sigint sigint = new Sigint();

  @BeforeEach
  void the_handler_is_the_default() {
    sigint.assumeDefault();
  }

  @AfterEach
  void the_handler_is_back() {
    assertThat(sigint.present()).isEqualTo(sigint.found());
  }

  /** Raises the signal, and waits until the run has heard of it; in a task. */
  private void interrupt() {
    Loop loop = Loop.requireFiber().loop();
    sigint.raise();
    while (!loop.isInterruptPending()) {
      Triad.cancelShieldedCheckpoint(); // not a cancel point, so it is not delivered here
    }
  }

  @Test
  void core_81_a_sleeping_main_task_gets_it_where_it_sleeps() {
    assertThatThrownBy(
        () -> Triad.run(
            TAKING,
            () -> {
              sigint.raise();
              Triad.sleepForever();
            }))
        .isInstanceOf(KeyboardInterrupt.class)
        .satisfies(
            thrown -> assertThat(thrown.getStackTrace())
                .as("where the main task was")
                .anyMatch(frame -> frame.getMethodName().equals("sleepForever")));
  }

  @Test
  void core_82_it_is_delivered_at_a_checkpoint_and_not_before() {
    List<String> steps = new ArrayList<>();
    Triad.run(
        TAKING,
        () -> {
          interrupt();
          Triad.cancelShieldedCheckpoint();
          steps.add("not yet");
          assertThatThrownBy(Triad::checkpoint).isInstanceOf(KeyboardInterrupt.class);
          steps.add("caught");
          Triad.checkpoint();
          steps.add("once");
        });

    assertThat(steps).containsExactly("not yet", "caught", "once");
  }

  @Test
  void core_82_checkpoint_if_cancelled_delivers_it_too() {
    Triad.run(
        TAKING,
        () -> {
          interrupt();
          assertThatThrownBy(Triad::checkpointIfCancelled).isInstanceOf(KeyboardInterrupt.class);
          Triad.checkpointIfCancelled();
        });
  }

  @Test
  void core_82_it_comes_ahead_of_a_cancellation() {
    Triad.run(
        TAKING,
        () -> {
          List<Throwable> thrown = new ArrayList<>();
          CancelScope.open(
              scope -> {
                interrupt();
                scope.cancel();
                thrown.add(catchThrowable(Triad::checkpoint));
                thrown.add(catchThrowable(Triad::checkpoint));
              });
          assertThat(thrown).hasExactlyElementsOfTypes(KeyboardInterrupt.class, Cancelled.class);
        });
  }

  /** By hand: nobody can say when the virtual machine has dispatched a signal. */
  @Test
  void core_82_a_second_signal_before_the_delivery_is_the_same_one() {
    Triad.run(
        () -> {
          Fiber main = Loop.requireFiber();
          InterruptSignal signal =
              InterruptSignal.take(main.loop(), main, KeyboardInterrupts.ALWAYS);
          try {
            signal.arrived();
            signal.arrived();
            Steps.settle();
            signal.arrived();
            assertThatThrownBy(Triad::checkpoint).isInstanceOf(KeyboardInterrupt.class);
            Triad.checkpoint();
            signal.arrived();
            assertThatThrownBy(Triad::sleepForever).isInstanceOf(KeyboardInterrupt.class);
          } finally {
            signal.giveBack();
          }
        });
  }

  @Test
  void core_81_only_the_main_task_gets_it() {
    List<String> steps = new ArrayList<>();
    assertThatThrownBy(
        () -> Triad.run(
            TAKING,
            () -> Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> {
                        interrupt();
                        Triad.checkpoint();
                        steps.add("the child went on");
                      });
                  CancelScope.open(
                      scope -> {
                        scope.setShield(true);
                        Fiber main = Loop.requireFiber();
                        // A wait that cannot be taken back, and so no checkpoint.
                        nursery.startSoon(() -> {
                          while (steps.isEmpty()) {
                            Triad.cancelShieldedCheckpoint();
                          }
                          main.resume();
                        });
                        main.suspend(io.triad.loop.Abort.NEVER);
                        steps.add("the main task went on");
                      });
                  Triad.checkpoint();
                  steps.add("never");
                })))
        .isInstanceOf(ExceptionGroup.class)
        .satisfies(
            group -> assertThat(((ExceptionGroup) group).exceptions())
                .hasExactlyElementsOfTypes(KeyboardInterrupt.class));

    assertThat(steps).containsExactly("the child went on", "the main task went on");
  }

  @Test
  void core_82_in_a_nursery_it_is_in_a_group_and_siblings_see_it_as_the_source() {
    List<Cancelled> cancellations = new ArrayList<>();
    Throwable thrown =
        catchThrowable(
            () -> Triad.run(
                TAKING,
                () -> Nursery.open(
                    nursery -> {
                      nursery.startSoon(
                          () -> {
                            try {
                              Triad.sleepForever();
                            } catch (Cancelled cancelled) {
                              cancellations.add(cancelled);
                              throw cancelled;
                            }
                          });
                      Triad.checkpoint();
                      sigint.raise();
                      Triad.sleepForever();
                    })));

    assertThat(thrown).isInstanceOf(ExceptionGroup.class);
    assertThat(((ExceptionGroup) thrown).exceptions())
        .hasExactlyElementsOfTypes(KeyboardInterrupt.class);
    assertThat(cancellations)
        .singleElement()
        .satisfies(
            cancelled -> assertThat(cancelled.source())
                .isEqualTo(Cancelled.Source.KEYBOARD_INTERRUPT));
  }

  /** The most common case: main has started its tasks and waits for them. */
  @Test
  void core_82_a_main_task_that_waits_at_the_end_of_its_nursery_gets_it() {
    List<Cancelled.Source> sources = new ArrayList<>();
    Throwable thrown =
        catchThrowable(
            () -> Triad.run(
                TAKING,
                () -> Nursery.open(
                    nursery -> nursery.startSoon(
                        () -> {
                          Steps.settle(); // main is at the end of its nursery now
                          sigint.raise();
                          try {
                            Triad.sleepForever();
                          } catch (Cancelled cancelled) {
                            sources.add(cancelled.source());
                            throw cancelled;
                          }
                        }))));

    assertThat(thrown).isInstanceOf(ExceptionGroup.class);
    assertThat(((ExceptionGroup) thrown).exceptions())
        .hasExactlyElementsOfTypes(KeyboardInterrupt.class);
    assertThat(sources).containsExactly(Cancelled.Source.KEYBOARD_INTERRUPT);
  }

  @Test
  void core_82_one_that_is_pending_reaches_a_main_task_that_begins_to_wait_for_its_nursery() {
    Throwable thrown =
        catchThrowable(
            () -> Triad.run(
                TAKING,
                () -> Nursery.open(
                    nursery -> {
                      nursery.startSoon(Triad::sleepForever);
                      interrupt();
                    })));

    assertThat(thrown).isInstanceOf(ExceptionGroup.class);
    assertThat(((ExceptionGroup) thrown).exceptions())
        .hasExactlyElementsOfTypes(KeyboardInterrupt.class);
  }

  @Test
  void core_81_after_the_end_of_the_main_task_the_run_throws_it() {
    IllegalStateException failure = new IllegalStateException("the main task's own");
    assertThatThrownBy(
        () -> Triad.run(
            TAKING,
            () -> {
              interrupt();
              throw failure;
            }))
        .isInstanceOf(KeyboardInterrupt.class)
        .hasSuppressedException(failure);
  }

  @Test
  void core_81_a_main_task_that_ends_well_without_a_checkpoint_does_not_hide_it() {
    assertThatThrownBy(() -> Triad.run(TAKING, this::interrupt))
        .isInstanceOf(KeyboardInterrupt.class)
        .hasNoSuppressedExceptions();
  }

  @Test
  void core_81_system_tasks_do_not_get_it() {
    List<String> steps = new ArrayList<>();
    assertThatThrownBy(
        () -> Triad.run(
            TAKING,
            () -> {
              Event began = new Event();
              Loop.requireFiber().loop().access().spawnSystemTask(
                  "system",
                  () -> {
                    began.set();
                    try {
                      Triad.sleepForever();
                    } catch (Throwable thrown) {
                      steps.add(thrown.getClass().getSimpleName());
                      throw thrown;
                    }
                    return null;
                  });
              began.await();
              sigint.raise();
              Triad.sleepForever();
            }))
        .isInstanceOf(KeyboardInterrupt.class);

    assertThat(steps).containsExactly("Cancelled");
  }

  // ---- good neighbours ----

  @Test
  void core_83_the_handler_is_in_place_during_the_run_and_gone_after_it() {
    Object during = Triad.run(TAKING, sigint::present);

    assertThat(during).hasToString("Triad's handler of SIGINT");
    assertThat(sigint.present()).isEqualTo(sigint.found());
  }

  @Test
  void core_83_a_handler_of_the_program_is_left_alone() {
    List<String> handled = new ArrayList<>();
    sigint.with(
        () -> handled.add("by the program"),
        own -> {
          Triad.run(
              TAKING,
              () -> {
                assertThat(sigint.present()).isSameAs(own);
                sigint.raise();
                while (handled.isEmpty()) {
                  Triad.checkpoint();
                }
              });
          assertThat(sigint.present()).isSameAs(own);
        });

    assertThat(handled).containsExactly("by the program");
  }

  @Test
  void core_83_a_handler_installed_during_the_run_stays() {
    sigint.with(
        () -> {},
        own -> {
          sigint.install(sigint.foundHandler());
          Triad.run(TAKING, () -> sigint.install(own));
          assertThat(sigint.present()).isSameAs(own);
        });
  }

  @Test
  void core_81_a_run_on_another_thread_than_main_does_not_take_it() throws Exception {
    assertThat(Thread.currentThread().getName()).isNotEqualTo("main");
    assertThat(Triad.<Object, RuntimeException>run(sigint::present)).isEqualTo(sigint.found());
  }

  @Test
  void core_81_a_run_on_the_main_thread_takes_it_unless_it_was_told_not_to() throws Exception {
    List<Object> seen = new ArrayList<>();
    Thread main =
        Thread.ofPlatform()
            .name("main")
            .start(
                () -> {
                  seen.add(Triad.<Object, RuntimeException>run(sigint::present));
                  seen.add(
                      Triad.<Object, RuntimeException>run(
                          RunOptions.DEFAULT.withKeyboardInterrupts(KeyboardInterrupts.NEVER),
                          sigint::present));
                });
    main.join();

    assertThat(seen.getFirst()).hasToString("Triad's handler of SIGINT");
    assertThat(seen.getLast()).isEqualTo(sigint.found());
  }
}
