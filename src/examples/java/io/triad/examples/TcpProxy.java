package io.triad.examples;

import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.TooSlowException;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.Server;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Passes connections on to another server. Two tasks for each, one for either direction: what has
 * arrived is sent from where it lies, and nothing more is received before that is done, so a slow
 * reader slows the other end down. A side that has ended its output may still receive; a side that
 * has failed takes the other one with it.
 */
@Command(name = "tcp-proxy", description = "Passes connections on to another server.")
final class TcpProxy implements Callable<Integer> {
  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  @Parameters(paramLabel = "HOST", description = "the other server's name or address")
  private String targetHost = "";

  @Parameters(paramLabel = "TARGET", description = "the other server's port")
  private int targetPort;

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "how long it may take to reach the other server (default: ${DEFAULT-VALUE})")
  private double connectSeconds;

  @Option(
      names = "--connections",
      defaultValue = "10000",
      description = "how many may be open at once (default: ${DEFAULT-VALUE})")
  private int maxConnections;

  @Override
  public Integer call() throws IOException {
    Triad.run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(port, "127.0.0.1", 1000);
          System.out.println("listening on " + listeners.getFirst().localAddress());
          new Server<>(listeners, (SocketStream client) -> Isolated.run(() -> relay(client)))
              .maxConnections(maxConnections)
              .serve();
        });
    return 0;
  }

  private void relay(SocketStream client) throws IOException {
    try (SocketStream server = connect()) {
      try {
        Nursery.open(
            nursery -> {
              nursery.startSoon("up", () -> copy(client, server));
              nursery.startSoon("down", () -> copy(server, client));
            });
      } catch (ExceptionGroup e) {
        resetOnClose(server);
        throw e;
      }
    } catch (IOException | ExceptionGroup e) {
      resetOnClose(client);
      throw e;
    }
  }

  /** Has the peer told that something broke: it must not take what it has got for all there was. */
  private static void resetOnClose(SocketStream stream) throws IOException {
    stream.socket().setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  private SocketStream connect() throws IOException {
    try {
      return Triad.failAfter(
          Duration.ofMillis((long) (connectSeconds * 1000)),
          () -> Net.openTcpStream(targetHost, targetPort));
    } catch (TooSlowException e) {
      throw new IOException(targetHost + " does not answer", e);
    }
  }

  /** Passes everything on, and at last the end, of this direction only. */
  private static void copy(SocketStream from, SocketStream to) throws IOException {
    from.forEachChunk(to::sendAll);
    to.sendEof();
  }
}
