package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.stream.Server;
import io.triad.stream.StapledStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MemoryListenerTest {
  private static final byte[] ABC = {'a', 'b', 'c'};

  private final MemoryListener<StapledStream<MemorySendStream, MemoryReceiveStream>> listener =
      MemoryListener.open();

  @Test
  void connections_are_accepted_in_their_order_and_what_was_sent_before_is_there()
      throws IOException {
    Triad.<IOException>run(
        () -> {
          for (byte number = 0; number < 3; number++) {
            listener.connect().sendAll(new byte[] {number});
          }
          assertThat(listener).hasToString("MemoryListener, 3 not accepted");
          for (byte number = 0; number < 3; number++) {
            assertThat(listener.accept().receiveSome()).containsExactly(number);
          }
        });
  }

  @Test
  void accepting_waits_for_a_connection() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> assertThat(listener.accept().receiveSome()).isEqualTo(ABC));
              Settling.waitAllTasksBlocked();
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(listener::accept);
              listener.connect().sendAll(ABC);
            }));
  }

  @Test
  void both_ends_keep_their_checkpoints() throws IOException {
    Triad.<IOException>run(
        () -> {
          Checkpoints.assertNoCheckpoints(() -> listener.connect());
          Checkpoints.assertCheckpoints(() -> listener.accept());
          Checkpoints.assertCheckpoints(listener::close);
          Checkpoints.assertCheckpoints(listener::close);
        });
  }

  @Test
  void a_cancelled_accept_loses_no_connection() throws IOException {
    Triad.<IOException>run(
        () -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> listener.accept());
                Settling.waitAllTasksBlocked();
                nursery.cancelScope().cancel();
              });
          listener.connect().sendAll(ABC);
          assertThat(listener.accept().receiveSome()).isEqualTo(ABC);
        });
  }

  @Test
  void a_hook_makes_it_fail() throws IOException {
    OsException failure = new OsException(24, "EMFILE", "accept", "too many open files");
    Triad.<IOException>run(
        () -> {
          listener.connect().sendAll(ABC);
          listener.setAcceptHook(
              () -> {
                throw failure;
              });
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(listener::accept)
              .isSameAs(failure);
          assertThat(listener.acceptHook()).isNotNull();
          listener.setAcceptHook(null);
          assertThat(listener.accept().receiveSome()).isEqualTo(ABC);
        });
  }

  @Test
  void closing_tells_everybody() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> assertThatExceptionOfType(ClosedResourceException.class)
                      .isThrownBy(listener::accept));
              Settling.waitAllTasksBlocked();
              listener.close();
              assertThatExceptionOfType(ClosedResourceException.class)
                  .isThrownBy(listener::accept);
              assertThatExceptionOfType(BrokenResourceException.class)
                  .isThrownBy(listener::connect);
            }));
    assertThat(listener).hasToString("MemoryListener, closed");
  }

  @Test
  void closing_closes_what_was_not_accepted_also_if_one_of_them_fails() throws IOException {
    Triad.<IOException>run(
        () -> {
          var first = listener.connect();
          var second = listener.connect();
          IOException failure = new IOException();
          MemoryListener<StapledStream<MemorySendStream, MemoryReceiveStream>> failing =
              new MemoryListener<>(
                  () -> {
                    var pair = MemoryStreams.pair();
                    pair.receiver()
                        .receiveStream()
                        .setCloseHook(
                            () -> {
                              throw failure;
                            });
                    return pair;
                  });
          var third = failing.connect();
          var fourth = failing.connect();
          listener.close();
          assertThat(first.receiveSome()).isEmpty();
          assertThat(second.receiveSome()).isEmpty();
          assertThatExceptionOfType(IOException.class)
              .isThrownBy(failing::close)
              .isSameAs(failure);
          assertThat(third.receiveSome()).isEmpty();
          assertThat(fourth.receiveSome()).isEmpty();
        });
  }

  @Test
  void a_server_can_be_tested_with_it() {
    MemoryListener<LockstepStream> lockstep = new MemoryListener<>(LockstepStreams::pair);
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              var server =
                  new Server<>(List.of(lockstep), stream -> stream.sendAll(stream.receiveSome()));
              nursery.startSoon(() -> server.serve());
              for (int i = 0; i < 3; i++) {
                LockstepStream client = lockstep.connect();
                client.sendAll(ABC);
                assertThat(client.receiveSome()).isEqualTo(ABC);
                assertThat(client.receiveSome()).isEmpty();
              }
              nursery.cancelScope().cancel();
            }));
  }
}
