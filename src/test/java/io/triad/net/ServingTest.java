package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.TaskStatus;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.stream.AsyncResource;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ServingTest {
  private static final byte[] X = {'x'};

  private static void echo(SocketStream stream) throws IOException {
    while (stream.receive(stream::sendAll)) {
      // until the end
    }
  }

  private static SocketStream connectTo(SocketListener listener) throws IOException {
    return Net.openTcpStream("localhost", listener.localAddress().getPort());
  }

  private static List<SocketListener> twoListeners() throws IOException {
    List<SocketListener> listeners = new ArrayList<>(Net.openTcpListeners(0, "127.0.0.1", 100));
    listeners.addAll(Net.openTcpListeners(0, "127.0.0.1", 100));
    return listeners;
  }

  @Test
  void net_49_started_by_a_nursery_it_serves_already() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<SocketListener> listeners =
                  nursery.<List<SocketListener>, IOException>start(
                      status -> Net.serveTcp(status, 0, "127.0.0.1", ServingTest::echo));
              assertThat(listeners).hasSize(1);
              try (SocketStream client = connectTo(listeners.getFirst())) {
                client.sendAll(X);
                assertThat(client.receiveSome()).isEqualTo(X);
              }
              nursery.cancelScope().cancel();
            }));
  }

  @Test
  void str_23_each_listener_accepts_and_each_connection_has_a_task() throws Exception {
    boolean[] returned = {false};
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<SocketListener> listeners = twoListeners();
              nursery.startSoon(
                  () -> {
                    Net.serveListeners(TaskStatus.ignored(), listeners, ServingTest::echo);
                    returned[0] = true;
                  });
              List<SocketStream> clients = new ArrayList<>();
              for (int i = 0; i < 10; i++) {
                clients.add(connectTo(listeners.get(i % 2)));
              }
              for (int i = 9; i >= 0; i--) { // the last first: none waits for another
                clients.get(i).sendAll(new byte[] {(byte) i});
                assertThat(clients.get(i).receiveSome()).containsExactly(i);
                clients.get(i).close();
              }
              nursery.cancelScope().cancel();
            }));
    assertThat(returned[0]).isFalse();
  }

  @Test
  void str_24_listeners_are_closed_when_the_server_is_cancelled() throws Exception {
    Triad.run(
        () -> {
          List<SocketListener> listeners = twoListeners();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> Net.serveListeners(TaskStatus.ignored(), listeners, _ -> {}));
                Settling.waitAllTasksBlocked();
                nursery.cancelScope().cancel();
              });
          for (SocketListener listener : listeners) {
            assertThatExceptionOfType(ClosedResourceException.class)
                .isThrownBy(listener::accept);
          }
        });
  }

  @Test
  void str_24_listeners_are_closed_although_the_server_was_cancelled_before_it_began()
      throws Exception {
    Triad.run(
        () -> {
          List<SocketListener> listeners = twoListeners();
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(_ -> Net.serveListeners(TaskStatus.ignored(), listeners, _ -> {}));
          for (SocketListener listener : listeners) {
            assertThatExceptionOfType(ClosedResourceException.class)
                .isThrownBy(listener::accept);
          }
        });
  }

  @Test
  void str_25_a_connection_is_closed_after_its_handler_whether_it_read_all_or_not()
      throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<SocketStream> handled = new ArrayList<>();
              List<SocketListener> listeners =
                  nursery.<List<SocketListener>, IOException>start(
                      status -> Net.serveTcp(status, 0, "127.0.0.1", handled::add));
              try (SocketStream client = connectTo(listeners.getFirst())) {
                assertThat(client.receiveSome()).isEmpty();
              }
              assertThatExceptionOfType(ClosedResourceException.class)
                  .isThrownBy(() -> handled.getFirst().receiveSome());
              nursery.cancelScope().cancel();
            }));
  }

  @Test
  void str_26_it_reports_the_very_list_of_listeners_once_they_accept() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<SocketListener> listeners = twoListeners();
              List<SocketListener> reported =
                  nursery.<List<SocketListener>, IOException>start(
                      status -> Net.serveListeners(status, listeners, ServingTest::echo));
              assertThat(reported).isSameAs(listeners);
              nursery.cancelScope().cancel();
            }));
  }

  @Test
  void str_27_a_failing_handler_ends_the_server_in_a_group() throws Exception {
    Triad.run(
        () -> {
          List<SocketListener> listeners = twoListeners();
          assertThatExceptionOfType(ExceptionGroup.class)
              .isThrownBy(
                  () -> Nursery.open(
                      nursery -> {
                        nursery.startSoon(
                            () -> Net.serveListeners(
                                TaskStatus.ignored(),
                                listeners,
                                _ -> {
                                  throw new FileNotFoundException("by the handler");
                                }));
                        try (SocketStream client = connectTo(listeners.getFirst())) {
                          assertThat(client.receiveSome()).isEmpty();
                        }
                      }))
              .satisfies(
                  group -> assertThat(group.leaves())
                      .singleElement()
                      .isInstanceOf(FileNotFoundException.class));
          for (SocketListener listener : listeners) {
            assertThatExceptionOfType(ClosedResourceException.class)
                .isThrownBy(listener::accept);
          }
        });
  }

  @Test
  void str_28_an_error_of_accept_leaves_in_a_group() throws Exception {
    Triad.run(
        () -> {
          int badAddress = FailingAccept.errno("EFAULT");
          List<SocketListener> listeners = twoListeners();
          assertThatExceptionOfType(ExceptionGroup.class)
              .isThrownBy(
                  () -> Nursery.open(
                      nursery -> {
                        nursery.startSoon(
                            () -> Net.serveListeners(
                                TaskStatus.ignored(), listeners, ServingTest::echo));
                        Settling.waitAllTasksBlocked();
                        FailingAccept.with(listeners.getFirst(), badAddress);
                      }))
              .satisfies(
                  group -> assertThat(group.leaves())
                      .singleElement()
                      .isInstanceOfSatisfying(
                          OsException.class,
                          e -> assertThat(e.errno()).isEqualTo(badAddress)));
        });
  }

  @Test
  void cancelling_a_server_ends_its_handlers_and_closes_their_streams() throws Exception {
    Triad.run(
        () -> {
          List<SocketStream> clients = new ArrayList<>();
          Nursery.open(
              nursery -> {
                List<SocketListener> listeners =
                    nursery.<List<SocketListener>, IOException>start(
                        status -> Net.serveTcp(status, 0, "127.0.0.1", ServingTest::echo));
                for (int i = 0; i < 5; i++) {
                  clients.add(connectTo(listeners.getFirst()));
                }
                Settling.waitAllTasksBlocked();
                nursery.cancelScope().cancel();
              });
          assertThat(Loop.requireFiber().loop().engine().operationsInFlight()).isZero();
          for (SocketStream client : clients) {
            assertThat(client.receiveSome()).isEmpty();
            AsyncResource.closeForcefully(client);
          }
        });
  }
}
