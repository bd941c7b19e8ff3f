package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.BrokenResourceException;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.PartialResult;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.socket.Socket;
import io.triad.socket.SocketType;
import io.triad.socket.Sockets;
import io.triad.testing.Settling;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** A program that finds its network faulty, in a namespace where it may make it so. */
final class NetworkFaults {
  private static final int TOO_MUCH = 64 << 20;
  private static final int SHORT_MILLIS = 300;

  private NetworkFaults() {}

  public static void main(String[] arguments) throws Exception {
    System.setProperty("triad.engine", arguments[0]);
    Triad.run(() -> {}); // opens what stays open
    long before = openDescriptors();
    switch (arguments[1]) {
      case "interface down" -> Triad.<Exception>run(NetworkFaults::interfaceDown);
      case "unreachable" -> Triad.<Exception>run(NetworkFaults::unreachable);
      case "small mtu" -> Triad.<Exception>run(NetworkFaults::smallMtu);
      case "loss" -> Triad.<Exception>run(NetworkFaults::loss);
      default -> throw new IllegalArgumentException(arguments[1]);
    }
    assertThat(openDescriptors()).as("descriptors at the end").isEqualTo(before);
    System.out.println("passed: " + arguments[1]);
  }

  private static long openDescriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(each -> leadsTo(each).startsWith("socket:")).count();
    }
  }

  private static String leadsTo(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "nowhere"; // the descriptor of the listing itself
    }
  }

  private static SocketListener listener() throws IOException {
    return Net.openTcpListeners(0, "127.0.0.1", 16).getFirst();
  }

  private static SocketStream connect(SocketListener listener) throws IOException {
    return Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
  }

  private static void set(String state) throws InterruptedException {
    assertThat(NetworkNamespace.run("ip", "link", "set", "lo", state)).isEmpty();
  }

  // ---- the faults ----

  private static void interfaceDown() throws Exception {
    try (SocketListener listener = listener();
        SocketStream client = connect(listener);
        SocketStream server = listener.accept()) {
      client.setsockopt(
          Sockets.constant("IPPROTO_TCP"), Sockets.constant("TCP_USER_TIMEOUT"), SHORT_MILLIS);
      long[] sent = {0};
      Nursery.open(
          nursery -> {
            nursery.startSoon(
                () -> assertThatExceptionOfType(BrokenResourceException.class)
                    .isThrownBy(() -> client.sendAll(new byte[TOO_MUCH]))
                    .satisfies(e -> sent[0] = PartialResult.of(e).orElseThrow())
                    .satisfies(
                        e -> assertThat(((OsException) e.getCause()).symbol())
                            // EPIPE if the reason went under in a send that had moved something.
                            .isIn("ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "EPIPE")));
            Settling.waitAllTasksBlocked();
            set("down");
          });
      assertThat(sent[0]).isBetween(1L, TOO_MUCH - 1L);
      set("up");
      assertThat(received(server)).as("what the peer has of it").isBetween(1L, sent[0]);
      try (SocketStream next = connect(listener);
          SocketStream other = listener.accept()) {
        next.sendAll(new byte[] {7});
        assertThat(other.receiveSome()).containsExactly(7);
      }
    }
  }

  /** All that has arrived; the other end is gone and may have said so. */
  private static long received(SocketStream stream) throws IOException {
    long[] count = {0};
    Triad.<IOException>moveOnAfter(
        Duration.ofMillis(SHORT_MILLIS),
        _ -> {
          try {
            for (byte[] some = stream.receiveSome(); some.length > 0;
                some = stream.receiveSome()) {
              count[0] += some.length;
            }
          } catch (BrokenResourceException e) {
            assertThat(((OsException) e.getCause()).symbol()).isEqualTo("ECONNRESET");
          }
        });
    return count[0];
  }

  private static void unreachable() throws Exception {
    assertRefused("192.0.2.1", "ENETUNREACH");
    assertRefused("198.51.100.1", "EHOSTUNREACH");
    assertRefused("203.0.113.1", "EACCES");
    assertRefused("2001:db8::1", "ENETUNREACH");
    try (SocketListener listener = listener();
        SocketStream _ = connect(listener)) {
      listener.accept().close();
    }
  }

  private static void assertRefused(String host, String symbol) throws IOException {
    assertThatExceptionOfType(OsException.class)
        .isThrownBy(() -> Net.openTcpStream(host, 80))
        .satisfies(e -> assertThat(e.symbol()).isEqualTo(symbol));
    StandardProtocolFamily family =
        host.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    try (Socket socket = Sockets.socket(family, SocketType.DATAGRAM)) {
      assertThatExceptionOfType(OsException.class)
          .isThrownBy(() -> socket.sendTo(new byte[1], new InetSocketAddress(host, 80)))
          .satisfies(e -> assertThat(e.symbol()).isEqualTo(symbol));
    }
  }

  private static void smallMtu() throws Exception {
    try (Socket receiver = Sockets.socket(StandardProtocolFamily.INET, SocketType.DATAGRAM);
        Socket sender = Sockets.socket(StandardProtocolFamily.INET, SocketType.DATAGRAM)) {
      receiver.bind(new InetSocketAddress("127.0.0.1", 0));
      sender.connect(receiver.getsockname());
      byte[] large = new byte[5000];
      new Random(1).nextBytes(large);
      sender.setsockopt(
          Sockets.constant("IPPROTO_IP"),
          Sockets.constant("IP_MTU_DISCOVER"),
          Sockets.constant("IP_PMTUDISC_DO"));
      assertThatExceptionOfType(OsException.class)
          .isThrownBy(() -> sender.send(large))
          .satisfies(e -> assertThat(e.symbol()).isEqualTo("EMSGSIZE"));
      assertThat(sender.send(Arrays.copyOf(large, 1000))).isEqualTo(1000);
      assertThat(receiver.recv(10_000)).as("nothing of the other").hasSize(1000);
      sender.setsockopt(
          Sockets.constant("IPPROTO_IP"),
          Sockets.constant("IP_MTU_DISCOVER"),
          Sockets.constant("IP_PMTUDISC_DONT"));
      assertThat(sender.send(large)).as("in pieces").isEqualTo(large.length);
      assertThat(receiver.recv(10_000)).isEqualTo(large);
    }
  }

  private static void loss() throws Exception {
    byte[] data = new byte[1 << 20];
    new Random(2).nextBytes(data);
    try (SocketListener listener = listener();
        SocketStream client = connect(listener);
        SocketStream server = listener.accept()) {
      Nursery.open(
          nursery -> {
            nursery.startSoon(
                () -> {
                  client.sendAll(data);
                  client.sendEof();
                });
            byte[] received = new byte[data.length];
            int count = 0;
            for (byte[] some = server.receiveSome(); some.length > 0;
                some = server.receiveSome()) {
              System.arraycopy(some, 0, received, count, some.length);
              count += some.length;
            }
            assertThat(count).isEqualTo(data.length);
            assertThat(received).isEqualTo(data);
          });
    }
  }
}
