package io.triad.examples.redis;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.stream.Server;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Keeps keys and values for clients of Redis: strings, lists, sets and maps, in memory only.
 *
 * <p>All tasks are of one run, so the data need no lock, and a command is atomic because it waits for
 * nothing. Commands are parsed where the kernel has put them; the answers to all those that came
 * together leave together.
 */
@CommandLine.Command(
    name = "key-value-server",
    description = "Keeps keys and values for clients of Redis.")
public final class KeyValueServer implements Callable<Integer> {
  /** So many bytes of answers are sent before more commands are looked at. */
  private static final int MAX_BATCH_BYTES = 64 * 1024;

  @Parameters(paramLabel = "PORT", description = "the port; 0 lets the system choose")
  private int port;

  @Option(
      names = "--connections",
      defaultValue = "10000",
      description = "how many may be open at once (default: ${DEFAULT-VALUE})")
  private int maxConnections;

  private final Store store = new Store();
  private final Commands commands = new Commands(store);

  @Override
  public Integer call() throws IOException {
    Triad.run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(port, "127.0.0.1", 1000);
          System.out.println("listening on " + listeners.getFirst().localAddress());
          Nursery.open(
              nursery -> {
                nursery.startSoon("sweep", store::sweep);
                new Server<>(listeners, this::serve).maxConnections(maxConnections).serve();
              });
        });
    return 0;
  }

  private void serve(SocketStream stream) {
    Connection connection = new Connection(stream);
    try {
      while (!connection.over && stream.receive(chunk -> connection.answer(chunk.buffer()))) {}
    } catch (IOException e) {
      System.err.println("a connection broke: " + e.getMessage()); // the others go on
    }
  }

  private final class Connection {
    private final SocketStream stream;
    private final RespParser parser = new RespParser();
    private final Replies replies = new Replies();
    private boolean over;

    Connection(SocketStream stream) {
      this.stream = stream;
    }

    /** Executes the commands that end in these bytes. A client that does not read makes us wait. */
    void answer(ByteBuffer bytes) throws IOException {
      try {
        for (List<byte[]> words; !over && (words = parser.next(bytes)) != null;) {
          Command command = new Command(words);
          commands.execute(command, replies);
          over = command.name().equals("QUIT");
          if (replies.size() >= MAX_BATCH_BYTES) {
            stream.sendAll(replies.take());
          }
        }
      } catch (ProtocolException e) {
        replies.error("ERR Protocol error: " + e.getMessage());
        over = true;
      }
      if (replies.size() > 0) {
        stream.sendAll(replies.take());
      }
    }
  }
}
