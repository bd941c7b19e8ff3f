package io.triad.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.Action;
import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.Triad;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MemoryReceiveStreamTest {
  private static final byte[] ABC = {'a', 'b', 'c'};

  private final MemoryReceiveStream stream = new MemoryReceiveStream();
  private final List<String> events = new ArrayList<>();

  private static void run(Action<IOException> action) throws IOException {
    Triad.run(action);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  private static void assertClosed(Action<IOException> action) {
    assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(action::run);
  }

  @Test
  void test_27_what_was_put_in_is_received_up_to_the_limit() throws IOException {
    run(
        () -> {
          stream.putData(ABC);
          assertThat(text(stream.receiveSome(2))).isEqualTo("ab");
          assertThat(text(stream.receiveSome(2))).isEqualTo("c");
          stream.putData(ABC);
          stream.putData(ABC);
          Checkpoints.assertCheckpoints(
              () -> assertThat(text(stream.receiveSome())).isEqualTo("abcabc"));
          stream.putData(ABC);
          ByteBuffer buffer = ByteBuffer.allocate(5);
          assertThat(stream.receiveSome(buffer)).isEqualTo(3);
          assertThat(buffer.position()).isEqualTo(3);
          assertThatIllegalArgumentException().isThrownBy(() -> stream.receiveSome(0));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> stream.receiveSome(MemorySegment.NULL));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> stream.receiveSome(MemorySegment.ofArray(ABC).asReadOnly()));
        });
  }

  @Test
  void test_27_receiving_waits_for_data() throws IOException {
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> events.add(text(stream.receiveSome())));
              Settling.waitAllTasksBlocked();
              assertThat(events).isEmpty();
              stream.putData(ABC);
            }));
    assertThat(events).containsExactly("abc");
  }

  @Test
  void test_27_the_hook_may_put_in_what_is_received() throws IOException {
    stream.setReceiveSomeHook(() -> stream.putData(ABC));
    run(
        () -> {
          assertThat(text(stream.receiveSome(4))).isEqualTo("abc");
          assertThat(text(stream.receiveSome(2))).isEqualTo("ab");
          assertThat(text(stream.receiveSome())).isEqualTo("cabc");
        });
  }

  @Test
  void test_27_the_hook_of_a_closed_stream_is_not_called() throws IOException {
    MemoryReceiveStream hooked =
        new MemoryReceiveStream(() -> events.add("receiving"), () -> events.add("closing"));
    assertThat(hooked.receiveSomeHook()).isNotNull();
    assertThat(hooked.closeHook()).isNotNull();
    run(
        () -> {
          hooked.close();
          assertClosed(hooked::receiveSome);
        });
    assertThat(events).containsExactly("closing");
  }

  @Test
  void test_27_two_tasks_must_not_receive_at_once() throws IOException {
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> assertThat(stream.receiveSome()).isEqualTo(ABC));
              Settling.waitAllTasksBlocked();
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(stream::receiveSome)
                  .withMessage("another task is using this stream");
              stream.putData(ABC);
            }));
  }

  @Test
  void test_27_a_cancelled_receive_takes_nothing() throws IOException {
    run(
        () -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> stream.receiveSome());
                Settling.waitAllTasksBlocked();
                nursery.cancelScope().cancel();
              });
          stream.putData(ABC);
          assertThat(stream.receiveSome()).isEqualTo(ABC);
        });
  }

  @Test
  void test_28_the_end_comes_after_the_data_and_stays() throws IOException {
    run(
        () -> {
          stream.putData(ABC);
          stream.putEof();
          stream.putEof();
          assertClosed(() -> stream.putData(ABC));
          assertThat(text(stream.receiveSome(2))).isEqualTo("ab");
          assertThat(text(stream.receiveSome(2))).isEqualTo("c");
          assertThat(stream.receiveSome()).isEmpty();
          assertThat(stream.receiveSome(MemorySegment.ofArray(new byte[1]))).isEqualTo(-1);
        });
  }

  @Test
  void test_28_the_end_wakes_who_receives() throws IOException {
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> assertThat(stream.receiveSome()).isEmpty());
              Settling.waitAllTasksBlocked();
              Checkpoints.assertNoCheckpoints(stream::putEof);
            }));
  }

  @Test
  void test_29_closing_wakes_who_receives_with_closed() throws IOException {
    run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> assertClosed(stream::receiveSome));
              Settling.waitAllTasksBlocked();
              stream.closeNow();
            }));
  }

  @Test
  void test_29_closing_drops_what_is_pending_and_can_be_repeated() throws IOException {
    stream.setCloseHook(() -> events.add("closing"));
    run(
        () -> {
          stream.putData(ABC);
          Checkpoints.assertNoCheckpoints(stream::closeNow);
          assertClosed(stream::receiveSome);
          assertClosed(() -> stream.putData(ABC));
          Checkpoints.assertCheckpoints(stream::close);
          stream.close();
          assertClosed(stream::receiveSome);
          stream.putEof();
          assertClosed(stream::receiveSome);
        });
    assertThat(events).hasSize(3);
    assertThat(stream).hasToString("MemoryReceiveStream, closed");
  }
}
