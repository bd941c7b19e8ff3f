package io.triad.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.BufferedReceiver;
import io.triad.stream.LimitExceededException;
import io.triad.stream.Server;
import io.triad.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends lines back in reverse. The line "shutdown" stops it: no newcomers, the others may finish. */
@Command(name = "line-server", description = "Reverses lines, until one of them is 'shutdown'.")
final class LineServer implements Callable<Integer> {
  private static final int MAX_LINE_BYTES = 1000;

  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  @Option(
      names = "--connections",
      defaultValue = "1000",
      description = "how many may be served at once (default: ${DEFAULT-VALUE})")
  private int maxConnections;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "how long they may go on after a shutdown (default: ${DEFAULT-VALUE})")
  private int graceSeconds;

  @Override
  public Integer call() throws IOException {
    Triad.run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(port, "127.0.0.1", 100);
          Event shutdown = new Event();
          Server<SocketStream> server =
              new Server<>(listeners, stream -> reverseLines(stream, shutdown))
                  .maxConnections(maxConnections);
          Nursery.open(
              nursery -> {
                nursery.startSoon("server", server::serve);
                System.out.println("listening on " + listeners.getFirst().localAddress());
                shutdown.await();
                boolean finished = server.stop(Duration.ofSeconds(graceSeconds));
                System.out.println(finished ? "all finished" : "some were cut off");
              });
        });
    return 0;
  }

  private static void reverseLines(SocketStream stream, Event shutdown) {
    BufferedReceiver receiver = new BufferedReceiver(stream);
    try {
      for (String line; (line = receiver.receiveLine(UTF_8, MAX_LINE_BYTES)) != null;) {
        if (line.equals("shutdown")) {
          shutdown.set();
        }
        stream.sendAll((new StringBuilder(line).reverse() + "\n").getBytes(UTF_8));
      }
    } catch (LimitExceededException e) {
      System.err.println("a client talks too much: " + e.getMessage());
    } catch (IOException e) {
      System.err.println("a connection broke: " + e.getMessage()); // the others go on
    }
  }
}
