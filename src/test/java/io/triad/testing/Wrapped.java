package io.triad.testing;

import io.triad.stream.HalfCloseableStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Passes everything on to another stream; to be made worse by subclasses. */
class Wrapped implements HalfCloseableStream {
  final HalfCloseableStream inner;

  Wrapped(HalfCloseableStream inner) {
    this.inner = inner;
  }

  @Override
  public void sendAll(MemorySegment data) throws IOException {
    inner.sendAll(data);
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException {
    inner.waitSendAllMightNotBlock();
  }

  @Override
  public void sendEof() throws IOException {
    inner.sendEof();
  }

  @Override
  public int receiveSome(MemorySegment into) throws IOException {
    return inner.receiveSome(into);
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
