package io.triad.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A client that shares no code with Triad: a blocking socket of the JDK. */
final class Peer implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;

  Peer(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** Sends text, a character for each byte. */
  Peer send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  /** Sends text, each byte on its own. */
  Peer sendInBytes(String text) throws IOException {
    for (byte each : text.getBytes(ISO_8859_1)) {
      socket.getOutputStream().write(each);
    }
    return this;
  }

  /** Ends the output. */
  Peer endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Receives as many characters as this has, and returns them. */
  String receiveLike(String expected) throws IOException {
    return new String(
        socket.getInputStream().readNBytes(expected.length()), ISO_8859_1);
  }

  /** Receives up to and with a line feed. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next; (next = socket.getInputStream().read()) != -1;) {
      line.append((char) next);
      if (next == '\n') {
        break;
      }
    }
    return line.toString();
  }

  /** Receives until the end. */
  String rest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  /** Closes with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
