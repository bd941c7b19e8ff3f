package io.triad.sync;

import static io.triad.testkit.Tasks.assertCancelPoint;
import static io.triad.testkit.Tasks.inNursery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.Action;
import io.triad.BrokenResourceException;
import io.triad.ClosedResourceException;
import io.triad.EndOfChannelException;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.stream.AsyncResource;
import io.triad.stream.Channel;
import io.triad.stream.ReceiveChannel;
import io.triad.stream.SendChannel;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class MemoryChannelClosingTest {
  private final List<Object> steps = new ArrayList<>();

  private void startExpecting(
      Nursery nursery, Class<? extends Throwable> type, Action<? extends Exception> action) {
    nursery.startSoon(
        () -> {
          Throwable thrown = catchThrowable(action::run);
          assertThat(thrown).isInstanceOf(type);
          assertThat(thrown.getStackTrace())
              .as("the trace of the waiter")
              .anyMatch(frame -> frame.getMethodName().contains("startExpecting"));
          steps.add(type.getSimpleName());
        });
    Settling.waitAllTasksBlocked();
  }

  @Test
  void core_70_a_closed_end_refuses_new_and_blocked_calls_and_may_be_closed_again() {
    inNursery(
        nursery -> {
          var full = MemoryChannel.<Integer>open(0);
          startExpecting(
              nursery, ClosedResourceException.class, () -> full.sender().send(1));
          startExpecting(
              nursery, ClosedResourceException.class, () -> full.sender().send(2));
          full.sender().closeNow();
          full.sender().closeNow();
          full.sender().close();
          Settling.waitAllTasksBlocked();
          assertThat(steps).hasSize(2);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> full.sender().send(3));
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> full.sender().sendNowait(3));
          assertThat(full.receiver().statistics().tasksWaitingSend()).isZero();

          var empty = MemoryChannel.<Integer>open(1);
          startExpecting(
              nursery, ClosedResourceException.class, () -> empty.receiver().receive());
          empty.receiver().close();
          empty.receiver().close();
          assertThat(steps).hasSize(3);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(empty.receiver()::receive);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(empty.receiver()::receiveNowait);
        });
  }

  @Test
  void core_70_only_the_end_that_is_closed_is_affected() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(0);
          var secondSender = channel.sender().duplicate();
          startExpecting(
              nursery, ClosedResourceException.class, () -> channel.sender().send(1));
          nursery.startSoon(() -> secondSender.send(2));
          startExpecting(
              nursery, ClosedResourceException.class, () -> channel.sender().send(3));
          channel.sender().close();
          assertThat(channel.receiver().statistics().tasksWaitingSend()).isEqualTo(1);
          assertThat(channel.receiver().receive()).isEqualTo(2);
          assertThat(steps).hasSize(2);
          steps.clear();

          var secondReceiver = channel.receiver().duplicate();
          startExpecting(
              nursery, ClosedResourceException.class, () -> channel.receiver().receive());
          nursery.startSoon(() -> steps.add(secondReceiver.receive()));
          Settling.waitAllTasksBlocked();
          channel.receiver().close();
          secondSender.send(4);
          assertThat(steps).containsExactly("ClosedResourceException", 4);
        });
  }

  @Test
  void core_70_after_the_last_sender_receivers_drain_and_then_see_the_end() throws Exception {
    Triad.run(
        () -> {
          var channel = MemoryChannel.<Integer>open(3);
          var second = channel.sender().duplicate();
          channel.sender().sendNowait(1);
          channel.sender().closeNow();
          second.sendNowait(2);
          second.closeNow();
          assertThat(channel.receiver().receive()).isEqualTo(1);
          assertThat(channel.receiver().receiveNowait()).isEqualTo(2);
          for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(EndOfChannelException.class)
                .isThrownBy(channel.receiver()::receive);
            assertThatExceptionOfType(EndOfChannelException.class)
                .isThrownBy(channel.receiver()::receiveNowait);
          }
        });
  }

  @Test
  void core_70_blocked_receivers_see_the_end_when_the_last_sender_closes() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(3);
          var second = channel.sender().duplicate();
          startExpecting(
              nursery, EndOfChannelException.class, () -> channel.receiver().receive());
          startExpecting(
              nursery, EndOfChannelException.class, () -> channel.receiver().receive());
          channel.sender().close();
          Settling.waitAllTasksBlocked();
          assertThat(steps).isEmpty();
          second.closeNow();
          channel.receiver().closeNow();
        });

    assertThat(steps).containsExactly("EndOfChannelException", "EndOfChannelException");
  }

  @Test
  void core_70_after_the_last_receiver_senders_see_it_broken_and_the_buffer_is_dropped() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(1);
          var second = channel.receiver().duplicate();
          channel.sender().sendNowait(1);
          startExpecting(
              nursery, BrokenResourceException.class, () -> channel.sender().send(2));
          startExpecting(
              nursery, BrokenResourceException.class, () -> channel.sender().send(3));
          channel.receiver().close();
          Settling.waitAllTasksBlocked();
          assertThat(steps).isEmpty();
          second.close();
          assertThat(steps).hasSize(2);
          assertThat(channel.sender().statistics().bufferUsed()).isZero();
          assertThat(channel.sender().statistics().bufferPeak()).isEqualTo(1);
          assertThatExceptionOfType(BrokenResourceException.class)
              .isThrownBy(() -> channel.sender().send(4));
          assertThatExceptionOfType(BrokenResourceException.class)
              .isThrownBy(() -> channel.sender().sendNowait(4));
          channel.sender().close();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> channel.sender().send(4));
        });
  }

  @Test
  void core_70_a_cancelled_close_closes_nevertheless()
      throws Exception {
    Triad.run(
        () -> {
          var channel = MemoryChannel.<Integer>open(1);
          AsyncResource.closeForcefully(channel.sender());
          assertCancelPoint(() -> channel.receiver().close());
          assertThat(channel.sender().statistics().openSendChannels()).isZero();
          assertThat(channel.sender().statistics().openReceiveChannels()).isZero();
        });
    var unused = MemoryChannel.open(1);
    assertThatIllegalStateException().isThrownBy(unused.sender()::close);
    assertThatIllegalStateException().isThrownBy(unused.receiver()::close);
    assertThat(unused.sender().statistics().openSendChannels()).isZero();
    assertThat(unused.sender().statistics().openReceiveChannels()).isZero();
  }

  @Test
  void core_70_what_happened_before_the_close_counts() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(0);
          nursery.startSoon(() -> steps.add(channel.receiver().receive()));
          Settling.waitAllTasksBlocked();
          channel.sender().sendNowait(1);
          channel.receiver().closeNow();
          Settling.waitAllTasksBlocked();
          assertThat(steps).containsExactly(1);
        });
  }

  @Test
  void core_71_duplicates_are_closed_by_themselves_and_never_made_from_a_closed_end()
      throws Exception {
    Triad.run(
        () -> {
          var channel = MemoryChannel.<Integer>open(1);
          var sender = channel.sender().duplicate();
          var receiver = channel.receiver().duplicate();
          channel.sender().close();
          channel.receiver().close();
          sender.send(1);
          assertThat(receiver.receive()).isEqualTo(1);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(channel.sender()::duplicate);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(channel.receiver()::duplicate);
          assertThat(sender.statistics().openSendChannels()).isOne();
          assertThat(sender.statistics().openReceiveChannels()).isOne();
        });
  }

  @Test
  void core_12_str_10_str_18_iteration_stops_at_the_orderly_end_with_a_checkpoint()
      throws Exception {
    Triad.run(
        () -> {
          var channel = MemoryChannel.<Integer>open(3);
          channel.sender().sendNowait(1);
          channel.sender().sendNowait(2);
          channel.sender().closeNow();
          ReceiveChannel<Integer> receiver = channel.receiver();
          receiver.forEach(steps::add);
          Checkpoints.assertCheckpoints(() -> receiver.forEach(steps::add));
          assertThat(steps).containsExactly(1, 2);
          receiver.close();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> receiver.forEach(steps::add));
          assertThatNullPointerException().isThrownBy(() -> receiver.forEach(null));
        });
  }

  @Test
  void core_12_each_step_of_an_iteration_lets_others_run() {
    inNursery(
        nursery -> {
          var channel = MemoryChannel.<Integer>open(3);
          for (int i = 0; i < 3; i++) {
            channel.sender().sendNowait(i);
          }
          channel.sender().closeNow();
          nursery.startSoon(
              () -> {
                for (int i = 0; i < 3; i++) {
                  steps.add("other");
                  Triad.checkpoint();
                }
              });
          channel.receiver().forEach(steps::add);
          steps.add("end");
        });

    assertThat(steps).containsExactly("other", 0, "other", 1, "other", 2, "end");
  }

  @Test
  void str_10_str_18_an_action_that_meets_another_end_is_not_mistaken_for_this_one()
      throws Exception {
    Triad.run(
        () -> {
          var channel = MemoryChannel.<Integer>open(1);
          var ended = MemoryChannel.<Integer>open(1);
          ended.sender().closeNow();
          channel.sender().sendNowait(1);
          assertThatExceptionOfType(EndOfChannelException.class)
              .isThrownBy(
                  () -> channel.receiver().forEach(item -> steps.add(ended.receiver().receive())));
          assertThat(steps).isEmpty();
        });
  }

  /** Both directions in one object, the way a conversation has them. */
  private record Conversation<T>(SendChannel<T> out, ReceiveChannel<T> in)
      implements Channel<T> {
    @Override
    public void send(T value) throws java.io.IOException {
      out.send(value);
    }

    @Override
    public T receive() throws java.io.IOException {
      return in.receive();
    }

    @Override
    public void close() throws java.io.IOException {
      try (in) {
        out.close();
      }
    }
  }

  @Test
  void str_18_a_channel_sends_and_receives_objects() {
    inNursery(
        nursery -> {
          var there = MemoryChannel.<String>open(0);
          var back = MemoryChannel.<String>open(0);
          Channel<String> client = new Conversation<>(there.sender(), back.receiver());
          Channel<String> server = new Conversation<>(back.sender(), there.receiver());
          nursery.startSoon(
              () -> {
                try (server) {
                  server.forEach(word -> server.send(word.toUpperCase(java.util.Locale.ROOT)));
                }
              });
          try (client) {
            client.send("a");
            assertThat(client.receive()).isEqualTo("A");
            client.send("b");
            assertThat(client.receive()).isEqualTo("B");
          }
        });
  }
}
