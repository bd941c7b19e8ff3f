package io.triad.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.Action;
import io.triad.BrokenResourceException;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.PartialResult;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.stream.StapledStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MemoryStreamsTest {
  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  private static BrokenResourceException assertBroken(Action<IOException> action) {
    return assertThatExceptionOfType(BrokenResourceException.class)
        .isThrownBy(action::run)
        .withMessage("the MemoryReceiveStream was closed")
        .withNoCause()
        .actual();
  }

  @Test
  void test_30_the_pump_moves_all_or_a_part_and_says_whether_there_was_any() throws IOException {
    Triad.<IOException>run(
        () -> {
          MemorySendStream sender = new MemorySendStream();
          MemoryReceiveStream receiver = new MemoryReceiveStream();
          assertThat(MemoryStreams.pump(sender, receiver)).isFalse();

          sender.sendAll(ascii("123456"));
          assertThat(MemoryStreams.pump(sender, receiver, 2)).isTrue();
          assertThat(text(receiver.receiveSome())).isEqualTo("12");
          assertThat(MemoryStreams.pump(sender, receiver)).isTrue();
          assertThat(MemoryStreams.pump(sender, receiver)).isFalse();
          assertThat(text(receiver.receiveSome())).isEqualTo("3456");

          sender.closeNow();
          assertThat(MemoryStreams.pump(sender, receiver)).isTrue();
          assertThat(MemoryStreams.pump(sender, receiver)).isTrue();
          assertThat(receiver.receiveSome()).isEmpty();
          assertThat(receiver.receiveSome()).isEmpty();
          assertThatIllegalArgumentException()
              .isThrownBy(() -> MemoryStreams.pump(sender, receiver, 0));
        });
  }

  @Test
  void test_30_a_closed_receiver_is_broken_for_data_and_takes_the_end() throws IOException {
    Triad.<IOException>run(
        () -> {
          MemorySendStream sender = new MemorySendStream();
          MemoryReceiveStream receiver = new MemoryReceiveStream();
          receiver.close();
          assertThat(MemoryStreams.pump(sender, receiver)).isFalse();
          sender.sendAll(ascii("x"));
          assertBroken(() -> MemoryStreams.pump(sender, receiver));
          sender.close();
          assertThat(MemoryStreams.pump(sender, receiver)).isTrue();
        });
  }

  @Test
  void test_30_the_pump_is_no_checkpoint() throws IOException {
    Triad.<IOException>run(
        () -> {
          MemorySendStream sender = new MemorySendStream();
          sender.sendAll(ascii("x"));
          MemoryReceiveStream receiver = new MemoryReceiveStream();
          Checkpoints.assertNoCheckpoints(() -> MemoryStreams.pump(sender, receiver));
        });
  }

  @Test
  void test_31_the_hooks_of_a_one_way_pair_pump() throws IOException {
    Triad.<IOException>run(
        () -> {
          StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
          MemorySendStream sender = pair.sender();
          MemoryReceiveStream receiver = pair.receiver();
          assertThat(sender.sendAllHook()).isNotNull();
          assertThat(sender.waitSendAllMightNotBlockHook()).isNull();
          assertThat(sender.closeHook()).isSameAs(sender.sendAllHook());
          assertThat(receiver.receiveSomeHook()).isNull();
          assertThat(receiver.closeHook()).isNull();

          sender.sendAll(ascii("123"));
          assertThat(text(receiver.receiveSome())).isEqualTo("123");
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> assertThat(receiver.receiveSome()).isEmpty());
                Settling.waitAllTasksBlocked();
                sender.close();
              });
        });
  }

  @Test
  void test_31_a_closed_receiver_breaks_the_sender() throws IOException {
    Triad.<IOException>run(
        () -> {
          StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
          pair.receiver().close();
          BrokenResourceException broken = assertBroken(() -> pair.sender().sendAll(ascii("123")));
          assertThat(PartialResult.of(broken)).hasValue(3);
        });
  }

  @Test
  void test_32_without_its_hook_the_flow_stands_still() throws IOException {
    Triad.<IOException>run(
        () -> {
          StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
          Action<IOException> hook = pair.sender().sendAllHook();
          pair.sender().setSendAllHook(null);
          List<String> events = new ArrayList<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> events.add(text(pair.receiver().receiveSome())));
                pair.sender().sendAll(ascii("12"));
                pair.sender().sendAll(ascii("34"));
                Settling.waitAllTasksBlocked();
                events.add("restored");
                pair.sender().setSendAllHook(hook);
                pair.sender().sendAll(ascii("56"));
              });
          assertThat(events).containsExactly("restored", "123456");
        });
  }

  @Test
  void test_33_a_pair_is_stapled_crosswise_and_ends_by_halves() throws IOException {
    Triad.<IOException>run(
        () -> {
          var pair = MemoryStreams.pair();
          StapledStream<MemorySendStream, MemoryReceiveStream> left = pair.sender();
          StapledStream<MemorySendStream, MemoryReceiveStream> right = pair.receiver();
          left.sendAll(ascii("123"));
          assertThat(text(right.receiveSome())).isEqualTo("123");
          right.sendAll(ascii("abc"));
          assertThat(text(left.receiveSome())).isEqualTo("abc");

          left.sendEof();
          assertThat(right.receiveSome()).isEmpty();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> left.sendAll(ascii("x")));
          right.sendAll(ascii("456"));
          assertThat(text(left.receiveSome())).isEqualTo("456");
          right.close();
          assertThat(left.receiveSome()).isEmpty();
        });
  }

  @Test
  void test_34_memory_pairs_keep_the_promises_of_streams() {
    Triad.run(
        () -> {
          StreamChecks.checkOneWayStream(MemoryStreams::oneWayPair, null);
          StreamChecks.checkHalfCloseableStream(MemoryStreams::pair, null);
        });
  }

  @Test
  void test_35_a_trickling_connection() throws IOException {
    StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
    pair.sender()
        .setSendAllHook(
            () -> {
              while (MemoryStreams.pump(pair.sender(), pair.receiver(), 1)) {
                Triad.sleep(Duration.ofSeconds(1));
              }
            });
    List<String> arrivals = new ArrayList<>();
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()),
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> pair.sender().sendAll(ascii("abc")));
              for (int i = 0; i < 3; i++) {
                arrivals.add(
                    text(pair.receiver().receiveSome()) + " at "
                        + Triad.currentTime().toSeconds());
              }
            }));
    assertThat(arrivals).containsExactly("a at 0", "b at 1", "c at 2");
  }

  @Test
  void test_36_a_stalled_connection_delivers_its_data_at_the_close_but_no_end() throws IOException {
    Triad.<IOException>run(
        () -> {
          StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
          pair.sender().setSendAllHook(null);
          pair.sender().sendAll(ascii("12"));
          pair.sender().close();
          assertThat(text(pair.receiver().receiveSome())).isEqualTo("12");
          List<String> events = new ArrayList<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      assertThat(pair.receiver().receiveSome()).isEmpty();
                      events.add("the end");
                    });
                Settling.waitAllTasksBlocked();
                events.add("the receiver is blocked");
                pair.sender().close();
              });
          assertThat(events).containsExactly("the receiver is blocked", "the end");
        });
  }

  @Test
  void test_36_a_close_with_nothing_pending_is_accepted_by_a_closed_receiver() throws IOException {
    Triad.<IOException>run(
        () -> {
          StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
          pair.receiver().close();
          pair.sender().close();
        });
  }

  @Test
  void test_36_a_close_with_stalled_data_and_a_closed_receiver_is_broken_and_closes()
      throws IOException {
    Triad.<IOException>run(
        () -> {
          StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
          pair.sender().setSendAllHook(null);
          pair.sender().sendAll(ascii("12"));
          pair.receiver().close();
          assertBroken(pair.sender()::close);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> pair.sender().sendAll(ascii("3")));
        });
  }

  @Test
  void test_43_what_is_received_belongs_to_the_caller() throws IOException {
    Triad.<IOException>run(
        () -> {
          StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
          byte[] sent = ascii("abab");
          pair.sender().sendAll(sent);
          sent[0] = 'x';
          byte[] first = pair.receiver().receiveSome(2);
          first[0] = 'y';
          assertThat(text(pair.receiver().receiveSome(2))).isEqualTo("ab");
          assertThat(text(first)).isEqualTo("yb");
        });
  }
}
