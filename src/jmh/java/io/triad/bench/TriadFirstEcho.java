package io.triad.bench;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import java.io.IOException;
import java.util.List;

/** How long a program on Triad takes from {@code main} to its first byte echoed. */
public final class TriadFirstEcho {
  private TriadFirstEcho() {}

  /** Starts a server, connects to it, and sends one byte there and back. */
  public static void main(String[] args) throws IOException {
    long began = System.nanoTime();
    Triad.run(
        () -> {
          List<SocketListener> listeners = Net.openTcpListeners(0, "127.0.0.1", 16);
          try (SocketListener listener = listeners.getFirst()) {
            Nursery.open(
                nursery -> {
                  nursery.startSoon(() -> serveOne(listener));
                  sendOne(listener.localAddress().getPort());
                  FirstEcho.arrived(began);
                });
          }
        });
  }

  private static void serveOne(SocketListener listener) throws IOException {
    try (SocketStream stream = listener.accept()) {
      while (stream.receive(stream::sendAll)) {}
    }
  }

  private static void sendOne(int port) throws IOException {
    try (SocketStream stream = Net.openTcpStream("127.0.0.1", port)) {
      stream.sendAll(new byte[] {'x'});
      if (stream.receiveSome(1)[0] != 'x') {
        throw new IllegalStateException("wrong byte");
      }
    }
  }
}
