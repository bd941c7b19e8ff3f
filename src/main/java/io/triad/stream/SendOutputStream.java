package io.triad.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** What {@link Adapters#outputStream} returns. */
final class SendOutputStream extends OutputStream {
  private final SendStream stream;

  SendOutputStream(SendStream stream) {
    this.stream = stream;
  }

  @Override
  public void write(int value) throws IOException {
    stream.sendAll(new byte[] {(byte) value});
  }

  @Override
  public void write(byte[] data, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, data.length);
    if (length == data.length) {
      stream.sendAll(data);
    } else {
      stream.sendAll(MemorySegment.ofArray(data).asSlice(offset, length));
    }
  }

  void send(Chunk chunk) throws IOException {
    stream.sendAll(chunk);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  @Override
  public String toString() {
    return "OutputStream of " + stream;
  }
}
