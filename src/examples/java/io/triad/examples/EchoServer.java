package io.triad.examples;

import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.ChunkAction;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sends back what it receives. A task per connection, no buffer per connection. */
@Command(name = "echo-server", description = "Sends back what it receives.")
final class EchoServer implements Callable<Integer> {
  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  @Override
  public Integer call() throws IOException {
    Triad.run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(port);
          for (SocketListener listener : listeners) {
            System.out.println("listening on " + listener.localAddress());
          }
          Net.serveListeners(listeners, EchoServer::echo);
        });
    return 0;
  }

  /** Echoes one connection. The chunk lies in the engine's memory and is sent from there. */
  private static void echo(SocketStream stream) {
    ChunkAction<IOException> back = stream::sendAll;
    try {
      while (stream.receive(back)) {}
    } catch (IOException e) {
      System.err.println("a connection broke: " + e.getMessage()); // the others go on
    }
  }
}
