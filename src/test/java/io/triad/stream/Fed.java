package io.triad.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.triad.ClosedResourceException;
import io.triad.Triad;
import io.triad.sync.Event;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A receive stream that gives what a test feeds it, piece by piece, and blocks in between. */
final class Fed implements ReceiveStream {
  private final Deque<byte[]> pieces = new ArrayDeque<>();
  private @Nullable IOException end;
  private boolean ended;
  private boolean closed;
  private Event changed = new Event();
  int calls;

  Fed(String... texts) {
    for (String text : texts) {
      feed(text);
    }
  }

  Fed feed(String text) {
    return feed(text.getBytes(ISO_8859_1));
  }

  Fed feed(byte[] bytes) {
    if (bytes.length > 0) { // nothing is no piece: it would mean the end
      pieces.add(bytes);
    }
    change();
    return this;
  }

  /** Ends the stream after what was fed. */
  Fed end() {
    ended = true;
    change();
    return this;
  }

  /** Breaks the stream after what was fed. */
  Fed fail(IOException exception) {
    end = exception;
    return end();
  }

  private void change() {
    changed.set();
    changed = new Event();
  }

  @Override
  public int receiveSome(MemorySegment into) throws IOException {
    calls++;
    Triad.checkpoint();
    while (!closed && pieces.isEmpty() && !ended) {
      changed.await();
    }
    if (closed) {
      throw new ClosedResourceException("closed");
    }
    byte[] piece = pieces.poll();
    if (piece == null) {
      if (end != null) {
        throw end;
      }
      return -1;
    }
    int count = (int) Math.min(piece.length, into.byteSize());
    MemorySegment.copy(MemorySegment.ofArray(piece), 0, into, 0, count);
    if (count < piece.length) {
      pieces.push(Arrays.copyOfRange(piece, count, piece.length));
    }
    return count;
  }

  @Override
  public void close() {
    closed = true;
    change();
    Triad.checkpoint();
  }

  boolean isClosed() {
    return closed;
  }
}
