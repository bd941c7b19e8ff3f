package io.triad.examples;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends its standard input to a server, and prints what comes back. */
@Command(name = "echo-client", description = "Sends its standard input and prints what comes back.")
final class EchoClient implements Callable<Integer> {
  @Parameters(paramLabel = "HOST", description = "the server's name or address")
  private String host = "";

  @Parameters(paramLabel = "PORT", description = "the server's port")
  private int port;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "how long everything may take (default: ${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @Override
  public Integer call() throws IOException {
    byte[] input = System.in.readAllBytes(); // blocks, so before the run
    Triad.run(
        () -> Triad.failAfter(Duration.ofSeconds(timeoutSeconds), scope -> {
          exchange(input);
        }));
    System.out.flush();
    return 0;
  }

  private void exchange(byte[] input) throws IOException {
    try (SocketStream stream = Net.openTcpStream(host, port)) {
      Nursery.open(
          nursery -> {
            nursery.startSoon(
                "send",
                () -> {
                  stream.sendAll(input);
                  stream.sendEof();
                });
            byte[] some = stream.receiveSome();
            while (some.length > 0) {
              System.out.write(some);
              some = stream.receiveSome();
            }
          });
    }
  }
}
