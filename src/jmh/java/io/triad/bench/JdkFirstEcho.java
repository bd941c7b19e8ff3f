package io.triad.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** How long a program on JDK virtual threads takes from {@code main} to its first byte echoed. */
public final class JdkFirstEcho {
  private JdkFirstEcho() {}

  /** Starts a server, connects to it, and sends one byte there and back. */
  public static void main(String[] args) throws IOException, InterruptedException {
    long began = System.nanoTime();
    try (var listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread server = Thread.startVirtualThread(() -> serveOne(listener));
      Thread client = Thread.startVirtualThread(() -> sendOne(listener.getLocalPort()));
      client.join();
      FirstEcho.arrived(began);
      server.join();
    }
  }

  private static void serveOne(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      socket.setTcpNoDelay(true);
      var buffer = new byte[16 * 1024];
      for (int length; (length = socket.getInputStream().read(buffer)) >= 0;) {
        socket.getOutputStream().write(buffer, 0, length);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sendOne(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write('x');
      if (socket.getInputStream().read() != 'x') {
        throw new IllegalStateException("wrong byte");
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
