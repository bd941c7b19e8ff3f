package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.triad.Action;
import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.loop.Loop;
import io.triad.socket.Sockets;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketListenerTest {
  /** What a test does with a listener. */
  private interface ListenerAction {
    void run(SocketListener listener, int port) throws Exception;
  }

  private static void withListener(ListenerAction action) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 5000).getFirst()) {
            action.run(listener, listener.localAddress().getPort());
          }
        });
  }

  /** Connections of plain Java, opened all at once on a thread of their own. */
  private static List<SocketChannel> connect(int port, int count) throws InterruptedException {
    List<SocketChannel> channels = new ArrayList<>();
    onThread(
        () -> {
          InetSocketAddress address =
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
          for (int i = 0; i < count; i++) {
            channels.add(SocketChannel.open(address));
          }
        });
    return channels;
  }

  private static void onThread(Action<IOException> action) throws InterruptedException {
    List<IOException> thrown = new ArrayList<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    action.run();
                  } catch (IOException e) {
                    thrown.add(e);
                  }
                });
    thread.join();
    assertThat(thrown).isEmpty();
  }

  private static final Set<String> ONLY_LINUX = Set.of("ENONET");

  @Test
  void str_17_accept_gives_one_connection_with_the_defaults_set() throws Exception {
    withListener(
        (listener, port) -> {
          try (SocketStream client = Net.openTcpStream("127.0.0.1", port);
              SocketStream server = listener.accept()) {
            assertThat(server.peerAddress()).isEqualTo(client.localAddress());
            assertThat(
                server.getsockopt(
                    Sockets.constant("IPPROTO_TCP"), Sockets.constant("TCP_NODELAY")))
                .isNotZero();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EPERM", "ECONNABORTED", "EPROTO", "ENETDOWN", "ENOPROTOOPT", "EHOSTDOWN", "ENONET",
        "EHOSTUNREACH", "EOPNOTSUPP", "ENETUNREACH", "ENOSR", "ESOCKTNOSUPPORT",
        "EPROTONOSUPPORT", "ETIMEDOUT", "ECONNRESET"
      })
  void net_18_errors_of_a_connection_that_came_to_nothing_are_passed_over(String symbol)
      throws Exception {
    assumeTrue(Kernel.isLinux() || !ONLY_LINUX.contains(symbol), "an error of Linux only");
    withListener(
        (listener, port) -> {
          int errno = FailingAccept.errno(symbol);
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> listener.accept().close());
                Settling.waitAllTasksBlocked();
                FailingAccept.with(listener, errno);
                Net.openTcpStream("127.0.0.1", port).close();
              });
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EFAULT"})
  void net_19_other_errors_are_thrown_and_the_listener_stays_usable(String symbol)
      throws Exception {
    withListener(
        (listener, port) -> {
          int errno = FailingAccept.errno(symbol);
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> {
                      assertThatExceptionOfType(OsException.class)
                          .isThrownBy(listener::accept)
                          .satisfies(e -> assertThat(e.symbol()).isEqualTo(symbol));
                      listener.accept().close();
                    });
                Settling.waitAllTasksBlocked();
                FailingAccept.with(listener, errno);
                Settling.waitAllTasksBlocked();
                Net.openTcpStream("127.0.0.1", port).close();
              });
        });
  }

  @Test
  void net_20_a_closed_listener_says_so_without_a_cause() throws Exception {
    withListener(
        (listener, _) -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> expectClosed(listener));
                Settling.waitAllTasksBlocked();
                listener.close();
              });
          expectClosed(listener);
        });
  }

  @Test
  void net_20_a_listener_closed_beneath_its_feet_says_so_without_a_cause() throws Exception {
    withListener(
        (listener, _) -> {
          String text = listener.toString();
          Loop.requireFiber()
              .loop()
              .platform()
              .close(Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1)));
          expectClosed(listener);
        });
  }

  private static void expectClosed(SocketListener listener) {
    assertThatExceptionOfType(ClosedResourceException.class)
        .isThrownBy(listener::accept)
        .withMessage("this listening socket was already closed")
        .withNoCause();
  }

  @Test
  void net_21_close_may_be_repeated_and_is_a_checkpoint() throws Exception {
    withListener(
        (listener, port) -> {
          for (int i = 0; i < 3; i++) {
            Checkpoints.assertCheckpoints(listener::close);
          }
          assertThatExceptionOfType(OsException.class)
              .isThrownBy(() -> Net.openTcpStream("127.0.0.1", port))
              .satisfies(e -> assertThat(e.symbol()).isEqualTo("ECONNREFUSED"));
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(listener::localAddress);
        });
  }

  @Test
  void a_second_accept_is_busy_and_the_first_goes_on() throws Exception {
    withListener(
        (listener, port) -> Nursery.open(
            nursery -> {
              nursery.startSoon(() -> listener.accept().close());
              Settling.waitAllTasksBlocked();
              assertThatExceptionOfType(BusyResourceException.class)
                  .isThrownBy(listener::accept);
              Net.openTcpStream("127.0.0.1", port).close();
            }));
  }

  @Test
  void a_cancelled_accept_loses_no_connection() throws Exception {
    withListener(
        (listener, port) -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(listener::accept);
                Settling.waitAllTasksBlocked();
                nursery.cancelScope().cancel();
              });
          try (SocketStream client = Net.openTcpStream("127.0.0.1", port);
              SocketStream server = listener.accept()) {
            assertThat(server.peerAddress()).isEqualTo(client.localAddress());
          }
        });
  }

  @Test
  @Tag("kernel") // the peers are channels of the JDK
  void connections_that_nobody_accepted_are_closed_with_the_listener() throws Exception {
    withListener(
        (listener, port) -> {
          List<SocketChannel> channels = connect(port, 20);
          listener.accept().close();
          Settling.waitAllTasksBlocked(); // by now the rest has been taken from the kernel
          listener.close();
          onThread(
              () -> {
                for (SocketChannel channel : channels) {
                  try (channel) {
                    assertEnded(channel);
                  }
                }
              });
        });
  }

  private static void assertEnded(SocketChannel channel) {
    try {
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  @Tag("kernel") // the peers are channels of the JDK
  void a_queue_that_is_full_pauses_and_loses_no_connection() throws Exception {
    int count = 1500;
    withListener(
        (listener, port) -> {
          Nursery.open(
              nursery -> {
                nursery.startSoon(listener::accept);
                Settling.waitAllTasksBlocked();
                nursery.cancelScope().cancel();
              });
          List<SocketChannel> channels = connect(port, count);
          Settling.waitAllTasksBlocked();
          for (int i = 0; i < count; i++) {
            listener.accept().close();
          }
          onThread(
              () -> {
                for (SocketChannel channel : channels) {
                  channel.close();
                }
              });
        });
  }
}
