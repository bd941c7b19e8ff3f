package io.triad.examples.http;

import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.stream.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves a greeting, an echo and the files of a folder over HTTP/1.1. */
@Command(
    name = "http-server",
    description = "Serves /hello, /echo and the files of a folder over HTTP/1.1.")
public final class HttpServer implements Callable<Integer> {
  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  @Option(
      names = "--root",
      paramLabel = "FOLDER",
      description = "whose files to serve (default: none)")
  private @Nullable Path root;

  @Option(
      names = "--connections",
      defaultValue = "10000",
      description = "how many may be open at once (default: ${DEFAULT-VALUE})")
  private int maxConnections;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = {
        "how long a client may take for the head of a request, for its body, and for each piece of",
        "an answer; six times that between requests (default: ${DEFAULT-VALUE})"
      })
  private double patienceSeconds;

  @Override
  public Integer call() throws IOException {
    Site site = new Site(root == null ? null : root.toRealPath());
    Duration patience = Duration.ofMillis((long) (patienceSeconds * 1000));
    Triad.run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(port, "127.0.0.1", 1000);
          System.out.println("listening on " + listeners.getFirst().localAddress());
          new Server<>(listeners, stream -> new HttpConnection(stream, site, patience).serve())
              .maxConnections(maxConnections)
              .serve();
        });
    return 0;
  }
}
