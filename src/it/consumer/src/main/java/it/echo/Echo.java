package it.echo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import java.io.IOException;
import java.time.Duration;

/** Sends itself a message over loopback, by way of a server that echoes. */
public final class Echo {
  private static final String MESSAGE = "from one end to the other and back";

  private Echo() {}

  /** Runs server and client in one nursery, and prints what came back. */
  public static void main(String[] arguments) throws IOException {
    String module = Triad.class.getModule().isNamed() ? "module path" : "class path";
    String answer = Triad.run(() -> Triad.failAfter(Duration.ofSeconds(20), Echo::echoed));
    if (!answer.equals(MESSAGE)) {
      throw new AssertionError("echoed: " + answer);
    }
    System.out.println("echoed over loopback, by " + module);
  }

  private static String echoed() throws IOException {
    try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 4).getFirst()) {
      String[] answer = new String[1];
      Nursery.open(
          nursery -> {
            nursery.startSoon("server", () -> serve(listener));
            try (SocketStream stream =
                Net.openTcpStream("127.0.0.1", listener.localAddress().getPort())) {
              stream.sendAll(MESSAGE.getBytes(UTF_8));
              stream.sendEof();
              StringBuilder text = new StringBuilder();
              for (byte[] part = stream.receiveSome();
                  part.length > 0;
                  part = stream.receiveSome()) {
                text.append(new String(part, UTF_8));
              }
              answer[0] = text.toString();
            }
          });
      return answer[0];
    }
  }

  private static void serve(SocketListener listener) throws IOException {
    try (SocketStream stream = listener.accept()) {
      while (stream.receive(stream::sendAll)) {}
    }
  }
}
