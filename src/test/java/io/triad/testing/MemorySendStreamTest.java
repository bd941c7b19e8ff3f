package io.triad.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.Action;
import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.WouldBlockException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.sync.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MemorySendStreamTest {
  private static final byte[] ABC = {'a', 'b', 'c'};

  private final MemorySendStream stream = new MemorySendStream();
  private final List<String> events = new ArrayList<>();

  private static void run(Action<IOException> action) throws IOException {
    Triad.run(action);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  private static long schedulePoints(Action<IOException> action) throws IOException {
    Fiber fiber = Loop.requireFiber();
    long before = fiber.schedulePoints();
    action.run();
    return fiber.schedulePoints() - before;
  }

  private static void assertClosed(Action<IOException> action) {
    assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(action::run);
  }

  private static void assertBusy(String message, Action<IOException> action) {
    assertThatExceptionOfType(BusyResourceException.class)
        .isThrownBy(action::run)
        .withMessage(message);
  }

  @Test
  void test_20_what_was_sent_is_there_when_the_hook_is_called() throws IOException {
    stream.setSendAllHook(() -> events.add(text(stream.getDataNowait())));
    run(
        () -> {
          stream.sendAll(ABC);
          stream.sendAll(new byte[] {'d'});
          assertThat(events).containsExactly("abc", "d");
          assertThatExceptionOfType(WouldBlockException.class).isThrownBy(stream::getDataNowait);
        });
  }

  @Test
  void test_20_there_are_two_checkpoints_and_no_limit() throws IOException {
    run(
        () -> {
          assertThat(schedulePoints(() -> stream.sendAll(ABC))).isEqualTo(2);
          byte[] much = new byte[1_000_000];
          for (int i = 0; i < 5; i++) {
            stream.sendAll(much);
          }
          assertThat(stream.getDataNowait()).hasSize(5_000_003).startsWith(ABC);
        });
  }

  @Test
  void test_20_a_cancelled_send_has_accepted_nothing() throws IOException {
    run(
        () -> {
          CancelScope.open(
              scope -> {
                scope.cancel();
                assertThatExceptionOfType(Cancelled.class)
                    .isThrownBy(() -> stream.sendAll(ABC))
                    .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(0));
              });
          assertThatExceptionOfType(WouldBlockException.class).isThrownBy(stream::getDataNowait);
        });
  }

  @Test
  void test_20_if_the_hook_throws_everything_was_accepted() throws IOException {
    IOException failure = new IOException();
    stream.setSendAllHook(
        () -> {
          throw failure;
        });
    run(
        () -> {
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(() -> stream.sendAll(ABC))
              .isSameAs(failure);
          assertThat(PartialResult.of(failure)).hasValue(3);
          assertThat(stream.getDataNowait()).isEqualTo(ABC);
        });
  }

  @Test
  void test_21_waiting_is_checked_and_calls_its_hook() throws IOException {
    stream.setWaitSendAllMightNotBlockHook(() -> events.add("hook"));
    run(
        () -> {
          assertThat(schedulePoints(stream::waitSendAllMightNotBlock)).isEqualTo(2);
          stream.closeNow();
          assertClosed(stream::waitSendAllMightNotBlock);
        });
    assertThat(events).containsExactly("hook");
  }

  @Test
  void test_21_waiting_and_sending_exclude_each_other() throws IOException {
    Event go = new Event();
    stream.setWaitSendAllMightNotBlockHook(go::await);
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(stream::waitSendAllMightNotBlock);
              Settling.waitAllTasksBlocked();
              assertBusy("another task is using this stream", () -> stream.sendAll(ABC));
              assertBusy("another task is using this stream", stream::waitSendAllMightNotBlock);
              go.set();
            }));
    run(() -> stream.sendAll(ABC));
  }

  @Test
  void test_22_of_two_sends_at_once_one_succeeds_and_one_is_busy() throws IOException {
    run(
        () -> {
          Nursery.open(
              nursery -> {
                for (int i = 0; i < 2; i++) {
                  nursery.startSoon(
                      () -> {
                        try {
                          stream.sendAll(ABC);
                          events.add("sent");
                        } catch (BusyResourceException e) {
                          events.add(e.getMessage());
                        }
                      });
                }
              });
          assertThat(events)
              .containsExactlyInAnyOrder("sent", "another task is using this stream");
          assertThat(stream.getDataNowait()).isEqualTo(ABC);
        });
  }

  @Test
  void test_23_both_ways_of_closing_call_the_hook_each_time() throws IOException {
    stream.setCloseHook(() -> events.add("closing"));
    run(
        () -> {
          Checkpoints.assertNoCheckpoints(stream::closeNow);
          Checkpoints.assertNoCheckpoints(stream::closeNow);
          Checkpoints.assertCheckpoints(stream::close);
          Checkpoints.assertCheckpoints(stream::close);
        });
    assertThat(events).hasSize(4);
  }

  @Test
  void test_23_a_hook_that_runs_is_not_disturbed_by_a_close() throws IOException {
    Event go = new Event();
    stream.setSendAllHook(
        () -> {
          go.await();
          events.add("hook ends");
        });
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> {
                    stream.sendAll(ABC);
                    events.add("sent");
                  });
              Settling.waitAllTasksBlocked();
              stream.close();
              Settling.waitAllTasksBlocked();
              events.add("closed");
              go.set();
            }));
    assertThat(events).containsExactly("closed", "hook ends", "sent");
  }

  @Test
  void test_23_a_cancelled_close_closes() throws IOException {
    run(
        () -> {
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(_ -> stream.close());
          assertThat(scope.cancelledCaught()).isTrue();
          assertClosed(() -> stream.sendAll(ABC));
        });
  }

  @Test
  void test_24_what_was_sent_can_be_fetched_at_once_or_in_parts() throws IOException {
    run(
        () -> {
          assertThatExceptionOfType(WouldBlockException.class).isThrownBy(stream::getDataNowait);
          stream.sendAll(ABC);
          Checkpoints.assertNoCheckpoints(() -> assertThat(stream.getDataNowait(2)).hasSize(2));
          stream.sendAll(ABC);
          assertThat(text(stream.getDataNowait())).isEqualTo("cabc");
          stream.sendAll(ABC);
          Checkpoints.assertCheckpoints(() -> assertThat(text(stream.getData(2))).isEqualTo("ab"));
          assertThat(text(stream.getData(2))).isEqualTo("c");
          for (int maxBytes : new int[] {0, -1}) {
            assertThatIllegalArgumentException().isThrownBy(() -> stream.getData(maxBytes));
            assertThatIllegalArgumentException().isThrownBy(() -> stream.getDataNowait(maxBytes));
          }
        });
  }

  @Test
  void test_24_fetching_waits_for_data() throws IOException {
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> events.add(text(stream.getData())));
              Settling.waitAllTasksBlocked();
              assertThat(events).isEmpty();
              stream.sendAll(ABC);
            }));
    assertThat(events).containsExactly("abc");
  }

  @Test
  void test_24_a_cancelled_fetch_takes_nothing() throws IOException {
    run(
        () -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> stream.getData());
                Settling.waitAllTasksBlocked();
                nursery.cancelScope().cancel();
              });
          stream.sendAll(ABC);
          CancelScope.open(
              scope -> {
                scope.cancel();
                stream.getData();
              });
          assertThat(stream.getData()).isEqualTo(ABC);
        });
  }

  @Test
  void test_24_after_the_close_the_rest_is_fetched_and_then_nothing() throws IOException {
    run(
        () -> {
          stream.sendAll(ABC);
          stream.close();
          assertThat(text(stream.getData(2))).isEqualTo("ab");
          assertThat(text(stream.getDataNowait())).isEqualTo("c");
          assertThat(stream.getData()).isEmpty();
          assertThat(stream.getDataNowait()).isEmpty();
        });
  }

  @Test
  void test_24_a_close_wakes_who_fetches() throws IOException {
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> assertThat(stream.getData()).isEmpty());
              Settling.waitAllTasksBlocked();
              stream.close();
            }));
  }

  @Test
  void test_24_two_tasks_must_not_fetch_at_once() throws IOException {
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> assertThat(stream.getData()).isEqualTo(ABC));
              Settling.waitAllTasksBlocked();
              assertBusy("another task is already fetching data", stream::getData);
              assertBusy("another task is already fetching data", stream::getDataNowait);
              stream.sendAll(ABC);
            }));
  }

  @Test
  void test_25_who_sends_after_the_close_is_told() throws IOException {
    run(
        () -> {
          stream.closeNow();
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> stream.sendAll(ABC))
              .satisfies(e -> assertThat(PartialResult.of(e)).hasValue(0));
          assertClosed(() -> stream.sendAll(new byte[0]));
        });
  }

  @Test
  void test_26_the_hooks_are_absent_given_or_set() throws IOException {
    assertThat(stream.sendAllHook()).isNull();
    assertThat(stream.waitSendAllMightNotBlockHook()).isNull();
    assertThat(stream.closeHook()).isNull();

    Action<IOException> send = () -> events.add("send");
    Action<IOException> wait = () -> events.add("wait");
    Action<IOException> close = () -> events.add("close");
    MemorySendStream hooked = new MemorySendStream(send, wait, close);
    assertThat(hooked.sendAllHook()).isSameAs(send);
    assertThat(hooked.waitSendAllMightNotBlockHook()).isSameAs(wait);
    assertThat(hooked.closeHook()).isSameAs(close);
    run(
        () -> {
          hooked.sendAll(ABC);
          hooked.waitSendAllMightNotBlock();
          hooked.close();
          hooked.setCloseHook(null);
          hooked.close();
        });
    assertThat(events).containsExactly("send", "wait", "close");
    assertThat(hooked).hasToString("MemorySendStream, closed");
  }
}
