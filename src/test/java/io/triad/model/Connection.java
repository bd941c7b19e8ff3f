package io.triad.model;

import io.triad.BrokenResourceException;
import io.triad.Nursery;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.stream.AsyncResource;
import io.triad.stream.HalfCloseableStream;
import java.io.IOException;

/** A connection through the simulated network, and what went over it. */
record Connection(
    HalfCloseableStream client,
    HalfCloseableStream server,
    DirectionModel up,
    DirectionModel down) {

  /** Connects; throws if the network does not let us. */
  static Connection open(Parts parts, int number) throws IOException {
    try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 4).getFirst()) {
      HalfCloseableStream client =
          parts.stream(Net.openTcpStream("127.0.0.1", listener.localAddress().getPort()));
      try {
        return new Connection(
            client,
            parts.stream(listener.accept()),
            new DirectionModel("connection " + number + " up", number),
            new DirectionModel("connection " + number + " down", ~number));
      } catch (Throwable e) {
        AsyncResource.closeForcefully(client);
        throw e;
      }
    }
  }

  HalfCloseableStream senderOf(DirectionModel direction) {
    return direction == up ? client : server;
  }

  HalfCloseableStream receiverOf(DirectionModel direction) {
    return direction == up ? server : client;
  }

  DirectionModel opposite(DirectionModel direction) {
    return direction == up ? down : up;
  }

  /** Receives what is left, compares, and closes. */
  void end() throws IOException {
    try (client; server) {
      if (!up.broken && !down.broken) {
        Nursery.open(
            nursery -> {
              nursery.startSoon(() -> end(up));
              nursery.startSoon(() -> end(down));
            });
      }
    }
    if (!up.broken && !down.broken) { // a reset breaks both, and may be noticed in one of them
      up.checkEnd();
      down.checkEnd();
    }
  }

  private void end(DirectionModel direction) throws IOException {
    HalfCloseableStream receiver = receiverOf(direction);
    try {
      senderOf(direction).sendEof();
      byte[] bytes;
      while ((bytes = receiver.receiveSome()).length > 0) {
        direction.received(bytes);
      }
    } catch (BrokenResourceException reset) { // by the world, for both directions
      up.broken = true;
      down.broken = true;
    }
  }
}
