package io.triad.net;

import java.net.Socket;
import java.net.SocketException;

/** A socket of the JDK's type over {@link ClientConnection}. */
final class TaskSocket extends Socket {
  TaskSocket() throws SocketException {
    this(new ClientConnection());
  }

  private TaskSocket(ClientConnection connection) throws SocketException {
    super(connection);
  }
}
