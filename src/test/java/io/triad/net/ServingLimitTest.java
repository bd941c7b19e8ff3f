package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.engine.Platform;
import io.triad.loop.Loop;
import io.triad.stream.AsyncResource;
import io.triad.stream.Server;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The limit and the graceful stop of a server, with the system's own queue of connections. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class ServingLimitTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final byte[] X = {'x'};

  private static void echo(SocketStream stream) throws IOException {
    stream.forEachChunk(stream::sendAll);
  }

  private static SocketStream connectTo(SocketListener listener) throws IOException {
    return Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
  }

  @Test
  void beyond_the_limit_connections_wait_in_the_kernel_and_none_is_lost() throws Exception {
    int limit = 2;
    int more = 40;
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              Platform platform = Loop.requireFiber().loop().platform();
              SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 100).getFirst();
              Server<SocketStream> server =
                  new Server<>(List.of(listener), ServingLimitTest::echo).maxConnections(limit);
              nursery.start(server::serve);
              List<SocketStream> clients = new ArrayList<>();
              for (int i = 0; i < limit; i++) {
                clients.add(connectTo(listener));
              }
              Settling.waitAllTasksBlocked(Duration.ofMillis(5));
              assertThat(server.connections()).isEqualTo(limit);

              int before = platform.openDescriptors();
              for (int i = 0; i < more; i++) {
                clients.add(connectTo(listener));
              }
              Settling.waitAllTasksBlocked(Duration.ofMillis(5));
              // Only our own ends: the server has taken none of them.
              assertThat(platform.openDescriptors()).isEqualTo(before + more);

              for (SocketStream client : clients) {
                client.sendAll(X);
                assertThat(client.receiveSome()).isEqualTo(X);
                assertThat(server.connections()).isEqualTo(limit);
                if (clients.indexOf(client) >= clients.size() - limit) {
                  break; // the last ones are there together
                }
                client.close();
                Settling.waitAllTasksBlocked(Duration.ofMillis(1));
              }
              for (SocketStream client : clients) {
                AsyncResource.closeForcefully(client);
              }
              assertThat(server.stop(LONG)).isTrue();
            }));
  }

  @Test
  void a_graceful_stop_refuses_new_connections_and_lets_the_others_finish() throws Exception {
    boolean[] graceful = new boolean[1];
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<SocketListener> listeners = Net.openTcpListeners(0, "127.0.0.1", 100);
              int port = listeners.getFirst().localAddress().getPort();
              Server<SocketStream> server = new Server<>(listeners, ServingLimitTest::echo);
              nursery.start(server::serve);
              try (SocketStream client = connectTo(listeners.getFirst())) {
                client.sendAll(X);
                assertThat(client.receiveSome()).isEqualTo(X);
                nursery.startSoon(() -> graceful[0] = server.stop(LONG));
                Settling.waitAllTasksBlocked(Duration.ofMillis(1));

                assertThatExceptionOfType(OsException.class)
                    .isThrownBy(() -> Net.openTcpStream("127.0.0.1", port))
                    .satisfies(e -> assertThat(e.symbol()).isEqualTo("ECONNREFUSED"));
                client.sendAll(X);
                assertThat(client.receiveSome()).isEqualTo(X);
                client.sendEof();
                assertThat(client.receiveSome()).isEmpty();
              }
            }));
    assertThat(graceful[0]).isTrue();
  }

  @Test
  void when_the_grace_is_over_the_peers_of_those_that_are_left_see_the_end() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<SocketListener> listeners = Net.openTcpListeners(0, "127.0.0.1", 100);
              Server<SocketStream> server = new Server<>(listeners, ServingLimitTest::echo);
              nursery.start(server::serve);
              try (SocketStream client = connectTo(listeners.getFirst())) {
                client.sendAll(X);
                assertThat(client.receiveSome()).isEqualTo(X);
                assertThat(server.stop(Duration.ofMillis(1))).isFalse();
                assertThat(client.receiveSome()).isEmpty();
              }
            }));
  }
}
