package io.triad.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.SocketStream;
import io.triad.testing.Settling;
import io.triad.testing.StreamChecks;
import io.triad.testing.StreamPair;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.TcpPairs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A {@link BufferedReceiver} among several tasks: waiting, cancelling, closing. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class BufferedReceiverWaitingTest {
  /** What a piece is received by, and cancelled in. */
  private interface Attempt {
    void run(BufferedReceiver receiver) throws IOException;
  }

  /** Cancels an attempt that has got a part of what it wants. */
  private static void cancelled(Fed stream, BufferedReceiver receiver, Attempt attempt) {
    Nursery.open(
        nursery -> {
          CancelScope scope = new CancelScope();
          nursery.startSoon(() -> scope.enter(_ -> attempt.run(receiver)));
          Settling.waitAllTasksBlocked();
          stream.feed("x");
          Settling.waitAllTasksBlocked();
          scope.cancel();
          Settling.waitAllTasksBlocked();
          assertThat(scope.cancelledCaught()).isTrue();
        });
  }

  @Test
  void a_cancelled_call_loses_no_byte_and_can_be_repeated() throws Exception {
    Triad.run(
        () -> {
          Fed stream = new Fed();
          BufferedReceiver receiver = new BufferedReceiver(stream);
          ByteBuffer buffer = ByteBuffer.allocateDirect(10);
          cancelled(stream, receiver, r -> r.receiveLine(UTF_8, 100));
          cancelled(stream, receiver, r -> r.receiveUntil("||".getBytes(UTF_8), 100));
          cancelled(stream, receiver, r -> r.receiveExactly(10));
          cancelled(stream, receiver, r -> r.receiveExactly(buffer));
          cancelled(stream, receiver, r -> r.peek(10));
          assertThat(buffer.position()).isZero();
          stream.feed("yz\n");
          assertThat(receiver.receiveLine(UTF_8, 100)).isEqualTo("xxxxxyz");
        });
  }

  @Test
  void a_call_in_a_cancelled_scope_takes_nothing_out_of_the_buffer() throws Exception {
    Triad.run(
        () -> {
          BufferedReceiver receiver = new BufferedReceiver(new Fed("line\n"));
          receiver.peek(1);
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(_ -> receiver.receiveLine(UTF_8, 100));
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(receiver.receiveLine(UTF_8, 100)).isEqualTo("line");
        });
  }

  /** A million bytes, one at a time: whoever looked at all of them each time would never end. */
  @Test
  void a_long_line_that_comes_byte_by_byte_is_searched_once() throws Exception {
    int length = 1_000_000;
    int[] given = {0};
    ReceiveStream dripping =
        new ReceiveStream() {
          @Override
          public int receiveSome(MemorySegment into) {
            into.set(
                ValueLayout.JAVA_BYTE,
                0,
                (byte) (given[0]++ == length ? '\n' : 'x'));
            return 1;
          }

          @Override
          public <E extends Exception> boolean receive(ChunkAction<E> action) throws E {
            Chunk chunk = new Chunk();
            byte[] one = {(byte) (given[0]++ == length ? '\n' : 'x')};
            chunk.lend(MemorySegment.ofArray(one), 0, 1);
            action.accept(chunk);
            return true;
          }

          @Override
          public void close() {}
        };
    Triad.run(
        () -> assertThat(new BufferedReceiver(dripping).receiveLine(US_ASCII, length))
            .hasSize(length));
  }

  @Test
  void a_second_task_is_busy_even_if_the_buffer_has_something_for_it() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Fed stream = new Fed("par");
              BufferedReceiver receiver = new BufferedReceiver(stream);
              nursery.startSoon(
                  () -> assertThat(receiver.receiveLine(UTF_8, 9)).isEqualTo("partial"));
              Settling.waitAllTasksBlocked();
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(receiver::receiveSome);
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(() -> receiver.peek(1));
              stream.feed("tial\n");
            }));
  }

  @Test
  void str_04_closing_wakes_who_waits_and_drops_what_was_buffered() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Fed stream = new Fed("par");
              BufferedReceiver receiver = new BufferedReceiver(stream);
              nursery.startSoon(
                  () -> assertThatExceptionOfType(ClosedResourceException.class)
                      .isThrownBy(() -> receiver.receiveExactly(9)));
              Settling.waitAllTasksBlocked();
              receiver.close();
              assertThat(stream.isClosed()).isTrue();
              assertThatExceptionOfType(ClosedResourceException.class)
                  .isThrownBy(() -> receiver.receiveSome(1));
              assertThatExceptionOfType(ClosedResourceException.class)
                  .isThrownBy(() -> receiver.receiveLine(UTF_8, 9));
              receiver.close();
            }));
  }

  @Test
  void closing_while_a_call_lets_others_run_leaves_no_half_piece() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              BufferedReceiver receiver = new BufferedReceiver(new Fed("one\ntwo\n"));
              receiver.peek(8);
              nursery.startSoon(receiver::close);
              assertThatExceptionOfType(ClosedResourceException.class)
                  .isThrownBy(() -> receiver.receiveLine(UTF_8, 9));
            }));
  }

  @Test
  void chk_01_the_receiver_of_a_connection_passes_the_checks_for_streams() throws Exception {
    Triad.run(
        () -> StreamChecks.checkOneWayStream(
            () -> buffered(TcpPairs.open()), () -> buffered(TcpPairs.clogged())));
  }

  private static StreamPair<SocketStream, BufferedReceiver> buffered(
      StreamPair<SocketStream, SocketStream> pair) {
    return new StreamPair<>(pair.sender(), new BufferedReceiver(pair.receiver()));
  }
}
