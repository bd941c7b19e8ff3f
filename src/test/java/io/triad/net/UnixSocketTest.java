package io.triad.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.socket.AbstractUnixAddress;
import io.triad.socket.Sockets;
import io.triad.stream.BufferedReceiver;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class UnixSocketTest {
  @TempDir
  private Path directory;

  private Path path() {
    return directory.resolve("socket");
  }

  private static String read(SocketStream from, int count) throws IOException {
    return new String(new BufferedReceiver(from).receiveExactly(count), US_ASCII);
  }

  private static void talk(SocketStream client, SocketStream server) throws IOException {
    client.sendAll("ask".getBytes(US_ASCII));
    assertThat(read(server, 3)).isEqualTo("ask");
    server.sendAll("answer".getBytes(US_ASCII));
    server.sendEof();
    assertThat(read(client, 6)).isEqualTo("answer");
    assertThat(client.receiveSome()).isEmpty();
  }

  @Test
  void net_50_opens_a_stream_to_a_path_in_any_form() throws Exception {
    Triad.run(
        () -> {
          try (UnixListener listener = Net.openUnixListener(path())) {
            try (SocketStream client = Net.openUnixSocket(path());
                SocketStream server = listener.accept()) {
              talk(client, server);
            }
            try (SocketStream client =
                Net.openUnixSocket(UnixDomainSocketAddress.of(path().toString()));
                SocketStream server = listener.accept()) {
              talk(client, server);
              assertThat(client.socket().getpeername())
                  .isEqualTo(UnixDomainSocketAddress.of(path()));
            }
          }
        });
  }

  @Test
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "abstract names are Linux's own")
  void net_50_opens_a_stream_to_an_abstract_name() throws Exception {
    AbstractUnixAddress address = AbstractUnixAddress.of("triad " + directory.getFileName());
    Triad.run(
        () -> {
          try (UnixListener listener = Net.openUnixListener(address, 5)) {
            assertThat(listener.address()).isEqualTo(address);
            try (SocketStream client = Net.openUnixSocket(address);
                SocketStream server = listener.accept()) {
              talk(client, server);
            }
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> Net.openUnixListener(address, 5))
                .returns("EADDRINUSE", OsException::symbol);
          }
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openUnixSocket(address))
              .returns("ECONNREFUSED", OsException::symbol);
          assertThatExceptionOfType(IllegalArgumentException.class)
              .isThrownBy(() -> Net.openUnixListener(address, 0));
        });
  }

  @Test
  void net_51_a_missing_file_is_the_plain_error_and_nothing_stays_open() throws Exception {
    Triad.run(
        () -> assertThatExceptionOfType(OsException.class)
            .isThrownBy(() -> Net.openUnixSocket(path()))
            .returns("ENOENT", OsException::symbol)
            .returns("connect", OsException::call));
  }

  @Test
  void net_51_a_path_that_is_too_long_is_said_to_be() throws Exception {
    Path path = directory.resolve("x".repeat(108));
    Triad.run(
        () -> {
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openUnixSocket(path))
              .returns("ENAMETOOLONG", OsException::symbol)
              .withMessageContaining(path.toString());
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openUnixListener(path))
              .returns("ENAMETOOLONG", OsException::symbol);
        });
  }

  @Test
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "elsewhere nobody waits for a full backlog: it is ECONNREFUSED")
  void net_51_a_cancelled_task_leaves_nothing_open() throws Exception {
    Triad.run(
        () -> {
          // A backlog of one is full after two: the third has to wait.
          try (UnixListener listener =
              Net.openUnixListener(path(), UnixListenOptions.DEFAULT.withBacklog(1));
              SocketStream _ = Net.openUnixSocket(path());
              SocketStream _ = Net.openUnixSocket(path())) {
            CancelScope waiting = new CancelScope();
            Nursery.open(
                nursery -> {
                  nursery.startSoon(
                      () -> waiting.enter(_ -> Net.openUnixSocket(path()).close()));
                  Triad.checkpoint();
                  waiting.cancel();
                });
            assertThat(waiting.cancelledCaught()).isTrue();
            CancelScope before = new CancelScope();
            before.cancel();
            before.enter(_ -> Net.openUnixSocket(path()).close());
            assertThat(before.cancelledCaught()).isTrue();
            listener.accept().close();
          }
        });
  }

  @Test
  void net_51_who_waits_for_room_gets_it() throws Exception {
    Triad.run(
        () -> {
          try (UnixListener listener =
              Net.openUnixListener(path(), UnixListenOptions.DEFAULT.withBacklog(1));
              SocketStream _ = Net.openUnixSocket(path());
              SocketStream _ = Net.openUnixSocket(path())) {
            Nursery.open(
                nursery -> {
                  nursery.startSoon(() -> Net.openUnixSocket(path()).close());
                  for (int i = 0; i < 3; i++) {
                    listener.accept().close();
                  }
                });
          }
        });
  }

  @Test
  void net_52_a_system_without_unix_sockets_says_so() throws Exception {
    Triad.run(
        () -> {
          Sockets.setSocketFactory(
              (_, _, _) -> {
                throw new OsException(97, "EAFNOSUPPORT", "socket", "not here");
              });
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(() -> Net.openUnixSocket(path()))
              .withMessage("Unix sockets are not supported on this platform");
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(() -> Net.openUnixListener(path()));
        });
  }
}
