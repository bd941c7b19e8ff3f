package io.triad.stream;

import io.triad.ClosedResourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** What {@link Adapters#readableChannel} returns. */
final class ReceiveByteChannel extends AdaptedChannel<ReceiveStream>
    implements ReadableByteChannel {
  ReceiveByteChannel(ReceiveStream stream) {
    super(stream);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    checkOpen();
    if (into.isReadOnly()) {
      throw new IllegalArgumentException("the buffer is read-only");
    }
    if (!into.hasRemaining()) {
      return 0; // there is no such thing as receiving nothing: it would mean the end
    }
    try {
      return stream.receiveSome(into);
    } catch (ClosedResourceException e) {
      throw translated(e);
    }
  }
}
