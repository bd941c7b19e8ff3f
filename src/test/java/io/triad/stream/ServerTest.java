package io.triad.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.CancelScope;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.RunOptions;
import io.triad.TaskStatus;
import io.triad.Triad;
import io.triad.stream.QueueListener.Connection;
import io.triad.testing.MockClock;
import io.triad.testing.Settling;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Serving listeners of any kind, and the limit; see {@link ServerStopTest} for stopping. */
@Timeout(60)
final class ServerTest {
  private final List<Integer> begun = new ArrayList<>();
  private final List<Integer> ended = new ArrayList<>();

  /** Waits until the connection is finished. */
  private void waitForEnd(Connection connection) throws IOException {
    begun.add(connection.number);
    connection.receiveSome();
    ended.add(connection.number);
  }

  private static void failing(Connection connection) throws IOException {
    throw new FileNotFoundException("connection " + connection.number);
  }

  @Test
  void str_23_str_25_connections_of_any_kind_of_listener_are_handled_and_closed_forcefully()
      throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<QueueListener> listeners = List.of(new QueueListener(), new QueueListener());
              nursery.startSoon(() -> new Server<>(listeners, this::waitForEnd).serve());
              Connection first = listeners.getFirst().connect();
              Connection second = listeners.getLast().connect();
              Settling.waitAllTasksBlocked();
              assertThat(begun).hasSize(2);
              assertThat(first.isClosed()).isFalse();
              first.finish();
              Settling.waitAllTasksBlocked();
              assertThat(first.isClosedForcefully()).isTrue();
              assertThat(second.isClosed()).isFalse();
              nursery.cancelScope().cancel();
            }));
    assertThat(ended).hasSize(1);
  }

  @Test
  void str_24_listeners_are_closed_whatever_the_end_is() throws Exception {
    Triad.run(
        () -> {
          QueueListener cancelled = new QueueListener();
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(_ -> new Server<>(List.of(cancelled), this::waitForEnd).serve());
          assertThat(cancelled.isClosed()).isTrue();

          List<QueueListener> failed = List.of(new QueueListener(), new QueueListener());
          failed.getLast().fail(new IOException("accept"));
          assertThatExceptionOfType(ExceptionGroup.class)
              .isThrownBy(() -> new Server<>(failed, this::waitForEnd).serve());
          assertThat(failed).allMatch(QueueListener::isClosed);
        });
  }

  @Test
  void str_26_it_reports_the_very_list_of_listeners() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<QueueListener> listeners = List.of(new QueueListener());
              Server<Connection> server = new Server<>(listeners, this::waitForEnd);
              Object reported =
                  nursery.start(
                      (TaskStatus<List<? extends Listener<Connection>>> status) -> server
                          .serve(status));
              assertThat(reported).isSameAs(listeners);
              nursery.start(new Server<>(List.of(new QueueListener()), this::waitForEnd)::serve);
              nursery.cancelScope().cancel();
            }));
  }

  @Test
  void str_27_a_failing_handler_cancels_the_others_and_the_server() throws Exception {
    Triad.run(
        () -> {
          QueueListener listener = new QueueListener();
          Connection other = listener.connect();
          Connection culprit = listener.connect();
          assertThatExceptionOfType(ExceptionGroup.class)
              .isThrownBy(
                  () -> new Server<>(
                      List.of(listener),
                      (Connection connection) -> {
                        if (connection == culprit) {
                          failing(connection);
                        }
                        waitForEnd(connection);
                      })
                      .serve())
              .satisfies(
                  group -> assertThat(group.exceptions())
                      .singleElement()
                      .isInstanceOf(FileNotFoundException.class));
          assertThat(ended).isEmpty();
          assertThat(other.isClosedForcefully()).isTrue();
          assertThat(culprit.isClosedForcefully()).isTrue();
          assertThat(listener.isClosed()).isTrue();
        });
  }

  @Test
  void str_28_other_errors_of_accept_leave_in_a_group_at_once() throws Exception {
    Triad.run(
        () -> {
          QueueListener listener = new QueueListener();
          OsException error = new OsException(103, "ECONNABORTED", "accept", "aborted");
          listener.fail(error);
          assertThatExceptionOfType(ExceptionGroup.class)
              .isThrownBy(() -> new Server<>(List.of(listener), this::waitForEnd).serve())
              .satisfies(group -> assertThat(group.exceptions()).containsExactly(error));
        });
  }

  @Test
  void str_29_each_error_of_capacity_is_logged_and_waited_out() throws Exception {
    List<String> logged = new ArrayList<>();
    Handler log =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            logged.add(Triad.currentTime().toMillis() + " " + record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("io.triad.net.serveListeners");
    logger.addHandler(log);
    logger.setUseParentHandlers(false);
    try {
      Triad.run(
          RunOptions.DEFAULT.withClock(MockClock.autojump()),
          () -> Nursery.open(
              nursery -> {
                QueueListener listener = new QueueListener();
                nursery.startSoon(
                    () -> new Server<>(List.of(listener), this::waitForEnd).serve());
                for (String symbol : List.of("EMFILE", "ENFILE", "ENOMEM", "ENOBUFS")) {
                  listener.fail(new OsException(1, symbol, "accept", "none left"));
                  Triad.sleep(Duration.ofMillis(100));
                }
                listener.fail(null);
                listener.connect();
                Triad.sleep(Duration.ofMillis(100));
                assertThat(begun).containsExactly(0);
                nursery.cancelScope().cancel();
              }));
    } finally {
      logger.removeHandler(log);
      logger.setUseParentHandlers(true);
    }
    assertThat(logged)
        .allMatch(text -> text.endsWith("(none left); retrying in 0.1 seconds"))
        .hasSizeBetween(4, 5);
    assertThat(logged).map(text -> text.split(" ")[0]).startsWith("0", "100", "200", "300");
    assertThat(logged)
        .map(text -> text.split(" ")[3])
        .contains("EMFILE", "ENFILE", "ENOMEM", "ENOBUFS");
  }

  @Test
  void str_30_a_handler_that_fails_in_a_nursery_around_the_server_takes_it_down()
      throws Exception {
    Triad.run(
        () -> {
          QueueListener listener = new QueueListener();
          assertThatExceptionOfType(ExceptionGroup.class)
              .isThrownBy(
                  () -> Nursery.open(
                      nursery -> {
                        listener.connect();
                        new Server<>(List.of(listener), ServerTest::failing)
                            .handlerNursery(nursery)
                            .serve();
                      }))
              // The server itself was only cancelled: the failure is not its own.
              .satisfies(
                  group -> assertThat(group.exceptions())
                      .hasAtLeastOneElementOfType(FileNotFoundException.class)
                      .noneMatch(ExceptionGroup.class::isInstance));
          assertThat(listener.isClosed()).isTrue();
        });
  }

  @Test
  void str_30_a_handler_that_fails_in_a_nursery_elsewhere_leaves_the_server_until_the_next_one()
      throws Exception {
    Triad.run(
        () -> {
          QueueListener listener = new QueueListener();
          Nursery[] elsewhere = new Nursery[1];
          List<Throwable> failures = new ArrayList<>();
          assertThatExceptionOfType(ExceptionGroup.class)
              .isThrownBy(
                  () -> Nursery.open(
                      outer -> {
                        outer.startSoon(
                            () -> {
                              try {
                                Nursery.open(
                                    nursery -> {
                                      elsewhere[0] = nursery;
                                      Triad.sleepForever();
                                    });
                              } catch (ExceptionGroup group) {
                                failures.addAll(group.exceptions());
                              }
                            });
                        Settling.waitAllTasksBlocked();
                        outer.startSoon(
                            () -> new Server<>(List.of(listener), ServerTest::failing)
                                .handlerNursery(elsewhere[0])
                                .serve());
                        listener.connect();
                        Settling.waitAllTasksBlocked();
                        assertThat(failures)
                            .hasAtLeastOneElementOfType(FileNotFoundException.class);
                        assertThat(listener.isClosed()).isFalse();

                        Connection next = listener.connect(); // there is no nursery for it
                        Settling.waitAllTasksBlocked();
                        assertThat(next.isClosedForcefully()).isTrue();
                      }))
              .satisfies(
                  group -> assertThat(group.leaves())
                      .singleElement()
                      .isInstanceOf(IllegalStateException.class));
          assertThat(listener.isClosed()).isTrue();
        });
  }

  @Test
  void str_30_handlers_in_a_nursery_of_the_caller_survive_the_server() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              QueueListener listener = new QueueListener();
              CancelScope around = new CancelScope();
              nursery.startSoon(
                  () -> around.enter(
                      _ -> new Server<>(List.of(listener), this::waitForEnd)
                          .handlerNursery(nursery)
                          .serve()));
              Connection connection = listener.connect();
              Settling.waitAllTasksBlocked();
              around.cancel();
              Settling.waitAllTasksBlocked();
              assertThat(listener.isClosed()).isTrue();
              assertThat(connection.isClosed()).isFalse();
              connection.finish();
            }));
    assertThat(ended).containsExactly(0);
  }

  @Test
  void with_a_limit_the_rest_waits_in_the_backlog_and_is_served_in_turn() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              QueueListener listener = new QueueListener();
              Server<Connection> server =
                  new Server<>(List.of(listener), this::waitForEnd).maxConnections(2);
              nursery.startSoon(() -> server.serve());
              List<Connection> connections = new ArrayList<>();
              for (int i = 0; i < 5; i++) {
                connections.add(listener.connect());
              }
              for (int i = 0; i < 5; i++) {
                Settling.waitAllTasksBlocked();
                assertThat(begun).hasSize(Math.min(i + 2, 5));
                assertThat(server.connections()).isEqualTo(Math.min(2, 5 - i));
                assertThat(listener.backlog()).isEqualTo(Math.max(0, 3 - i));
                connections.get(i).finish();
              }
              Settling.waitAllTasksBlocked();
              assertThat(server.connections()).isZero();
              assertThat(listener.pauses).isEqualTo(4);
              nursery.cancelScope().cancel();
            }));
    assertThat(ended).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void a_limit_holds_over_all_listeners_and_none_of_them_starves() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<QueueListener> listeners =
                  List.of(new QueueListener(), new QueueListener(), new QueueListener());
              Server<Connection> server =
                  new Server<>(listeners, this::waitForEnd).maxConnections(1);
              nursery.startSoon(() -> server.serve());
              Settling.waitAllTasksBlocked();
              List<Connection> connections = new ArrayList<>();
              for (QueueListener listener : listeners) {
                connections.add(listener.connect());
                connections.add(listener.connect());
              }
              connections.forEach(Connection::finish);
              for (int i = 0; i < 100; i++) {
                assertThat(server.connections()).isLessThanOrEqualTo(1);
                Triad.checkpoint();
              }
              assertThat(connections).allMatch(Connection::isClosed);
              nursery.cancelScope().cancel();
            }));
    assertThat(ended).hasSize(6);
  }

  @Test
  void a_connection_that_waits_for_room_is_closed_when_the_server_is_cancelled()
      throws Exception {
    Triad.run(
        () -> {
          List<QueueListener> listeners = List.of(new QueueListener(), new QueueListener());
          List<Connection> connections = new ArrayList<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> new Server<>(listeners, this::waitForEnd).maxConnections(1).serve());
                Settling.waitAllTasksBlocked();
                connections.add(listeners.getFirst().connect());
                connections.add(listeners.getLast().connect());
                Settling.waitAllTasksBlocked();
                assertThat(listeners).allMatch(listener -> listener.backlog() == 0);
                nursery.cancelScope().cancel();
              });
          assertThat(begun).hasSize(1);
          assertThat(connections).allMatch(Connection::isClosedForcefully);
        });
  }

  @Test
  void what_cannot_be_is_refused() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Server<Connection> server =
                  new Server<>(List.of(new QueueListener()), this::waitForEnd);
              assertThatIllegalArgumentException().isThrownBy(() -> server.maxConnections(0));
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> new Server<>(List.<QueueListener>of(), this::waitForEnd));
              nursery.start(server::serve);
              assertThatIllegalStateException().isThrownBy(() -> server.maxConnections(1));
              assertThatIllegalStateException().isThrownBy(() -> server.handlerNursery(nursery));
              assertThatIllegalStateException().isThrownBy(() -> server.serve());
              assertThat(server).hasToString("Server, serving, 0 connections");
              nursery.cancelScope().cancel();
            }));
  }
}
