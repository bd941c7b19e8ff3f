package io.triad.sync;

import static io.triad.testkit.Tasks.assertCancelled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.triad.BrokenResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.ClosedResourceException;
import io.triad.EndOfChannelException;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.stream.ItemAction;
import io.triad.stream.ReceiveChannel;
import io.triad.stream.SendChannel;
import io.triad.testing.Settling;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class ProducerTest {
  private final List<Object> steps = new ArrayList<>();

  /** In a run of its own. */
  private static void produce(
      Producer<Integer, IOException> producer,
      ItemAction<ReceiveChannel<Integer>, IOException> block) throws IOException {
    Triad.run(() -> Producer.open(producer, block));
  }

  /** Sends 0, after which nobody asks for more; notes the error with which that ends. */
  private void sendInVain(SendChannel<Integer> out) throws IOException {
    try {
      out.send(0);
      steps.add("not reached");
    } catch (Cancelled cancelled) {
      steps.add("cancelled");
      throw cancelled;
    } catch (BrokenResourceException broken) {
      steps.add("broken");
      throw broken;
    }
  }

  @Test
  void core_85_everything_is_received_and_then_the_end_is_found() throws Exception {
    produce(
        out -> {
          for (int i = 0; i < 3; i++) {
            out.send(i);
          }
        },
        in -> {
          in.forEach(steps::add);
          assertThatExceptionOfType(EndOfChannelException.class).isThrownBy(in::receive);
        });

    assertThat(steps).containsExactly(0, 1, 2);
  }

  @Test
  void core_85_it_advances_only_on_receive() throws Exception {
    produce(
        out -> {
          steps.add("begins");
          out.send(0);
          steps.add("goes on");
          out.send(1);
          steps.add("ends");
        },
        in -> {
          Settling.waitAllTasksBlocked();
          assertThat(steps).isEmpty();
          assertThat(in.receive()).isZero();
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("begins");
          assertThat(in.receive()).isOne();
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("begins", "goes on");
          assertThatExceptionOfType(EndOfChannelException.class).isThrownBy(in::receive);
          assertThat(steps).containsExactly("begins", "goes on", "ends");
        });
  }

  @Test
  void core_85_a_cancelled_receive_does_not_let_it_run_ahead() throws Exception {
    Event go = new Event();
    produce(
        out -> {
          go.await();
          for (int i = 0; i < 5; i++) {
            steps.add("makes " + i);
            out.send(i);
          }
        },
        in -> {
          assertCancelled(
              in::receive,
              scope -> {
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          go.set();
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("makes 0");
          assertThat(in.receive()).isZero();
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("makes 0");
          assertThat(in.receive()).isOne();
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("makes 0", "makes 1");
        });
  }

  @Test
  void core_85_it_is_cancelled_when_the_block_ends() throws Exception {
    produce(
        this::sendInVain,
        in -> {
          assertThat(in.receive()).isZero();
          steps.add("block ends");
        });

    assertThat(steps).containsExactly("block ends", "cancelled");
  }

  @Test
  void core_85_one_that_nobody_received_from_never_begins() throws Exception {
    Triad.run(
        () -> {
          Producer.<Integer, RuntimeException, RuntimeException>open(
              _ -> steps.add("begun"), _ -> {});
          Producer.<Integer, RuntimeException, IOException>open(
              _ -> steps.add("begun"),
              in -> {
                in.close();
                assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(in::receive);
              });
        });
    assertThat(steps).isEmpty();
  }

  @Test
  void core_85_its_error_comes_out_unwrapped_and_cancels_the_block() {
    Exception failure = new FileNotFoundException("table");
    Triad.run(
        () -> assertThat(
            catchThrowable(
                () -> Producer.<Integer, Exception, IOException>open(
                    out -> {
                      out.send(0);
                      throw failure;
                    },
                    in -> {
                      in.receive();
                      assertThatExceptionOfType(Cancelled.class).isThrownBy(in::receive);
                      steps.add("cancelled");
                      Triad.checkpoint();
                    })))
            .isSameAs(failure));
    assertThat(steps).containsExactly("cancelled");
  }

  @Test
  void core_85_a_shielded_block_is_not_kept_waiting_by_a_producer_that_failed() {
    Triad.run(
        () -> assertThatExceptionOfType(FileNotFoundException.class)
            .isThrownBy(
                () -> Producer.<Integer, IOException, IOException>open(
                    _ -> {
                      throw new FileNotFoundException("table");
                    },
                    in -> new CancelScope().setShield(true).enter(
                        _ -> {
                          assertThatExceptionOfType(EndOfChannelException.class)
                              .isThrownBy(in::receive);
                          steps.add("ended");
                        }))));
    assertThat(steps).containsExactly("ended");
  }

  @Test
  void core_85_an_error_of_the_block_comes_out_unwrapped_and_cancels_the_producer() {
    Exception failure = new TimeoutException("block");
    Triad.run(
        () -> assertThat(
            catchThrowable(
                () -> Producer.<Integer, IOException, Exception>open(
                    this::sendInVain,
                    in -> {
                      in.receive();
                      Settling.waitAllTasksBlocked();
                      throw failure;
                    })))
            .isSameAs(failure));
    assertThat(steps).containsExactly("cancelled");
  }

  @Test
  void core_85_errors_of_both_come_out_as_a_group() {
    Triad.run(
        () -> {
          ExceptionGroup group =
              catchThrowableOfType(
                  ExceptionGroup.class,
                  () -> Producer.<Integer, Exception, Exception>open(
                      out -> {
                        try {
                          out.send(0);
                        } finally {
                          throwTimeout();
                        }
                      },
                      in -> {
                        in.receive();
                        throw new FileNotFoundException("block");
                      }));
          assertThat(group.leaves())
              .hasSize(2)
              .hasAtLeastOneElementOfType(TimeoutException.class)
              .hasAtLeastOneElementOfType(FileNotFoundException.class);
        });
  }

  private static void throwTimeout() throws TimeoutException {
    throw new TimeoutException("cleaning up");
  }

  @Test
  void core_85_a_group_thrown_by_the_block_is_not_taken_apart() {
    ExceptionGroup group = new ExceptionGroup("mine", List.of(new TimeoutException()));
    Triad.run(
        () -> assertThat(
            catchThrowable(
                () -> Producer.<Integer, RuntimeException, RuntimeException>open(
                    _ -> {},
                    _ -> {
                      throw group;
                    })))
            .isSameAs(group));
  }

  @Test
  void core_85_a_receiver_that_is_closed_early_ends_the_producer_without_an_error()
      throws Exception {
    produce(
        this::sendInVain,
        in -> {
          assertThat(in.receive()).isZero();
          in.close();
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("broken");
          assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(in::receive);
        });
  }

  @Test
  void core_85_cancelling_around_it_ends_both() throws Exception {
    Triad.run(
        () -> {
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> Producer.<Integer, IOException, IOException>open(
                  out -> {
                    try {
                      Triad.sleepForever();
                    } finally {
                      steps.add("producer");
                    }
                  },
                  in -> {
                    try {
                      scope.cancel();
                      in.receive();
                    } finally {
                      steps.add("block");
                    }
                  }));
          assertThat(scope.cancelledCaught()).isTrue();
        });
    assertThat(steps).contains("block").doesNotContain("producer");
  }

  @Test
  void core_85_several_tasks_may_receive() throws Exception {
    Event go = new Event();
    produce(
        out -> {
          go.await();
          out.send(0);
          out.send(1);
        },
        in -> Nursery.open(
            nursery -> {
              for (int i = 0; i < 2; i++) {
                int number = i;
                nursery.startSoon(() -> steps.add(number + " got " + in.receive()));
                Settling.waitAllTasksBlocked();
              }
              go.set();
            }));

    assertThat(steps).containsExactly("0 got 0", "1 got 1");
  }

  @Test
  void core_85_the_producer_may_close_its_end_itself() throws Exception {
    produce(
        out -> {
          out.send(0);
          out.close();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> out.send(1));
        },
        in -> in.forEach(steps::add));
    assertThat(steps).containsExactly(0);
  }

  @Test
  void core_85_null_is_refused() {
    Triad.run(
        () -> {
          assertThatNullPointerException().isThrownBy(() -> Producer.open(null, _ -> {}));
          assertThatNullPointerException().isThrownBy(() -> Producer.open(_ -> {}, null));
        });
  }
}
