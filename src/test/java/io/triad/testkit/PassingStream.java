package io.triad.testkit;

import io.triad.stream.HalfCloseableStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Does what another stream does; subclasses change a part of that. */
public class PassingStream implements HalfCloseableStream {
  /** The other stream. */
  protected final HalfCloseableStream inner;

  /** Passes everything on to {@code inner}. */
  public PassingStream(HalfCloseableStream inner) {
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
