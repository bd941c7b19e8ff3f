package io.triad.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.CancelScope;
import io.triad.Cancelled;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.testing.Settling;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class TriadSocketFactoryTest {
  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
  private static final int SOON_MILLIS = 20;

  private interface PairAction {
    void run(Socket client, Socket server) throws Exception;
  }

  private static void withPair(PairAction action) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (ServerSocket listener =
              TriadServerSocketFactory.getDefault().createServerSocket(0, 5, LOCAL);
              Socket client =
                  TriadSocketFactory.getDefault().createSocket(LOCAL, listener.getLocalPort());
              Socket server = listener.accept()) {
            action.run(client, server);
          }
        });
  }

  @Test
  void it_can_be_made_by_name_and_is_there_by_default() throws Exception {
    assertThat(TriadSocketFactory.class.getConstructor().newInstance())
        .isInstanceOf(javax.net.SocketFactory.class);
    assertThat(TriadSocketFactory.class.getMethod("getDefault").invoke(null))
        .isInstanceOf(TriadSocketFactory.class);
    assertThat(TriadServerSocketFactory.class.getConstructor().newInstance())
        .isInstanceOf(javax.net.ServerSocketFactory.class);
    assertThat(TriadServerSocketFactory.getDefault()).isInstanceOf(TriadServerSocketFactory.class);
  }

  @Test
  void bytes_go_both_ways_and_addresses_are_told() throws Exception {
    withPair(
        (client, server) -> {
          client.getOutputStream().write("ping".getBytes(US_ASCII));
          assertThat(server.getInputStream().readNBytes(4)).asString(US_ASCII).isEqualTo("ping");
          server.getOutputStream().write('!');
          assertThat(client.getInputStream().read()).isEqualTo('!');

          assertThat(client.isConnected()).isTrue();
          assertThat(client.isBound()).isTrue();
          assertThat(client.getInetAddress()).isEqualTo(LOCAL);
          assertThat(client.getPort()).isEqualTo(server.getLocalPort());
          assertThat(client.getLocalPort()).isEqualTo(server.getPort());
          assertThat(client.getLocalAddress()).isEqualTo(LOCAL);
          assertThat(client.getRemoteSocketAddress()).isEqualTo(server.getLocalSocketAddress());
          assertThat(server.getRemoteSocketAddress()).isEqualTo(client.getLocalSocketAddress());
          assertThat(client.getChannel()).isNull();
          assertThat(client.toString()).contains("127.0.0.1");
        });
  }

  @Test
  void while_one_task_reads_others_run() throws Exception {
    withPair(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> assertThat(client.getInputStream().read()).isEqualTo('x'));
              Settling.waitAllTasksBlocked();
              server.getOutputStream().write('x');
            }));
  }

  @Test
  void several_tasks_may_read_and_write_at_once() throws Exception {
    withPair(
        (client, server) -> {
          byte[] block = new byte[200_000];
          int[] received = new int[1];
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> client.getOutputStream().write(block));
                nursery.startSoon(() -> client.getOutputStream().write(block));
                for (int share : new int[] {150_000, 250_000}) {
                  nursery.startSoon(
                      () -> {
                        int count = server.getInputStream().readNBytes(share).length;
                        received[0] += count;
                      });
                }
              });
          assertThat(received[0]).isEqualTo(400_000);
        });
  }

  @Test
  void a_read_that_takes_too_long_loses_nothing() throws Exception {
    withPair(
        (client, server) -> {
          InputStream in = client.getInputStream();
          client.setSoTimeout(SOON_MILLIS);
          assertThat(client.getSoTimeout()).isEqualTo(SOON_MILLIS);
          assertThatExceptionOfType(SocketTimeoutException.class)
              .isThrownBy(in::read)
              .withMessage("Read timed out");
          server.getOutputStream().write("later".getBytes(US_ASCII));
          client.setSoTimeout(0);
          assertThat(in.readNBytes(5)).asString(US_ASCII).isEqualTo("later");
        });
  }

  @Test
  void available_counts_what_can_be_read_now() throws Exception {
    withPair(
        (client, server) -> {
          InputStream in = client.getInputStream();
          assertThat(in.available()).isZero();
          server.getOutputStream().write(new byte[300]);
          while (in.available() == 0) {
            Thread.onSpinWait(); // as libraries do that know nothing of tasks
          }
          assertThat(in.readNBytes(100)).hasSize(100);
          assertThat(in.available()).isEqualTo(200);
          assertThat(in.readNBytes(200)).hasSize(200);
          assertThat(in.available()).isZero();
        });
  }

  @Test
  void half_close_leaves_the_other_direction() throws Exception {
    withPair(
        (client, server) -> {
          client.getOutputStream().write('q');
          client.shutdownOutput();
          assertThat(client.isOutputShutdown()).isTrue();
          assertThat(server.getInputStream().readAllBytes()).containsExactly('q');
          server.getOutputStream().write('a');
          server.shutdownOutput();
          assertThat(client.getInputStream().readAllBytes()).containsExactly('a');
          assertThatExceptionOfType(SocketException.class).isThrownBy(client::getOutputStream);
        });
  }

  @Test
  @Tag("kernel")
  void after_input_is_shut_down_there_is_only_its_end() throws Exception {
    withPair(
        (client, server) -> {
          InputStream in = client.getInputStream();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> assertThat(in.read()).isEqualTo(-1));
                Settling.waitAllTasksBlocked();
                client.shutdownInput();
              });
          server.getOutputStream().write('x');
          assertThat(in.read()).isEqualTo(-1);
          assertThat(in.available()).isZero();
          assertThatExceptionOfType(SocketException.class).isThrownBy(client::getInputStream);
        });
  }

  @Test
  void another_task_that_closes_wakes_the_reader() throws Exception {
    withPair(
        (client, server) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> assertThatExceptionOfType(SocketException.class)
                      .isThrownBy(() -> client.getInputStream().read())
                      .withMessage("Socket closed"));
              Settling.waitAllTasksBlocked();
              client.close();
              assertThat(client.isClosed()).isTrue();
            }));
  }

  @Test
  void another_thread_that_closes_wakes_the_reader() throws Exception {
    withPair(
        (client, server) -> {
          Thread closer = Thread.ofPlatform().unstarted(() -> closeQuietly(client));
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(SocketException.class)
                        .isThrownBy(() -> client.getInputStream().read())
                        .withMessage("Socket closed"));
                Settling.waitAllTasksBlocked();
                closer.start();
              });
          assertThat(client.isClosed()).isTrue();
          assertThat(server.getInputStream().read()).isEqualTo(-1);
          closer.join();
        });
  }

  @Test
  void another_thread_that_closes_wakes_who_accepts() throws Exception {
    Triad.<Exception>run(
        () -> {
          ServerSocket listener =
              TriadServerSocketFactory.getDefault().createServerSocket(0, 5, LOCAL);
          Thread closer = Thread.ofPlatform().unstarted(() -> closeQuietly(listener));
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(SocketException.class)
                        .isThrownBy(listener::accept)
                        .withMessage("Socket closed"));
                Settling.waitAllTasksBlocked();
                closer.start();
              });
          closer.join();
        });
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_cancelled_read_throws_cancelled_and_loses_nothing() throws Exception {
    withPair(
        (client, server) -> {
          Nursery.open(
              nursery -> {
                CancelScope scope = new CancelScope();
                nursery.startSoon(
                    () -> scope.enter(
                        _ -> {
                          try {
                            client.getInputStream().read();
                          } catch (Exception e) {
                            throw new AssertionError("not cancelled", e);
                          }
                        }));
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          server.getOutputStream().write('y');
          assertThat(client.getInputStream().read()).isEqualTo('y');
        });
  }

  @Test
  void a_cancelled_connect_closes_the_socket() throws Exception {
    Triad.<Exception>run(
        () -> {
          Socket socket = TriadSocketFactory.getDefault().createSocket();
          CancelScope scope = new CancelScope();
          scope.cancel();
          scope.enter(
              _ -> {
                assertThatExceptionOfType(Cancelled.class)
                    .isThrownBy(() -> socket.connect(new InetSocketAddress(LOCAL, 9)));
              });
          assertThatExceptionOfType(SocketException.class)
              .isThrownBy(socket::getOutputStream);
          socket.close();
        });
  }

  @Test
  void errors_are_those_of_the_jdk() throws Exception {
    Triad.<Exception>run(
        () -> {
          int taken;
          try (ServerSocket listener =
              TriadServerSocketFactory.getDefault().createServerSocket(0, 5, LOCAL)) {
            taken = listener.getLocalPort();
            assertThatExceptionOfType(BindException.class)
                .isThrownBy(
                    () -> TriadServerSocketFactory.getDefault()
                        .createServerSocket(listener.getLocalPort(), 5, LOCAL));
          }
          int free = taken;
          assertThatExceptionOfType(ConnectException.class)
              .isThrownBy(() -> TriadSocketFactory.getDefault().createSocket(LOCAL, free));
          try (Socket socket = TriadSocketFactory.getDefault().createSocket()) {
            assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> socket.connect(new InetSocketAddress(LOCAL, free), 5000));
            assertThat(socket.isClosed()).isTrue();
          }
        });
  }

  @Test
  @Tag("kernel")
  void an_unknown_name_is_an_unknown_host() throws Exception {
    Triad.<Exception>run(
        () -> assertThatExceptionOfType(UnknownHostException.class)
            .isThrownBy(
                () -> TriadSocketFactory.getDefault().createSocket("name.invalid", 80)));
  }

  @Test
  void names_and_local_addresses_can_be_given() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (ServerSocket listener =
              TriadServerSocketFactory.getDefault().createServerSocket(0, 5, LOCAL);
              Socket client =
                  TriadSocketFactory.getDefault()
                      .createSocket("127.0.0.1", listener.getLocalPort(), LOCAL, 0);
              Socket server = listener.accept()) {
            assertThat(server.getInetAddress()).isEqualTo(LOCAL);
            assertThat(client.getLocalAddress()).isEqualTo(LOCAL);
          }
        });
  }

  @Test
  void an_accept_that_takes_too_long_loses_no_connection() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (ServerSocket listener =
              TriadServerSocketFactory.getDefault().createServerSocket(0, 5, LOCAL)) {
            listener.setSoTimeout(SOON_MILLIS);
            assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(listener::accept)
                .withMessage("Accept timed out");
            listener.setSoTimeout(0);
            try (Socket client =
                TriadSocketFactory.getDefault().createSocket(LOCAL, listener.getLocalPort());
                Socket server = listener.accept()) {
              assertThat(server.getPort()).isEqualTo(client.getLocalPort());
            }
          }
        });
  }

  @Test
  @Tag("kernel")
  void options_are_set_and_read_before_and_after_connecting() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (ServerSocket listener =
              TriadServerSocketFactory.getDefault().createServerSocket(0, 5, LOCAL);
              Socket client = TriadSocketFactory.getDefault().createSocket()) {
            assertThat(client.getTcpNoDelay()).isTrue();
            client.setTcpNoDelay(false);
            client.setKeepAlive(true);
            client.setSoLinger(true, 3);
            client.setReuseAddress(true);
            client.setTrafficClass(8);
            client.setReceiveBufferSize(20_000);
            client.setSendBufferSize(30_000);
            client.connect(listener.getLocalSocketAddress(), 5000);
            assertThat(client.getTcpNoDelay()).isFalse();
            assertThat(client.getKeepAlive()).isTrue();
            assertThat(client.getSoLinger()).isEqualTo(3);
            assertThat(client.getReuseAddress()).isTrue();
            assertThat(client.getTrafficClass()).isEqualTo(8);
            assertThat(client.getReceiveBufferSize()).isGreaterThanOrEqualTo(20_000);
            assertThat(client.getSendBufferSize()).isGreaterThanOrEqualTo(30_000);
            client.setSoLinger(false, 0);
            assertThat(client.getSoLinger()).isEqualTo(-1);
            assertThat(client.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            assertThat(client.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            assertThat(client.supportedOptions()).contains(StandardSocketOptions.SO_KEEPALIVE);
            for (var option : client.supportedOptions()) {
              if (option != StandardSocketOptions.SO_REUSEPORT || !Kernel.isWindows()) {
                assertThat(client.getOption(option)).isNotNull();
              }
            }
            listener.accept().close();
          }
        });
  }

  @Test
  void what_is_not_connected_cannot_be_read() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket socket = TriadSocketFactory.getDefault().createSocket()) {
            assertThatExceptionOfType(SocketException.class)
                .isThrownBy(socket::getInputStream)
                .withMessage("Socket is not connected");
            assertThat(socket.isConnected()).isFalse();
            assertThat(socket.getInetAddress()).isNull();
            assertThat(socket.getLocalPort()).isEqualTo(-1);
            closeQuietly(socket);
            assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() -> socket.connect(new InetSocketAddress(LOCAL, 1)));
          }
        });
  }

  @Test
  void others_than_tasks_of_the_run_are_told_so() throws Exception {
    assertThatExceptionOfType(SocketException.class)
        .isThrownBy(() -> TriadSocketFactory.getDefault().createSocket(LOCAL, 1))
        .withMessageContaining("Triad.run");
    withPair(
        (client, server) -> {
          AtomicReference<Throwable> thrown = new AtomicReference<>();
          Thread other =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        try {
                          client.getOutputStream().write(1);
                        } catch (IOException e) {
                          thrown.set(e);
                        }
                      });
          other.join();
          assertThat(thrown.get())
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("Triad.run");
        });
  }

  @Test
  void a_reset_is_a_socket_exception() throws Exception {
    withPair(
        (client, server) -> {
          server.setSoLinger(true, 0);
          server.close();
          assertThatExceptionOfType(SocketException.class)
              .isThrownBy(() -> client.getInputStream().read())
              .withMessage("Connection reset");
        });
  }

  @Test
  @Tag("kernel")
  void ipv6_is_used_where_the_address_is_ipv6_and_servers_take_both() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (
              ServerSocket listener = TriadServerSocketFactory.getDefault().createServerSocket(0)) {
            for (String host : new String[] {"::1", "127.0.0.1"}) {
              try (Socket client =
                  TriadSocketFactory.getDefault().createSocket(host, listener.getLocalPort());
                  Socket server = listener.accept()) {
                assertThat(server.getInetAddress()).isEqualTo(InetAddress.ofLiteral(host));
                assertThat(client.getInetAddress()).isEqualTo(InetAddress.ofLiteral(host));
              }
            }
          }
        });
  }
}
