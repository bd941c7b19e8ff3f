package io.triad.stream;

import io.triad.ClosedResourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** What {@link Adapters#writableChannel} returns. */
final class SendByteChannel extends AdaptedChannel<SendStream> implements WritableByteChannel {
  SendByteChannel(SendStream stream) {
    super(stream);
  }

  @Override
  public int write(ByteBuffer data) throws IOException {
    checkOpen();
    int length = data.remaining();
    try {
      stream.sendAll(data);
    } catch (ClosedResourceException e) {
      throw translated(e);
    }
    return length;
  }
}
