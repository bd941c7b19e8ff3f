package io.triad.stream;

import java.io.IOException;

/**
 * Something that takes connections.
 *
 * @param <S> the type of stream it makes
 */
public interface Listener<S extends ByteStream> extends AsyncResource {
  /**
   * Waits for a connection.
   *
   * @return the stream, which the caller owns
   * @throws IOException {@link io.triad.ClosedResourceException} if this side has closed the
   *     listener; {@link io.triad.OsException} if the system cannot take the connection, after which
   *     the listener is still usable (STR-17)
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; no connection was lost
   */
  S accept() throws IOException;

  /**
   * Says that {@link #accept} will not be called for a while. A listener that takes connections
   * ahead of being asked stops doing so, and leaves new ones in the queue of the system, until
   * {@code accept} is called again. Others need not do anything. No checkpoint; harmless at any time.
   */
  default void pause() {}
}
