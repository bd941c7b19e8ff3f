package io.triad.testkit;

import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.socket.Sockets;
import io.triad.stream.AsyncResource;
import io.triad.testing.StreamMaker;
import io.triad.testing.StreamPair;
import java.io.IOException;
import java.time.Duration;

/** Connected pairs of TCP streams over the loopback interface. For tasks of a run. */
public final class TcpPairs {
  private static final int SMALLEST_BYTES = 1;

  private TcpPairs() {}

  /** Makes a pair; the first end is the one that connected. */
  public static StreamPair<SocketStream, SocketStream> open() throws IOException {
    try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst()) {
      SocketStream client = Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
      try {
        return new StreamPair<>(client, listener.accept());
      } catch (Throwable e) {
        AsyncResource.closeForcefully(client);
        throw e;
      }
    }
  }

  /** What a test does with a pair. */
  @FunctionalInterface
  public interface PairAction {
    /** Does it. */
    void run(SocketStream client, SocketStream server) throws Exception;
  }

  /** Makes a run and a pair in it, does something with the pair, and closes both ends. */
  public static void run(PairAction action) throws Exception {
    run(TcpPairs::open, action);
  }

  /** Makes a run and a pair in it, does something with the pair, and closes both ends. */
  public static void run(StreamMaker<SocketStream, SocketStream> maker, PairAction action)
      throws Exception {
    Triad.<Exception>run(() -> with(maker, action));
  }

  /** Makes a pair in the run of the caller, does something with it, and closes both ends. */
  public static void with(StreamMaker<SocketStream, SocketStream> maker, PairAction action)
      throws Exception {
    StreamPair<SocketStream, SocketStream> pair = maker.make();
    try (SocketStream client = pair.sender();
        SocketStream server = pair.receiver()) {
      action.run(client, server);
    }
  }

  /** Makes a pair whose kernel buffers are as small as the system allows. */
  public static StreamPair<SocketStream, SocketStream> narrow() throws IOException {
    StreamPair<SocketStream, SocketStream> pair = open();
    narrow(pair.sender());
    narrow(pair.receiver());
    return pair;
  }

  private static void narrow(SocketStream stream) throws IOException {
    int level = Sockets.constant("SOL_SOCKET");
    stream.setsockopt(level, Sockets.constant("SO_SNDBUF"), SMALLEST_BYTES);
    stream.setsockopt(level, Sockets.constant("SO_RCVBUF"), SMALLEST_BYTES);
  }

  /** Makes a pair that takes no more in either direction until somebody receives. */
  public static StreamPair<SocketStream, SocketStream> clogged() throws IOException {
    StreamPair<SocketStream, SocketStream> pair = narrow();
    clog(pair.sender());
    clog(pair.receiver());
    return pair;
  }

  /**
   * Sends until the system takes no more: until nothing is taken for longer than a loopback
   * connection needs to move what it holds.
   */
  public static void clog(SocketStream stream) throws IOException {
    byte[] filler = new byte[16 * 1024];
    Duration patience = Duration.ofMillis(Kernel.isWindows() ? 200 : 50); // Wine takes its time
    while (!Triad.<IOException>moveOnAfter(patience, _ -> stream.sendAll(filler))
        .cancelledCaught()) {
      // There was room for all of it.
    }
  }
}
