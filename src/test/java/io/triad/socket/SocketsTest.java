package io.triad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.triad.OsException;
import io.triad.Triad;
import io.triad.testkit.Kernel;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SocketsTest {
  /** Made before descriptors are counted, because it takes random numbers to make one. */
  @TempDir
  static Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AF_INET", "AF_INET6", "AF_UNIX", "SOCK_STREAM", "SOCK_DGRAM", "SOL_SOCKET", "SO_ERROR",
        "IPPROTO_TCP", "TCP_NODELAY", "MSG_PEEK", "SHUT_WR", "SOMAXCONN", "SCM_RIGHTS"
      })
  void sock_01_the_systems_numbers_have_names(String name) {
    assumeFalse(name.equals("SCM_RIGHTS") && Kernel.isWindows(), "Windows: no SCM_RIGHTS");
    Triad.run(
        () -> {
          assertThat(Sockets.constant(name)).isGreaterThanOrEqualTo(0);
          assertThat(Sockets.findConstant(name)).hasValue(Sockets.constant(name));
        });
  }

  @Test
  void sock_01_a_name_without_a_number_is_said_to_be_missing() {
    Triad.run(
        () -> {
          assertThat(Sockets.findConstant("SO_NOTHING")).isEmpty();
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(() -> Sockets.constant("SO_NOTHING"))
              .withMessageContaining("SO_NOTHING");
        });
  }

  @Test
  void sock_04_options_that_the_jdk_lacks_are_offered() throws Exception {
    SocketPairs.fresh(
        socket -> {
          if (Kernel.isLinux()) {
            socket.setOption(SocketOptions.IP_BIND_ADDRESS_NO_PORT, true);
            assertThat(socket.getOption(SocketOptions.IP_BIND_ADDRESS_NO_PORT)).isTrue();
          }
          socket.setOption(SocketOptions.TCP_NOTSENT_LOWAT, 5000);
          assertThat(socket.getOption(SocketOptions.TCP_NOTSENT_LOWAT)).isEqualTo(5000);
        });
  }

  @Test
  void sock_05_a_new_socket_is_of_tcp_and_is_not_inherited() throws Exception {
    SocketPairs.fresh(
        socket -> {
          assertThat(socket.family()).isEqualTo(Sockets.constant("AF_INET"));
          assertThat(socket.type()).isEqualTo(Sockets.constant("SOCK_STREAM"));
          assertThat(socket.proto()).isZero();
          assertThat(socket.getInheritable()).isFalse();
          assertThat(socket.fileno()).isNotNegative();
        });
  }

  @ParameterizedTest
  @CsvSource({"INET,STREAM", "INET6,STREAM", "INET,DATAGRAM", "INET6,DATAGRAM", "UNIX,DATAGRAM"})
  void sock_05_a_new_socket_is_what_was_asked_for(StandardProtocolFamily family, SocketType type)
      throws IOException {
    boolean unixDatagrams = family == StandardProtocolFamily.UNIX && type == SocketType.DATAGRAM;
    assumeFalse(unixDatagrams && Kernel.isWindows(), "Windows: no Unix sockets of datagrams");
    Triad.<IOException>run(
        () -> {
          try (Socket socket = Sockets.socket(family, type)) {
            assertThat(socket.family()).isEqualTo(Sockets.constant("AF_" + family));
            assertThat(socket.type())
                .isEqualTo(
                    Sockets.constant(type == SocketType.STREAM ? "SOCK_STREAM" : "SOCK_DGRAM"));
          }
        });
  }

  @Test
  void sock_05_what_there_is_not_is_the_systems_error() {
    Triad.run(
        () -> assertThatExceptionOfType(OsException.class)
            .isThrownBy(() -> Sockets.socket(Sockets.constant("AF_INET"), 1234, 0))
            .satisfies(
                e -> assertThat(e.symbol()).isIn("EINVAL", "ESOCKTNOSUPPORT", "EPROTONOSUPPORT")));
  }

  @Test
  void sock_06_only_sockets_are_made_and_not_constructed() {
    assertThat(Socket.class.getDeclaredConstructors())
        .allSatisfy(made -> assertThat(Modifier.isPublic(made.getModifiers())).isFalse());
    assertThat(Modifier.isFinal(Socket.class.getModifiers())).isTrue();
  }

  @Test
  void sock_07_a_descriptor_becomes_a_socket_that_knows_what_it_is() throws Exception {
    Triad.<Exception>run(
        () -> {
          Socket original = Sockets.socket(StandardProtocolFamily.INET6, SocketType.DATAGRAM);
          int number = original.detach();
          try (Socket adopted = Sockets.adoptFd(number)) {
            assertThat(adopted.fileno()).isEqualTo(number);
            assertThat(adopted.family()).isEqualTo(Sockets.constant("AF_INET6"));
            assertThat(adopted.type()).isEqualTo(Sockets.constant("SOCK_DGRAM"));
            assertThat(adopted.proto()).isEqualTo(Sockets.constant("IPPROTO_UDP"));
          }
        });
  }

  @Test
  void sock_08_a_duplicate_has_another_number_and_the_same_knowledge() throws Exception {
    SocketPairs.fresh(
        socket -> {
          try (Socket other = Sockets.fromFd(socket.fileno())) {
            assertThat(other.fileno()).isNotEqualTo(socket.fileno()).isNotNegative();
            assertThat(other.family()).isEqualTo(socket.family());
            assertThat(other.type()).isEqualTo(socket.type());
            assertThat(other.getInheritable()).isFalse();
          }
          assertThat(socket.getOption(StandardSocketOptions.SO_RCVBUF)).isPositive();
        });
  }

  @Test
  void sock_07_sock_08_a_number_that_nobody_has_is_no_socket() {
    Triad.run(
        () -> {
          assertErrno("EBADF", () -> Sockets.fromFd(987_654));
          assertErrno("EBADF", () -> Sockets.adoptFd(987_654));
          assertErrno("EBADF", () -> Sockets.fromFd(-1));
        });
  }

  @Test
  @Tag("kernel")
  void sock_07_sock_08_a_file_or_pipe_is_no_socket_and_stays_open() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[] {1});
    Triad.<Exception>run(
        () -> {
          try (FileChannel opened = FileChannel.open(file)) {
            int number = numberOf(file);
            assertErrno("ENOTSOCK", () -> Sockets.fromFd(number));
            assertErrno("ENOTSOCK", () -> Sockets.adoptFd(number));
            assertThat(opened.size()).isEqualTo(1);
          }
          Pipe pipe = Pipe.open();
          try (SelectableChannel _ = pipe.source();
              SelectableChannel _ = pipe.sink()) {
            int number = numberOf("pipe:");
            assertErrno("ENOTSOCK", () -> Sockets.fromFd(number));
            assertErrno("ENOTSOCK", () -> Sockets.adoptFd(number));
          }
        });
  }

  private static int numberOf(Path file) throws IOException {
    return numberOf(file.toRealPath().toString());
  }

  /** The number of the latest descriptor of this process whose file is called so. */
  private static int numberOf(String beginning) throws IOException {
    int latest = -1;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        int number = Integer.parseInt(descriptor.getFileName().toString());
        if (number > latest
            && Files.isSymbolicLink(descriptor)
            && Files.readSymbolicLink(descriptor).toString().startsWith(beginning)) {
          latest = number;
        }
      }
    }
    assertThat(latest).isNotNegative();
    return latest;
  }

  @Test
  @Tag("kernel")
  void sock_09_channels_of_the_jdk_are_taken_by_duplicate() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocketChannel listening = ServerSocketChannel.open().bind(any);
        SocketChannel connecting = SocketChannel.open(listening.getLocalAddress());
        DatagramChannel datagrams = DatagramChannel.open()) {
      Triad.<Exception>run(
          () -> {
            try (Socket listener = Sockets.fromChannel(listening);
                Socket client = Sockets.fromChannel(connecting);
                Socket server = listener.accept().socket();
                Socket view = Sockets.fromChannel(connecting.socket());
                Socket datagram = Sockets.fromChannel(datagrams)) {
              assertThat(client.getpeername()).isEqualTo(listener.getsockname());
              assertThat(view.getsockname()).isEqualTo(client.getsockname());
              assertThat(datagram.type()).isEqualTo(Sockets.constant("SOCK_DGRAM"));
              client.sendAll(new byte[] {1, 2});
              assertThat(server.recv(10)).containsExactly(1, 2);
            }
          });
      assertThat(connecting.write(ByteBuffer.allocate(1))).isEqualTo(1);
    }
  }

  @Test
  @Tag("kernel")
  void sock_09_classic_sockets_of_the_jdk_are_taken_by_duplicate() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
              Socket listener = Sockets.fromChannel(listening);
              java.net.Socket connecting = new java.net.Socket();
              Socket client = Sockets.fromChannel(connecting)) {
            client.connect(listener.getsockname());
            try (Socket server = listener.accept().socket()) {
              server.sendAll(new byte[] {3});
              assertThat(client.recv(10)).containsExactly(3);
            }
          }
          try (DatagramSocket plain = new DatagramSocket();
              Socket socket = Sockets.fromChannel(plain);
              MulticastSocket multicast = new MulticastSocket();
              Socket other = Sockets.fromChannel(multicast)) {
            assertThat(((InetSocketAddress) socket.getsockname()).getPort())
                .isEqualTo(plain.getLocalPort());
            assertThat(((InetSocketAddress) other.getsockname()).getPort())
                .isEqualTo(multicast.getLocalPort());
          }
        });
  }

  @Test
  @Tag("kernel")
  void sock_09_what_is_closed_has_no_descriptor() throws Exception {
    Triad.<Exception>run(
        () -> {
          SocketChannel channel = SocketChannel.open();
          channel.close();
          assertErrno("EBADF", () -> Sockets.fromChannel(channel));
          ServerSocket listening = new ServerSocket(0);
          listening.close();
          assertErrno("EBADF", () -> Sockets.fromChannel(listening));
        });
  }

  @Test
  @Tag("kernel")
  void sock_09_other_kinds_are_refused_by_name() throws Exception {
    java.net.Socket tls = SSLContext.getDefault().getSocketFactory().createSocket();
    Pipe pipe = Pipe.open();
    try (tls;
        SelectableChannel source = pipe.source();
        SelectableChannel sink = pipe.sink();
        java.net.Socket subclass = new java.net.Socket() {}) {
      Triad.run(
          () -> {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> Sockets.fromChannel(tls))
                .withMessageContaining(tls.getClass().getName());
            assertThatIllegalArgumentException().isThrownBy(() -> Sockets.fromChannel(subclass));
            assertThatIllegalArgumentException().isThrownBy(() -> Sockets.fromChannel(source));
            assertThatIllegalArgumentException().isThrownBy(() -> Sockets.fromChannel(sink));
          });
    }
  }

  @Test
  void sock_10_a_pair_is_connected() throws Exception {
    Triad.<Exception>run(
        () -> {
          List<Socket> pair = Sockets.socketpair();
          try (Socket one = pair.get(0);
              Socket other = pair.get(1)) {
            assertThat(one.family()).isEqualTo(Sockets.constant("AF_UNIX"));
            one.sendAll(new byte[] {1});
            assertThat(other.recv(10)).containsExactly(1);
            other.sendAll(new byte[] {2});
            assertThat(one.recv(10)).containsExactly(2);
          }
        });
  }

  @Test
  void sock_11_sharing_is_for_another_system() throws Exception {
    SocketPairs.fresh(
        socket -> {
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(() -> socket.share(1))
              .withMessageContaining("for Windows");
          assertThatExceptionOfType(UnsupportedOperationException.class)
              .isThrownBy(() -> Sockets.fromShare(new byte[0]));
        });
  }

  @Test
  void sock_12_a_factory_serves_plain_creation_only_and_one_run_only() throws Exception {
    List<List<Integer>> asked = new ArrayList<>();
    Sockets.SocketFactory factory =
        (family, type, protocol) -> {
          asked.add(Arrays.asList(family, type, protocol));
          return Sockets.systemSocket(family, type, protocol);
        };
    Triad.<Exception>run(
        () -> {
          assertThat(Sockets.setSocketFactory(factory)).isNull();
          Sockets.socket().close();
          assertThat(asked)
              .containsExactly(
                  Arrays.asList(Sockets.constant("AF_INET"), Sockets.constant("SOCK_STREAM"), 0));
          for (Socket socket : Sockets.socketpair()) {
            Sockets.fromFd(socket.fileno()).close();
            socket.dup().close();
            Sockets.adoptFd(socket.detach()).close();
          }
          assertThat(asked).hasSize(1);
          assertThat(Sockets.setSocketFactory(null)).isSameAs(factory);
          Sockets.socket().close();
          assertThat(asked).hasSize(1);
          Sockets.setSocketFactory(factory);
        });
    Triad.<Exception>run(
        () -> {
          Sockets.socket().close();
          assertThat(Sockets.setSocketFactory(null)).isNull();
        });
    assertThat(asked).hasSize(1);
  }

  @Test
  void sock_12_what_a_factory_throws_comes_out() {
    Triad.run(
        () -> {
          Sockets.setSocketFactory(
              (_, _, _) -> {
                throw new IOException("no sockets today");
              });
          assertThatThrownBy(Sockets::socket).hasMessage("no sockets today");
        });
  }

  @Test
  void sock_36_attributes_are_there() throws Exception {
    SocketPairs.tcp(
        (client, server) -> {
          assertThat(client.getpeername()).isEqualTo(server.getsockname());
          assertThat(server.getpeername()).isEqualTo(client.getsockname());
          assertThat(client.toString()).contains("io.triad.socket.Socket");
          client.setInheritable(true);
          assertThat(client.getInheritable()).isTrue();
          client.setInheritable(false);
          assertThat(client.getInheritable()).isFalse();
        });
  }

  @Test
  @EnabledIf(value = "io.triad.testkit.Kernel#isLinux",
      disabledReason = "SOCK_NONBLOCK and SOCK_CLOEXEC are flags of Linux")
  void sock_36_the_type_has_no_flags() throws Exception {
    Triad.<Exception>run(
        () -> {
          int flags = Sockets.constant("SOCK_NONBLOCK") | Sockets.constant("SOCK_CLOEXEC");
          int type = Sockets.constant("SOCK_STREAM");
          try (Socket socket = Sockets.socket(Sockets.constant("AF_INET"), type | flags, 0)) {
            assertThat(socket.type()).isEqualTo(type);
          }
        });
  }

  @Test
  void sockets_are_for_tasks_of_a_run() {
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(Sockets::socket);
  }

  private static void assertErrno(
      String symbol, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(OsException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.symbol()).isEqualTo(symbol));
  }
}
