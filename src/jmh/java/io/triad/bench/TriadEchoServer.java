package io.triad.bench;

import io.triad.Triad;
import io.triad.net.Net;
import io.triad.stream.ChunkAction;
import java.io.IOException;

/** Triad under measurement: an echo server on one run, with loaned buffers. */
public final class TriadEchoServer {
  private TriadEchoServer() {}

  /** Serves on the port given until the process is ended. */
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    Triad.run(
        () -> Net.serveTcp(
            port,
            stream -> {
              ChunkAction<IOException> echo = stream::sendAll;
              try {
                while (stream.receive(echo)) {}
              } catch (IOException e) {
                // The load was ended in the middle of a message; other connections go on.
              }
            }));
  }
}
