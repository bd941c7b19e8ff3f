package io.triad.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.triad.Triad;
import io.triad.engine.NonBlockingCalls;
import io.triad.testkit.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;

/** Sockets for tests, in a run of their own. */
final class SocketPairs {
  private SocketPairs() {}

  /** What a test does with two sockets. */
  @FunctionalInterface
  interface PairAction {
    void run(Socket first, Socket second) throws Exception;
  }

  /** What a test does with one socket. */
  @FunctionalInterface
  interface SocketAction {
    void run(Socket socket) throws Exception;
  }

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  /** A TCP connection; the first is the one that connected. */
  static void tcp(PairAction action) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket listener = listener();
              Socket client = Sockets.socket()) {
            client.connect(listener.getsockname());
            try (Socket server = listener.accept().socket()) {
              action.run(client, server);
            }
          }
        });
  }

  static Socket listener() throws IOException {
    Socket listener = Sockets.socket();
    listener.bind(loopback(0));
    listener.listen();
    return listener;
  }

  /** Two UDP sockets, bound and not connected. */
  static void udp(PairAction action) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket first = datagram();
              Socket second = datagram()) {
            action.run(first, second);
          }
        });
  }

  static Socket datagram() throws IOException {
    Socket socket = Sockets.socket(StandardProtocolFamily.INET, SocketType.DATAGRAM);
    socket.bind(loopback(0));
    return socket;
  }

  /** Two Unix sockets, connected; on Windows, which makes no such pairs, two of TCP. */
  static void unix(SocketType type, PairAction action) throws Exception {
    boolean windows = Kernel.isWindows();
    assumeFalse(windows && type != SocketType.STREAM, "Windows has no pairs of datagram sockets");
    ProtocolFamily family = windows ? StandardProtocolFamily.INET : StandardProtocolFamily.UNIX;
    Triad.<Exception>run(
        () -> {
          var pair = Sockets.socketpair(family, type);
          try (Socket first = pair.get(0);
              Socket second = pair.get(1)) {
            action.run(first, second);
          }
        });
  }

  /** A fresh TCP socket. */
  static void fresh(SocketAction action) throws Exception {
    Triad.<Exception>run(
        () -> {
          try (Socket socket = Sockets.socket()) {
            action.run(socket);
          }
        });
  }

  /**
   * Sends on a Unix socket until there is no room for a single byte more.
   *
   * @return how many bytes there was room for
   */
  static long clog(Socket socket) {
    MemorySegment filler = Arena.ofAuto().allocate(16 * 1024);
    long sent = 0;
    for (int piece = (int) filler.byteSize(); piece > 0; piece /= 2) {
      int taken = socket.run.calls.send(socket.fileno(), filler.address(), piece, 0);
      while (taken > 0) {
        sent += taken;
        taken = socket.run.calls.send(socket.fileno(), filler.address(), piece, 0);
      }
      assertThat(taken).isEqualTo(NonBlockingCalls.AGAIN);
    }
    return sent;
  }

  static MemorySegment nativeBytes(byte... bytes) {
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, 0, bytes.length);
    return segment;
  }
}
