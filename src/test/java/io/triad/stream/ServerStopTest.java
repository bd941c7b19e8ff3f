package io.triad.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.triad.CancelScope;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.NurseryAction;
import io.triad.OsException;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.stream.QueueListener.Connection;
import io.triad.sync.Event;
import io.triad.testing.Checkpoints;
import io.triad.testing.MockClock;
import io.triad.testing.Settling;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stopping a {@link Server} gracefully. Seconds are those of a clock that jumps. */
@Timeout(60)
final class ServerStopTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final QueueListener listener = new QueueListener();
  private final List<String> steps = new ArrayList<>();
  private final Server<Connection> server = new Server<>(List.of(listener), this::handle);

  private void handle(Connection connection) throws IOException {
    note("begun " + connection.number);
    connection.receiveSome();
    note("ended " + connection.number);
  }

  private void note(String what) {
    steps.add(Triad.currentTime().toSeconds() + " " + what);
  }

  private void stop(Duration grace) {
    note("stopped " + server.stop(grace));
  }

  private static void inSeconds(NurseryAction body) {
    Triad.run(
        RunOptions.DEFAULT.withClock(MockClock.autojump()), () -> Nursery.open(body));
  }

  /** Serves two connections; the nursery then has one task, the server. */
  private List<Connection> serveTwo(Nursery nursery) {
    nursery.startSoon(
        () -> {
          server.serve();
          note("served");
        });
    List<Connection> connections = List.of(listener.connect(), listener.connect());
    Settling.waitAllTasksBlocked();
    return connections;
  }

  @Test
  void handlers_that_end_within_the_grace_are_not_disturbed() {
    inSeconds(
        nursery -> {
          List<Connection> connections = serveTwo(nursery);
          nursery.startSoon(() -> stop(Duration.ofSeconds(10)));
          Triad.sleep(SECOND);
          assertThat(listener.isClosed()).isTrue();
          assertThat(server).hasToString("Server, stopping, 2 connections");
          connections.getFirst().finish();
          Triad.sleep(SECOND);
          connections.getLast().finish();
        });
    assertThat(steps)
        .startsWith("0 begun 0", "0 begun 1", "1 ended 0", "2 ended 1")
        .containsExactlyInAnyOrder(
            "0 begun 0", "0 begun 1", "1 ended 0", "2 ended 1", "2 served", "2 stopped true");
    assertThat(server).hasToString("Server, over, 0 connections");
  }

  @Test
  void handlers_that_are_there_after_the_grace_are_cancelled() {
    List<Connection> connections = new ArrayList<>();
    inSeconds(
        nursery -> {
          connections.addAll(serveTwo(nursery));
          nursery.startSoon(() -> stop(Duration.ofSeconds(10)));
          Triad.sleep(SECOND);
          connections.getFirst().finish();
        });
    assertThat(steps)
        .containsExactlyInAnyOrder(
            "0 begun 0", "0 begun 1", "1 ended 0", "10 served", "10 stopped false");
    assertThat(connections).allMatch(Connection::isClosedForcefully);
  }

  @Test
  void stop_returns_only_when_cancelled_handlers_have_ended() {
    inSeconds(
        nursery -> {
          QueueListener slow = new QueueListener();
          slow.connect();
          Server<Connection> stubborn =
              new Server<>(
                  List.of(slow),
                  (Connection connection) -> CancelScope.open(
                      scope -> {
                        scope.setShield(true);
                        Triad.sleep(Duration.ofSeconds(5));
                        note("cleaned up");
                      }));
          nursery.start(stubborn::serve);
          Settling.waitAllTasksBlocked();
          assertThat(stubborn.stop(SECOND)).isFalse();
          note("stopped");
        });
    assertThat(steps).containsExactly("5 cleaned up", "5 stopped");
  }

  @Test
  void without_grace_they_are_cancelled_at_once() {
    inSeconds(
        nursery -> {
          serveTwo(nursery);
          stop(Duration.ZERO);
        });
    assertThat(steps).contains("0 stopped false").doesNotContain("0 ended 0");
  }

  @Test
  void a_connection_whose_handler_has_not_begun_is_cut_off_as_well() {
    inSeconds(
        nursery -> {
          nursery.start(server::serve);
          Settling.waitAllTasksBlocked();
          // It is accepted, for that was under way, but its task starts when the grace is over.
          Connection connection = listener.connect();
          assertThat(server.stop(Duration.ZERO)).isFalse();
          assertThat(connection.isClosedForcefully()).isTrue();
        });
    assertThat(steps).containsExactly("0 begun 0");
  }

  @Test
  void with_endless_grace_it_waits_for_as_long_as_they_like() {
    inSeconds(
        nursery -> {
          List<Connection> connections = serveTwo(nursery);
          nursery.startSoon(() -> stop(Triad.FOREVER));
          Triad.sleep(Duration.ofSeconds(100));
          assertThat(server.connections()).isEqualTo(2);
          connections.forEach(Connection::finish);
        });
    assertThat(steps).contains("100 stopped true", "100 served");
  }

  @Test
  void a_server_without_connections_stops_at_once() {
    inSeconds(
        nursery -> {
          nursery.start(server::serve);
          stop(Duration.ofSeconds(10));
          stop(Duration.ofSeconds(10)); // and again, when all is over
          Checkpoints.assertCheckpoints(() -> server.stop(SECOND));
        });
    assertThat(steps).containsExactly("0 stopped true", "0 stopped true");
  }

  @Test
  void a_server_that_waits_for_capacity_stops_at_once() {
    Logger logger = Logger.getLogger("io.triad.net.serveListeners");
    logger.setLevel(Level.OFF);
    try {
      inSeconds(
          nursery -> {
            listener.fail(new OsException(24, "EMFILE", "accept", "none left"));
            nursery.start(server::serve);
            Settling.waitAllTasksBlocked();
            stop(Duration.ofSeconds(10));
          });
    } finally {
      logger.setLevel(null);
    }
    assertThat(steps).containsExactly("0 stopped true");
  }

  @Test
  void stopped_before_it_serves_it_closes_the_listeners_and_returns() {
    inSeconds(
        nursery -> {
          Checkpoints.assertCheckpoints(() -> server.stop(SECOND));
          assertThat(listener.isClosed()).isFalse();
          Connection connection = listener.connect();
          assertThat(nursery.<Object, RuntimeException>start(server::serve)).isNotNull();
          Settling.waitAllTasksBlocked();
          assertThat(listener.isClosed()).isTrue();
          assertThat(connection.isClosed()).isFalse(); // it was never accepted
          assertThat(server).hasToString("Server, over, 0 connections");
        });
    assertThat(steps).isEmpty();
  }

  @Test
  void of_two_stops_the_shorter_grace_counts_and_both_tell_the_same() {
    inSeconds(
        nursery -> {
          serveTwo(nursery);
          nursery.startSoon(() -> stop(Duration.ofSeconds(100)));
          Triad.sleep(SECOND);
          nursery.startSoon(() -> stop(Duration.ofSeconds(2)));
        });
    assertThat(steps)
        .containsExactlyInAnyOrder(
            "0 begun 0", "0 begun 1", "3 served", "3 stopped false", "3 stopped false");
  }

  @Test
  void a_stop_that_is_cancelled_ends_the_grace() {
    inSeconds(
        nursery -> {
          serveTwo(nursery);
          CancelScope scope = new CancelScope();
          nursery.startSoon(() -> scope.enter(_ -> stop(Duration.ofSeconds(100))));
          Triad.sleep(SECOND);
          scope.cancel();
          stop(Triad.FOREVER);
          assertThat(scope.cancelledCaught()).isTrue();
        });
    assertThat(steps)
        .containsExactlyInAnyOrder("0 begun 0", "0 begun 1", "1 served", "1 stopped false");
  }

  @Test
  void a_handler_that_fails_during_the_grace_fails_the_server_and_stop_tells() {
    assertThatExceptionOfType(ExceptionGroup.class)
        .isThrownBy(
            () -> inSeconds(
                nursery -> {
                  QueueListener failing = new QueueListener();
                  Server<Connection> fragile =
                      new Server<>(
                          List.of(failing),
                          (Connection connection) -> {
                            handle(connection);
                            if (connection.number == 0) {
                              throw new FileNotFoundException();
                            }
                          });
                  nursery.startSoon(() -> fragile.serve());
                  Connection culprit = failing.connect();
                  failing.connect();
                  Settling.waitAllTasksBlocked();
                  nursery.startSoon(
                      () -> CancelScope.open(
                          scope -> {
                            scope.setShield(true); // the failure of the server would cancel it
                            note("stopped " + fragile.stop(Duration.ofSeconds(10)));
                          }));
                  Triad.sleep(SECOND);
                  culprit.finish();
                }))
        .satisfies(
            group -> assertThat(group.leaves())
                .singleElement()
                .isInstanceOf(FileNotFoundException.class));
    assertThat(steps)
        .containsExactly("0 begun 0", "0 begun 1", "1 ended 0", "1 stopped false");
  }

  @Test
  void handlers_in_a_nursery_of_the_caller_are_waited_for_and_cancelled_but_nothing_else_there() {
    inSeconds(
        nursery -> {
          server.handlerNursery(nursery);
          List<Connection> connections = serveTwo(nursery);
          Event bystander = new Event();
          nursery.startSoon(
              () -> {
                bystander.await();
                note("bystander");
              });
          nursery.startSoon(() -> stop(Duration.ofSeconds(3)));
          Triad.sleep(SECOND);
          connections.getFirst().finish();
          Triad.sleep(Duration.ofSeconds(5));
          assertThat(connections.getLast().isClosedForcefully()).isTrue();
          bystander.set();
        });
    assertThat(steps)
        .containsExactlyInAnyOrder(
            "0 begun 0",
            "0 begun 1",
            "1 ended 0",
            "3 served",
            "3 stopped false",
            "6 bystander");
  }

  @Test
  void a_connection_that_waits_for_room_is_closed_by_a_stop() {
    inSeconds(
        nursery -> {
          QueueListener other = new QueueListener();
          Server<Connection> narrow =
              new Server<>(List.of(listener, other), this::handle).maxConnections(1);
          nursery.start(narrow::serve);
          Settling.waitAllTasksBlocked();
          Connection first = listener.connect();
          Connection second = other.connect();
          Settling.waitAllTasksBlocked();
          nursery.startSoon(() -> note("stopped " + narrow.stop(Duration.ofSeconds(5))));
          Triad.sleep(SECOND);
          Connection waited = narrow.connections() == 1 && first.isClosed() ? first : second;
          assertThat(waited.isClosedForcefully()).isTrue();
          first.finish();
          second.finish();
        });
    assertThat(steps).hasSize(3).endsWith("1 stopped true");
  }

  @Test
  void an_error_of_closing_a_listener_is_the_servers() {
    IOException error = new IOException("close");
    listener.failToClose(error);
    assertThatExceptionOfType(ExceptionGroup.class)
        .isThrownBy(
            () -> inSeconds(
                nursery -> {
                  nursery.start(server::serve);
                  server.stop(SECOND);
                }))
        .satisfies(group -> assertThat(group.leaves()).containsExactly(error));
  }

  @Test
  void a_handler_cannot_stop_the_server_that_waits_for_it() {
    inSeconds(
        nursery -> {
          QueueListener own = new QueueListener();
          own.connect();
          Server<?>[] self = new Server<?>[1];
          self[0] =
              new Server<>(
                  List.of(own),
                  (Connection connection) -> {
                    assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> self[0].stop(SECOND));
                    note("refused");
                  });
          nursery.startSoon(() -> self[0].serve());
          Settling.waitAllTasksBlocked();
          assertThatIllegalArgumentException()
              .isThrownBy(() -> self[0].stop(SECOND.negated()));
          assertThat(own.isClosed()).isFalse();
          assertThat(self[0].stop(SECOND)).isTrue();
        });
    assertThat(steps).containsExactly("0 refused");
  }
}
