package io.triad.sync;

import static io.triad.testkit.Tasks.inNursery;
import static io.triad.testkit.Tasks.startInScope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.WouldBlockException;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class MemoryChannelTest {
  private final List<Object> steps = new ArrayList<>();

  @Test
  void core_69_a_sender_waits_while_the_channel_is_full_and_a_receiver_while_it_is_empty()
      throws Exception {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(2);
          var sender = channel.sender();
          var receiver = channel.receiver();
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(receiver::receiveNowait);
          sender.send(1);
          sender.sendNowait(2);
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(() -> sender.sendNowait(3));
          nursery.startSoon(
              () -> {
                sender.send(3);
                steps.add("sent");
              });
          Settling.waitAllTasksBlocked();
          assertThat(steps).isEmpty();
          assertThat(receiver.receiveNowait()).isEqualTo(1);
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("sent");
          assertThat(receiver.receive()).isEqualTo(2);
          assertThat(receiver.receive()).isEqualTo(3);
          nursery.startSoon(() -> steps.add(receiver.receive()));
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("sent");
          sender.send(4);
          assertThat(steps).containsExactly("sent", 4);
        });
  }

  @Test
  void core_69_without_capacity_each_object_is_handed_over_in_person() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(0);
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(() -> channel.sender().sendNowait(1));
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(channel.receiver()::receiveNowait);
          nursery.startSoon(
              () -> {
                channel.sender().send(1);
                steps.add("handed over");
              });
          Settling.waitAllTasksBlocked();
          assertThat(steps).isEmpty();
          assertThat(channel.receiver().receive()).isEqualTo(1);
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("handed over");
          nursery.startSoon(() -> steps.add(channel.receiver().receive()));
          Settling.waitAllTasksBlocked();
          channel.sender().sendNowait(2);
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly("handed over", 2);
          assertThat(channel.sender().statistics().bufferPeak()).isZero();
        });
  }

  @Test
  void core_69_an_unlimited_channel_never_keeps_a_sender_waiting() throws Exception {
    var channel = MemoryChannel.<Integer>open(MemoryChannel.UNLIMITED);
    for (int i = 0; i < 10_000; i++) {
      channel.sender().sendNowait(i);
    }
    assertThat(channel.sender())
        .hasToString("MemorySendChannel, 10000 buffered, 0 waiting to send, 0 to receive");
    for (int i = 0; i < 10_000; i++) {
      assertThat(channel.receiver().receiveNowait()).isEqualTo(i);
    }
  }

  @Test
  void core_69_an_object_handed_to_a_waiting_receiver_cannot_be_stolen() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(1);
          nursery.startSoon(() -> steps.add(channel.receiver().receive()));
          Settling.waitAllTasksBlocked();
          channel.sender().sendNowait(1);
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(channel.receiver()::receiveNowait);
        });

    assertThat(steps).containsExactly(1);
  }

  @Test
  void core_69_a_freed_place_cannot_be_stolen_from_the_first_sender_in_line() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(1);
          channel.sender().sendNowait(1);
          nursery.startSoon(() -> channel.sender().send(2));
          Settling.waitAllTasksBlocked();
          assertThat(channel.receiver().receiveNowait()).isEqualTo(1);
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(() -> channel.sender().sendNowait(3));
          assertThat(channel.receiver().receive()).isEqualTo(2);
        });
  }

  @Test
  void core_15_core_69_who_is_cancelled_has_sent_and_taken_nothing() {
    Triad.run(
        () -> {
          var channel = MemoryChannel.<Integer>open(0);
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> Nursery.open(
                  nursery -> {
                    nursery.startSoon(() -> channel.sender().send(1));
                    Settling.waitAllTasksBlocked();
                    scope.cancel();
                    assertThat(channel.receiver().statistics().tasksWaitingSend()).isZero();
                  }));
          assertThatExceptionOfType(WouldBlockException.class)
              .isThrownBy(channel.receiver()::receiveNowait);
          CancelScope receiving = new CancelScope();
          receiving.enter(
              _ -> Nursery.open(
                  nursery -> {
                    nursery.startSoon(() -> steps.add(channel.receiver().receive()));
                    Settling.waitAllTasksBlocked();
                    receiving.cancel();
                    assertThatExceptionOfType(WouldBlockException.class)
                        .isThrownBy(() -> channel.sender().sendNowait(2));
                  }));
        });
    assertThat(steps).isEmpty();
  }

  @Test
  void core_16_an_object_that_was_handed_over_is_not_lost_by_a_cancellation() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(0);
          CancelScope scope = startInScope(
              nursery,
              () -> steps.add(channel.receiver().receive()));
          Settling.waitAllTasksBlocked();
          channel.sender().sendNowait(1);
          scope.cancel();
        });

    assertThat(steps).containsExactly(1);
  }

  @Test
  void core_11_core_13_waiting_calls_are_checkpoints_and_immediate_ones_are_none()
      throws Exception {
    Triad.run(
        () -> {
          var channel = MemoryChannel.<Integer>open(2);
          Checkpoints.assertCheckpoints(() -> channel.sender().send(1));
          Checkpoints.assertNoCheckpoints(() -> channel.sender().sendNowait(2));
          Checkpoints.assertCheckpoints(channel.receiver()::receive);
          Checkpoints.assertNoCheckpoints(channel.receiver()::receiveNowait);
          Checkpoints.assertNoCheckpoints(channel.sender()::duplicate);
          Checkpoints.assertNoCheckpoints(channel.receiver()::duplicate);
          Checkpoints.assertCheckpoints(channel.sender()::close);
          Checkpoints.assertCheckpoints(channel.sender()::close);
          Checkpoints.assertCheckpoints(channel.receiver()::close);
          Checkpoints.assertNoCheckpoints(channel.sender()::closeNow);
          Checkpoints.assertNoCheckpoints(channel.receiver()::closeNow);
        });
  }

  @Test
  void core_69_bad_arguments_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> MemoryChannel.open(-1))
        .withMessageContaining("-1");
    var channel = MemoryChannel.<Integer>open(3);
    assertThatNullPointerException().isThrownBy(() -> channel.sender().sendNowait(null));
    assertThatNullPointerException().isThrownBy(() -> channel.sender().send(null));
    assertThatIllegalStateException().isThrownBy(() -> channel.sender().send(1));
    assertThatIllegalStateException().isThrownBy(() -> channel.receiver().receive());
    assertThat(channel.sender().statistics().bufferUsed()).isZero();
  }

  @Test
  void core_69_several_producers_and_consumers_share_a_channel() {
    List<Integer> received = new ArrayList<>();
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(3);
          for (int producer = 0; producer < 3; producer++) {
            int first = producer * 100;
            var end = channel.sender().duplicate();
            nursery.startSoon(
                () -> {
                  try (end) {
                    for (int i = 0; i < 100; i++) {
                      end.send(first + i);
                    }
                  }
                });
          }
          channel.sender().close();
          for (int consumer = 0; consumer < 3; consumer++) {
            var end = channel.receiver().duplicate();
            nursery.startSoon(
                () -> {
                  try (end) {
                    end.forEach(received::add);
                  }
                });
          }
        });

    assertThat(received).hasSize(300).doesNotHaveDuplicates();
    for (int producer = 0; producer < 3; producer++) {
      int first = producer * 100;
      assertThat(received).filteredOn(i -> i >= first && i < first + 100).isSorted();
    }
  }

  @Test
  void core_71_statistics_sum_up_over_all_duplicates_and_the_peak_only_grows() throws Exception {
    Triad.run(
        () -> {
          var channel = MemoryChannel.<Integer>open(2);
          var sender = channel.sender();
          var receiver = channel.receiver();
          assertStatistics(channel, 0, 0, 1, 1, 0, 0);
          sender.sendNowait(1);
          assertStatistics(channel, 1, 1, 1, 1, 0, 0);
          var secondSender = sender.duplicate();
          var secondReceiver = receiver.duplicate();
          var thirdReceiver = secondReceiver.duplicate();
          secondSender.sendNowait(2);
          assertStatistics(channel, 2, 2, 2, 3, 0, 0);
          assertThat(secondSender.statistics()).isEqualTo(receiver.statistics());
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> sender.send(3));
                nursery.startSoon(() -> secondSender.send(4));
                Settling.waitAllTasksBlocked();
                assertStatistics(channel, 2, 2, 2, 3, 2, 0);
                nursery.cancelScope().cancel();
              });
          receiver.receiveNowait();
          thirdReceiver.receiveNowait();
          assertStatistics(channel, 0, 2, 2, 3, 0, 0);
          Nursery.open(
              nursery -> {
                nursery.startSoon(receiver::receive);
                nursery.startSoon(secondReceiver::receive);
                nursery.startSoon(thirdReceiver::receive);
                Settling.waitAllTasksBlocked();
                assertStatistics(channel, 0, 2, 2, 3, 0, 3);
                nursery.cancelScope().cancel();
              });
          sender.sendNowait(5);
          secondSender.closeNow();
          thirdReceiver.closeNow();
          assertStatistics(channel, 1, 2, 1, 2, 0, 0);
          assertThat(receiver)
              .hasToString(
                  "MemoryReceiveChannel, 1 of 2 buffered, 0 waiting to send, 0 to receive");
          assertThat(secondSender).hasToString("MemorySendChannel, closed");
          assertThat(thirdReceiver).hasToString("MemoryReceiveChannel, closed");
        });
  }

  private static void assertStatistics(
      MemoryChannel<?> channel,
      int used,
      int peak,
      int openSenders,
      int openReceivers,
      int waitingSend,
      int waitingReceive) {
    assertThat(channel.receiver().statistics())
        .isEqualTo(
            new MemoryChannel.Statistics(
                used, peak, 2, openSenders, openReceivers, waitingSend, waitingReceive));
  }
}
