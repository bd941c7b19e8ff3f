package io.triad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.lowlevel.Lowlevel;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import io.triad.testkit.Tasks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketLifecycleTest {
  @Test
  void sock_37_close_does_not_wait_and_can_be_repeated() throws Exception {
    SocketPairs.fresh(
        socket -> {
          Checkpoints.assertNoCheckpoints(socket::close);
          assertThat(socket.fileno()).isEqualTo(-1);
          assertThat(socket.toString()).contains("closed");
          socket.close();
        });
  }

  @Test
  void sock_37_close_wakes_all_who_wait() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (client, _) -> {
          SocketPairs.clog(client);
          List<Throwable> thrown = new ArrayList<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> thrown.add(catchThrowable(() -> client.recv(1))));
                nursery.startSoon(() -> thrown.add(catchThrowable(() -> client.send(new byte[1]))));
                Settling.waitAllTasksBlocked();
                client.close();
              });
          assertThat(thrown)
              .hasSize(2)
              .hasOnlyElementsOfType(ClosedResourceException.class);
        });
  }

  @Test
  void sock_37_a_listener_that_is_closed_lets_its_waiter_go() throws Exception {
    Triad.<Exception>run(
        () -> {
          Socket listener = SocketPairs.listener();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(listener::accept));
                Settling.waitAllTasksBlocked();
                listener.close();
              });
        });
  }

  @Test
  void sock_38_what_is_closed_is_a_bad_descriptor() throws Exception {
    SocketPairs.fresh(
        socket -> {
          socket.close();
          List<ThrowingCallable> calls =
              List.of(
                  () -> socket.recv(1),
                  () -> socket.recvFrom(1),
                  () -> socket.recvMsg(1, 0, 0),
                  () -> socket.send(new byte[1]),
                  () -> socket.sendAll(new byte[1]),
                  () -> socket.sendTo(new byte[1], SocketPairs.loopback(9)),
                  () -> socket.sendMsg(List.of()),
                  socket::accept,
                  () -> socket.connect(SocketPairs.loopback(9)),
                  () -> socket.bind(SocketPairs.loopback(0)),
                  socket::listen,
                  socket::isReadable,
                  socket::waitReadable,
                  socket::waitWritable,
                  socket::dup,
                  socket::getsockname,
                  socket::getpeername,
                  socket::getInheritable,
                  () -> socket.setInheritable(true),
                  () -> socket.shutdown(Direction.WRITE),
                  () -> socket.getOption(SocketOptions.SO_ERROR),
                  () -> socket.setOption(SocketOptions.TCP_NOTSENT_LOWAT, 1));
          for (ThrowingCallable call : calls) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.symbol()).isEqualTo("EBADF"));
          }
          assertThat(socket.didShutdownWrite()).isFalse();
        });
  }

  @Test
  void sock_39_detach_gives_the_descriptor_away() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          int number = client.detach();
          assertThat(number).isNotNegative();
          assertThat(client.fileno()).isEqualTo(-1);
          assertThat(client.detach()).isEqualTo(-1);
          client.close();
          try (Socket again = Sockets.adoptFd(number)) {
            again.sendAll(new byte[] {5});
            assertThat(server.recv(1)).containsExactly(5);
          }
        });
  }

  @Test
  void sock_40_a_duplicate_outlives_the_original_and_the_other_way_round() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          Socket first = client.dup();
          try (Socket second = client.dup()) {
            assertThat(first.fileno()).isNotEqualTo(client.fileno());
            assertThat(first.getInheritable()).isFalse();
            first.close();
            client.sendAll(new byte[] {1});
            client.close();
            second.sendAll(new byte[] {2});
            second.shutdown(Direction.WRITE);
          }
          assertThat(receiveAll(server)).containsExactly(1, 2);
        });
  }

  private static byte[] receiveAll(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part = socket.recv(100); part.length > 0; part = socket.recv(100)) {
      all.write(part);
    }
    return all.toByteArray();
  }

  @Test
  void sock_41_a_block_closes_it_at_its_end() throws Exception {
    Triad.<Exception>run(
        () -> {
          Socket outside;
          try (Socket socket = Sockets.socket()) {
            outside = socket;
            assertThat(socket.fileno()).isNotNegative();
          }
          assertThat(outside.fileno()).isEqualTo(-1);
        });
  }

  @Test
  void sock_42_shutdown_is_remembered_if_it_happened() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          client.shutdown(Direction.READ);
          assertThat(client.didShutdownWrite()).isFalse();
          Checkpoints.assertNoCheckpoints(() -> client.shutdown(Direction.WRITE));
          assertThat(client.didShutdownWrite()).isTrue();
          try (Socket duplicate = client.dup()) {
            assertThat(duplicate.didShutdownWrite()).isFalse();
          }
          assertThat(server.recv(1)).isEmpty();
          // The other direction has been shut by the client, and Darwin shuts none twice.
          server.shutdown(Kernel.isDarwin() ? Direction.WRITE : Direction.BOTH);
          assertThat(server.didShutdownWrite()).isTrue();
        });
    SocketPairs.fresh(
        socket -> {
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> socket.shutdown(Direction.WRITE))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("ENOTCONN"));
          assertThat(socket.didShutdownWrite()).isFalse();
        });
  }

  @Test
  void sock_42_half_a_connection_goes_on() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          client.shutdown(Direction.WRITE);
          assertThat(server.recv(1)).isEmpty();
          server.sendAll(new byte[] {9});
          assertThat(client.recv(10)).containsExactly(9);
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> client.send(new byte[1]))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EPIPE"));
        });
  }

  @Test
  void sock_02_sock_43_foreign_calls_are_not_offered() {
    Set<String> offered =
        Arrays.stream(Socket.class.getMethods()).map(Method::getName).collect(Collectors.toSet());
    offered.addAll(
        Arrays.stream(Sockets.class.getMethods()).map(Method::getName).collect(Collectors.toSet()));
    assertThat(offered)
        .doesNotContain(
            "setblocking", "setBlocking", "configureBlocking", "settimeout", "setTimeout",
            "setSoTimeout", "makefile", "getInputStream", "getHostByName", "createConnection",
            "createServer", "setDefaultTimeout", "getFqdn");
  }

  @Test
  void sock_44_readable_is_what_a_receive_would_find() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          assertThat(server.isReadable()).isFalse();
          client.sendAll(new byte[] {1});
          server.waitReadable();
          assertThat(server.isReadable()).isTrue();
          assertThat(server.isReadable()).isTrue();
          assertThat(server.recv(10)).containsExactly(1);
          assertThat(server.isReadable()).isFalse();
          client.shutdown(Direction.WRITE);
          server.waitReadable();
          assertThat(server.isReadable()).isTrue();
        });
  }

  @Test
  void sock_45_waiting_for_writability_is_the_descriptors() throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (client, server) -> {
          Checkpoints.assertCheckpoints(client::waitWritable);
          SocketPairs.clog(client);
          List<String> events = new ArrayList<>();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      client.waitWritable();
                      events.add("writable");
                    });
                Settling.waitAllTasksBlocked();
                assertThat(Lowlevel.currentStatistics().engine().tasksWaitingToWrite())
                    .isEqualTo(1);
                assertThat(events).isEmpty();
                while (events.isEmpty()) {
                  server.recv(64 * 1024);
                }
              });
        });
  }

  @Test
  @Tag("kernel")
  void sock_68_a_descriptor_closed_by_somebody_else_leaves_waits_that_can_be_cancelled()
      throws Exception {
    SocketPairs.unix(
        SocketType.STREAM,
        (one, other) -> {
          try (Platform platform = Platforms.open()) {
            Tasks.assertCancelled(
                () -> one.recv(1),
                scope -> {
                  Settling.waitAllTasksBlocked();
                  assertThat(platform.close(one.fileno())).isZero();
                  Settling.waitAllTasksBlocked();
                  scope.cancel();
                });
          }
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> one.recv(1))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("EBADF"));
          one.detach();
        });
  }
}
