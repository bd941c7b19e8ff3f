package io.triad.stream;

import java.io.IOException;

/**
 * The sending end of a channel: what {@link SendStream} is to bytes, for objects (STR-18). Not null:
 * nothing is no object.
 *
 * @param <T> the type of the objects
 */
public interface SendChannel<T> extends AsyncResource {
  /**
   * Sends an object; waits while the channel cannot take it. A checkpoint.
   *
   * @param value what to send
   * @throws IOException {@link io.triad.ClosedResourceException} if this side has closed the channel,
   *     {@link io.triad.BrokenResourceException} if nobody will receive any more
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  void send(T value) throws IOException;
}
