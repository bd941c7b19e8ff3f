package io.triad.stream;

/**
 * What a server does with a connection.
 *
 * @param <S> the type of stream
 */
@FunctionalInterface
public interface ConnectionHandler<S extends ByteStream> {
  /**
   * Serves a connection, in a task of its own. The stream is closed when this returns or throws,
   * without grace: a handler that has to say goodbye does so itself (STR-25).
   *
   * @param stream the connection
   * @throws Exception if it fails, which ends the server: what concerns one connection only is for
   *     the handler to catch (STR-27)
   */
  void handle(S stream) throws Exception;
}
