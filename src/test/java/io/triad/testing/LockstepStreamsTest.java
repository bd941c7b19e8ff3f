package io.triad.testing;

import static io.triad.testkit.Tasks.inNursery;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.Action;
import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.ClosedResourceException;
import io.triad.PartialResult;
import io.triad.Triad;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LockstepStreamsTest {
  private static final byte[] ABC = {'a', 'b', 'c'};

  private interface Ends {
    void run(LockstepSendStream sender, LockstepReceiveStream receiver, List<String> events)
        throws Exception;
  }

  /** Runs something with a pair, and says what was noted. */
  private static List<String> with(Ends action) {
    List<String> events = new ArrayList<>();
    StreamPair<LockstepSendStream, LockstepReceiveStream> pair = LockstepStreams.oneWayPair();
    inNursery(_ -> action.run(pair.sender(), pair.receiver(), events));
    return events;
  }

  private static void whileBlocked(
      Action<? extends Exception> blocked, Action<? extends Exception> meanwhile) {
    Check.whileBlocked(blocked, meanwhile);
  }

  private static Action<IOException> sendingAndNoting(
      LockstepSendStream sender, List<String> events) {
    return () -> {
      sender.sendAll(ABC);
      events.add("sent");
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  @Test
  void test_37_sending_ends_when_the_last_byte_is_taken() {
    assertThat(
        with(
            (sender, receiver, events) -> whileBlocked(
                sendingAndNoting(sender, events),
                () -> {
                  events.add(text(receiver.receiveSome(2)));
                  Settling.waitAllTasksBlocked();
                  events.add(text(receiver.receiveSome(2)));
                })))
        .containsExactly("ab", "c", "sent");
  }

  @Test
  void test_37_a_cancelled_sender_takes_the_rest_back_and_says_what_was_taken() {
    assertThat(
        with(
            (sender, receiver, events) -> {
              CancelScope scope = new CancelScope();
              whileBlocked(
                  () -> scope.enter(
                      _ -> {
                        try {
                          sender.sendAll(ABC);
                        } catch (Cancelled e) {
                          events.add("taken: " + PartialResult.of(e).getAsLong());
                          throw e;
                        }
                      }),
                  () -> {
                    events.add(text(receiver.receiveSome(1)));
                    Settling.waitAllTasksBlocked();
                    scope.cancel();
                  });
              assertThat(scope.cancelledCaught()).isTrue();
              whileBlocked(
                  () -> events.add(text(receiver.receiveSome(3))),
                  () -> sender.sendAll(new byte[] {'x'}));
            }))
        .containsExactly("a", "taken: 1", "x");
  }

  @Test
  void test_38_waiting_to_send_ends_when_somebody_receives() {
    assertThat(
        with(
            (sender, receiver, events) -> whileBlocked(
                () -> {
                  sender.waitSendAllMightNotBlock();
                  events.add("waited");
                  sender.sendAll(ABC);
                },
                () -> {
                  events.add("receiving");
                  events.add(text(receiver.receiveSome(3)));
                })))
        .containsExactly("receiving", "waited", "abc");
  }

  @Test
  void test_38_waiting_to_send_ends_when_the_receiver_is_closed() {
    assertThat(
        with(
            (sender, receiver, events) -> {
              whileBlocked(
                  () -> {
                    sender.waitSendAllMightNotBlock();
                    events.add("waited");
                  },
                  () -> {
                    events.add("closing");
                    receiver.close();
                  });
              Checkpoints.assertCheckpoints(sender::waitSendAllMightNotBlock);
            }))
        .containsExactly("closing", "waited");
  }

  @Test
  void test_39_a_receiver_that_closes_breaks_the_sender_if_bytes_are_left() {
    with(
        (sender, receiver, _) -> whileBlocked(
            () -> assertThatExceptionOfType(BrokenResourceException.class)
                .isThrownBy(() -> sender.sendAll(ABC))
                .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(2)),
            () -> {
              receiver.receiveSome(2);
              receiver.closeNow();
            }));
  }

  @Test
  void test_39_a_receiver_that_took_all_may_close_at_once() {
    assertThat(
        with(
            (sender, receiver, events) -> whileBlocked(
                sendingAndNoting(sender, events),
                () -> {
                  receiver.receiveSome(3);
                  receiver.closeNow();
                  events.add("closed");
                })))
        .containsExactly("closed", "sent");
  }

  @Test
  void test_39_a_sender_that_is_closed_beneath_its_task_is_closed() {
    with(
        (sender, _, _) -> {
          whileBlocked(
              () -> assertThatExceptionOfType(ClosedResourceException.class)
                  .isThrownBy(() -> sender.sendAll(ABC)),
              sender::closeNow);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> sender.sendAll(ABC))
              .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(0));
        });
  }

  @Test
  void test_39_a_sender_that_closes_is_the_end_for_who_receives() {
    with(
        (sender, receiver, _) -> {
          whileBlocked(
              () -> assertThat(receiver.receiveSome(3)).isEmpty(), sender::closeNow);
          assertThat(receiver.receiveSome(MemorySegment.ofArray(new byte[1]))).isEqualTo(-1);
        });
  }

  @Test
  void test_40_sending_nothing_waits_for_nobody() {
    with((sender, _, _) -> Checkpoints.assertCheckpoints(() -> sender.sendAll(new byte[0])));
    with(
        (sender, receiver, _) -> whileBlocked(
            () -> assertThat(receiver.receiveSome(1)).containsExactly('a'),
            () -> {
              sender.sendAll(new byte[0]);
              sender.sendAll(new byte[] {'a'});
            }));
  }

  @Test
  void test_41_each_side_has_a_busy_check_of_its_own() {
    with(
        (sender, _, _) -> whileBlocked(
            () -> assertThatExceptionOfType(ClosedResourceException.class)
                .isThrownBy(() -> sender.sendAll(ABC)),
            () -> {
              for (Action<IOException> second : List.<Action<IOException>>of(
                  () -> sender.sendAll(ABC), sender::waitSendAllMightNotBlock)) {
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(second::run)
                    .withMessage("another task is sending on this stream");
              }
              sender.closeNow();
            }));
    with(
        (sender, receiver, _) -> whileBlocked(
            () -> assertThat(receiver.receiveSome(1)).containsExactly('a'),
            () -> {
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(() -> receiver.receiveSome(1))
                  .withMessage("another task is receiving from this stream");
              Checkpoints.assertCheckpoints(sender::waitSendAllMightNotBlock);
              sender.sendAll(new byte[] {'a'});
            }));
  }

  @Test
  void test_41_both_sides_can_be_closed_at_once() {
    with(
        (sender, receiver, _) -> {
          Checkpoints.assertNoCheckpoints(sender::closeNow);
          Checkpoints.assertNoCheckpoints(receiver::closeNow);
          Checkpoints.assertCheckpoints(sender::close);
          Checkpoints.assertCheckpoints(receiver::close);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> receiver.receiveSome(1));
        });
    Triad.run(
        () -> {
          LockstepStream end = LockstepStreams.pair().sender();
          Checkpoints.assertNoCheckpoints(end::closeNow);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> end.sendAll(ABC));
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> end.receiveSome(1));
        });
  }

  @Test
  void there_must_be_room_to_receive_into() {
    with(
        (_, receiver, _) -> {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> receiver.receiveSome(MemorySegment.NULL));
          assertThatIllegalArgumentException()
              .isThrownBy(
                  () -> receiver.receiveSome(MemorySegment.ofArray(new byte[1]).asReadOnly()));
        });
  }

  @Test
  void test_42_lockstep_pairs_keep_the_promises_of_streams_and_are_clogged() {
    Triad.run(
        () -> {
          StreamChecks.checkOneWayStream(LockstepStreams::oneWayPair, LockstepStreams::oneWayPair);
          StreamChecks.checkHalfCloseableStream(LockstepStreams::pair, LockstepStreams::pair);
        });
  }

  @Test
  void test_43_what_is_received_belongs_to_the_caller() {
    with(
        (sender, receiver, _) -> {
          byte[] sent = {'a', 'b'};
          whileBlocked(
              () -> sender.sendAll(sent),
              () -> {
                byte[] first = receiver.receiveSome(1);
                first[0] = 'x';
                assertThat(receiver.receiveSome(1)).containsExactly('b');
                assertThat(sent).containsExactly('a', 'b');
              });
        });
  }
}
