package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.triad.ClosedResourceException;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.socket.Socket;
import io.triad.socket.SocketType;
import io.triad.socket.Sockets;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams and listeners that are made of sockets, and own them. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketOwnershipTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

  private static Socket listening() throws Exception {
    Socket socket = Sockets.socket();
    socket.bind(ANY_PORT);
    socket.listen();
    return socket;
  }

  private static Socket datagram() throws Exception {
    return Sockets.socket(StandardProtocolFamily.INET, SocketType.DATAGRAM);
  }

  @Test
  @SuppressWarnings("NullAway") // that is the test
  void net_01_a_stream_is_made_of_a_socket() {
    Triad.run(() -> assertThatNullPointerException().isThrownBy(() -> new SocketStream(null)));
  }

  @Test
  void net_02_a_stream_needs_a_socket_of_streams_connected_or_not() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket datagrams = datagram()) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new SocketStream(datagrams))
                .withMessage("SocketStream requires a SOCK_STREAM socket");
            assertThat(datagrams.fileno()).as("it is still open").isNotNegative();
          }
          Socket unconnected = Sockets.socket();
          new SocketStream(unconnected).close();
          assertThat(unconnected.fileno()).isEqualTo(-1);
        });
  }

  @Test
  void net_04_a_stream_shows_its_socket_and_passes_options_on() throws Exception {
    Triad.<Exception>run(
        () -> {
          Socket socket = Sockets.socket();
          try (SocketStream stream = new SocketStream(socket)) {
            assertThat(stream.socket()).isSameAs(socket);
            int level = Sockets.constant("SOL_SOCKET");
            int name = Sockets.constant("SO_KEEPALIVE");
            stream.setsockopt(level, name, 1);
            assertThat(stream.getsockopt(level, name)).isNotZero();
            assertThat(socket.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assertThat(socket.getsockopt(level, name, 4)).hasSizeBetween(1, 4); // a BOOL, under Wine
          }
        });
  }

  @Test
  void net_17_a_listener_needs_a_socket_of_streams_that_listens() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket datagrams = datagram();
              Socket silent = Sockets.socket()) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new SocketListener(datagrams))
                .withMessage("SocketListener requires a SOCK_STREAM socket");
            silent.bind(ANY_PORT);
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new SocketListener(silent))
                .withMessage("SocketListener requires a listening socket");
          }
          Socket socket = listening();
          try (SocketListener listener = new SocketListener(socket);
              SocketStream client =
                  Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
              SocketStream server = listener.accept()) {
            assertThat(listener.socket()).isSameAs(socket);
            server.sendAll(new byte[] {1});
            assertThat(client.receiveSome(1)).containsExactly(1);
          }
          assertThat(socket.fileno()).isEqualTo(-1);
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> new SocketListener(socket));
        });
  }

  @Test
  void net_11_net_20_closing_the_socket_underfoot_closes_what_is_made_of_it() throws Exception {
    Triad.<Exception>run(
        () -> {
          SocketListener listener = new SocketListener(listening());
          SocketStream client =
              Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
          SocketStream server = listener.accept();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(() -> client.receiveSome(1)));
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(listener::accept));
                Settling.waitAllTasksBlocked();
                client.socket().close();
                listener.socket().close();
              });
          assertThatExceptionOfType(ClosedResourceException.class)
              .isThrownBy(() -> client.sendAll(new byte[1]));
          assertThat(server.receiveSome(1)).as("the end").isEmpty();
          server.close();
          client.close();
          listener.close();
        });
  }
}
