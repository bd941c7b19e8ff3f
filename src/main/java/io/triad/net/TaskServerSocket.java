package io.triad.net;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** A server socket of the JDK's type over {@link ServerConnection}. */
final class TaskServerSocket extends ServerSocket {
  TaskServerSocket() {
    super(new ServerConnection());
  }

  @Override
  public Socket accept() throws IOException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    if (!isBound()) {
      throw new SocketException("Socket is not bound yet");
    }
    TaskSocket socket = new TaskSocket();
    implAccept(socket);
    return socket;
  }
}
