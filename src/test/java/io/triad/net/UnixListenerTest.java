package io.triad.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.socket.Socket;
import io.triad.socket.SocketType;
import io.triad.socket.Sockets;
import io.triad.stream.AsyncResource;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Listeners on paths; what their files look like is in {@code UnixListenerFileTest}. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class UnixListenerTest {
  private static final UnixListenOptions REPLACING =
      UnixListenOptions.DEFAULT.withReplacing(true);

  @TempDir
  private Path directory;

  private Path path() {
    return directory.resolve("socket");
  }

  private void assertRefused(String symbol) {
    assertThatExceptionOfType(OsException.class)
        .isThrownBy(() -> Net.openUnixSocket(path()))
        .returns(symbol, OsException::symbol);
  }

  /** A file that a socket has left behind. */
  private void leaveStaleFile() throws IOException {
    try (Socket socket = Sockets.socket(StandardProtocolFamily.UNIX, SocketType.STREAM)) {
      socket.bind(UnixDomainSocketAddress.of(path()));
      socket.listen(1);
    }
    assertRefused("ECONNREFUSED");
  }

  @Test
  void the_file_goes_with_the_listener() throws Exception {
    Triad.run(
        () -> {
          UnixListener listener = Net.openUnixListener(path());
          assertThat(listener.address()).isEqualTo(UnixDomainSocketAddress.of(path()));
          assertThat(listener.socket().getsockname()).isEqualTo(listener.address());
          assertThat(listener.toString()).contains("socket");
          listener.close();
          assertRefused("ENOENT");
          listener.close();
          assertThatExceptionOfType(ClosedResourceException.class).isThrownBy(listener::accept);
        });
  }

  @Test
  void the_file_goes_also_if_the_task_is_cancelled() throws Exception {
    Triad.run(
        () -> {
          AsyncResource.closeForcefully(Net.openUnixListener(path()));
          assertRefused("ENOENT");
        });
  }

  @Test
  void the_file_stays_if_it_is_to_stay() throws Exception {
    Triad.run(
        () -> {
          Net.openUnixListener(path(), UnixListenOptions.DEFAULT.withRemoving(false)).close();
          assertRefused("ECONNREFUSED");
        });
  }

  @Test
  void a_stale_file_is_replaced() throws Exception {
    Triad.run(
        () -> {
          leaveStaleFile();
          try (UnixListener listener = Net.openUnixListener(path());
              SocketStream client = Net.openUnixSocket(path());
              SocketStream server = listener.accept()) {
            client.sendAll("x".getBytes(US_ASCII));
            assertThat(server.receiveSome()).hasSize(1);
          }
          assertRefused("ENOENT");
        });
  }

  @Test
  void a_listener_that_is_alive_is_not_replaced_and_lives_on() throws Exception {
    Triad.run(
        () -> {
          try (UnixListener listener = Net.openUnixListener(path())) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> Net.openUnixListener(path()))
                .returns("EADDRINUSE", OsException::symbol);
            try (SocketStream question = listener.accept()) {
              assertThat(question.receiveSome()).isEmpty();
            }
            try (SocketStream client = Net.openUnixSocket(path());
                SocketStream server = listener.accept()) {
              client.sendAll("x".getBytes(US_ASCII));
              assertThat(server.receiveSome()).hasSize(1);
            }
          }
        });
  }

  @Test
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "elsewhere a full backlog is ECONNREFUSED, as if nobody listened")
  void a_listener_whose_backlog_is_full_is_alive_too() throws Exception {
    Triad.run(
        () -> {
          try (UnixListener _ =
              Net.openUnixListener(path(), UnixListenOptions.DEFAULT.withBacklog(1));
              SocketStream _ = Net.openUnixSocket(path());
              SocketStream _ = Net.openUnixSocket(path())) {
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> Net.openUnixListener(path()))
                .returns("EADDRINUSE", OsException::symbol);
          }
        });
  }

  @Test
  void a_socket_of_datagrams_is_not_replaced_unless_that_is_wanted() throws Exception {
    Triad.run(
        () -> {
          try (Socket socket =
              Sockets.socket(StandardProtocolFamily.UNIX, SocketType.DATAGRAM)) {
            socket.bind(UnixDomainSocketAddress.of(path()));
            assertThatExceptionOfType(OsException.class)
                .isThrownBy(() -> Net.openUnixListener(path()))
                .returns("EADDRINUSE", OsException::symbol);
            Net.openUnixListener(path(), REPLACING).close();
          }
          assertRefused("ENOENT");
        });
  }

  @Test
  void who_has_been_replaced_leaves_the_file_of_the_other_alone() throws Exception {
    Triad.run(
        () -> {
          UnixListener first = Net.openUnixListener(path());
          SocketStream early = Net.openUnixSocket(path());
          try (UnixListener second = Net.openUnixListener(path(), REPLACING)) {
            SocketStream late = Net.openUnixSocket(path());
            first.accept().close();
            assertThat(early.receiveSome()).as("still served by the first").isEmpty();
            first.close();
            second.accept().close();
            assertThat(late.receiveSome()).isEmpty();
            early.close();
            late.close();
            Net.openUnixSocket(path()).close();
          }
          assertRefused("ENOENT");
        });
  }

  @Test
  void replacing_again_and_again_refuses_nobody() throws Exception {
    Triad.run(
        () -> {
          int[] served = {0};
          boolean[] over = {false};
          boolean[] gone = {false};
          UnixListener[] current = {Net.openUnixListener(path())};
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> serve(current[0]));
                nursery.startSoon(
                    () -> {
                      while (!over[0]) {
                        try (SocketStream client = Net.openUnixSocket(path())) {
                          client.sendAll("x".getBytes(US_ASCII));
                          assertThat(client.receiveSome()).hasSize(1);
                          served[0]++;
                        }
                      }
                      gone[0] = true;
                    });
                for (int i = 0; i < 50; i++) {
                  int before = served[0];
                  UnixListener next = Net.openUnixListener(path(), REPLACING);
                  nursery.startSoon(() -> serve(next));
                  while (served[0] < before + 3) { // whom the old one has not served by then
                    Triad.checkpoint(); // is served by the next
                  }
                  current[0].close();
                  current[0] = next;
                }
                over[0] = true;
                nursery.startSoon(
                    () -> {
                      while (!gone[0]) {
                        Triad.checkpoint();
                      }
                      current[0].close();
                    });
              });
        });
  }

  @Test
  void it_is_a_server_that_says_when_it_serves() throws Exception {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              UnixListener listener =
                  nursery.<UnixListener, IOException>start(
                      status -> Net.serveUnix(
                          status, path(), UnixListenOptions.DEFAULT, UnixListenerTest::echo));
              assertThat(listener.address()).isEqualTo(UnixDomainSocketAddress.of(path()));
              try (SocketStream client = Net.openUnixSocket(path())) {
                client.sendAll("x".getBytes(US_ASCII));
                assertThat(client.receiveSome()).hasSize(1);
              }
              nursery.cancelScope().cancel();
            }));
    Triad.run(() -> assertRefused("ENOENT"));
  }

  /** Until somebody closes it. */
  private static void serve(UnixListener listener) throws IOException {
    for (;;) {
      try (SocketStream stream = listener.accept()) {
        echo(stream);
      } catch (ClosedResourceException e) {
        return;
      }
    }
  }

  private static void echo(SocketStream stream) throws IOException {
    while (stream.receive(stream::sendAll)) {
      // until the end
    }
  }

  @Test
  void options_are_checked() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> UnixListenOptions.DEFAULT.withBacklog(0));
    assertThat(REPLACING.replacing()).isTrue();
  }

  @Test
  void cancelled_before_it_has_done_nothing() throws Exception {
    Triad.run(
        () -> {
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(_ -> Net.openUnixListener(path()).close());
          assertThat(scope.cancelledCaught()).isTrue();
          assertRefused("ENOENT");
        });
  }
}
