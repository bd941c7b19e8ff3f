package io.triad.net;

/** What a server does with a connection. */
@FunctionalInterface
public interface ConnectionHandler {
  /**
   * Serves a connection, in a task of its own. The stream is closed when this returns or throws.
   *
   * @param stream the connection
   * @throws Exception if it fails, which ends the server: what concerns one connection only is for
   *     the handler to catch (STR-27)
   */
  void handle(SocketStream stream) throws Exception;
}
