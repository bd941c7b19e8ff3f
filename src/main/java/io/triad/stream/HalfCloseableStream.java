package io.triad.stream;

import java.io.IOException;

/** A stream whose sending direction can be ended while receiving goes on. */
public interface HalfCloseableStream extends ByteStream {
  /**
   * Says that no more bytes will be sent: the other side reads the end of the stream after what was
   * sent before. Later sending throws {@link io.triad.ClosedResourceException}. Idempotent; a
   * checkpoint (STR-16).
   *
   * @throws IOException if the stream is closed or broken
   * @throws io.triad.BusyResourceException if another task is sending
   */
  void sendEof() throws IOException;
}
