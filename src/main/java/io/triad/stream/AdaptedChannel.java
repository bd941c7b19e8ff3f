package io.triad.stream;

import io.triad.ClosedResourceException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;

/** What the channels of {@link Adapters} have in common: how they are closed. */
abstract sealed class AdaptedChannel<S extends AsyncResource> implements Channel
    permits ReceiveByteChannel, SendByteChannel {
  final S stream;
  private boolean closed;

  AdaptedChannel(S stream) {
    this.stream = stream;
  }

  /** Called before an operation. */
  final void checkOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** What to throw when the stream says that it is closed. */
  final ClosedChannelException translated(ClosedResourceException cause) {
    // Closed here, it was by another task and during the operation: before it we looked.
    ClosedChannelException exception =
        closed ? new AsynchronousCloseException() : new ClosedChannelException();
    exception.initCause(cause);
    closed = true;
    return exception;
  }

  @Override
  public final boolean isOpen() {
    return !closed;
  }

  @Override
  public final void close() throws IOException {
    closed = true;
    stream.close();
  }

  @Override
  public final String toString() {
    return "Channel of " + stream;
  }
}
