package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation that keeps what it is told, and finds fault with an engine that tells more than it
 * may: nothing after the final completion, and a buffer exactly with received bytes.
 */
class Recording extends Operation {
  private final List<Integer> results = new ArrayList<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ArrayDeque<LoanedBuffer> loans = new ArrayDeque<>();
  private boolean keepLoans;
  private boolean ended;

  /** Keeps the buffers that are lent to it until {@link #releaseOne}. */
  Recording keepingLoans() {
    keepLoans = true;
    return this;
  }

  @Override
  protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
    if (ended) {
      throw new AssertionError("a completion after the final one: " + this);
    }
    if (more == !inFlight()) {
      throw new AssertionError("it is in flight exactly while more will follow: " + this);
    }
    results.add(result);
    ended = !more;
    if (buffer != null) {
      if (!more || result <= 0 || buffer.length() != result) {
        throw new AssertionError("a buffer of " + buffer.length() + " bytes with " + result);
      }
      byte[] copy = new byte[result];
      buffer.view().get(buffer.offset(), copy);
      bytes.writeBytes(copy);
      if (buffer.memory().get(JAVA_BYTE, buffer.offset()) != copy[0]) {
        throw new AssertionError("view and memory of a buffer differ");
      }
      if (keepLoans) {
        loans.add(buffer);
      } else {
        buffer.release();
      }
    }
  }

  /** Gives one kept buffer back. */
  void releaseOne() {
    loans.remove().release();
  }

  int loans() {
    return loans.size();
  }

  /** Prepares it to be submitted again. */
  void again() {
    if (!ended) {
      throw new AssertionError("it has not ended: " + this);
    }
    ended = false;
  }

  boolean ended() {
    return ended;
  }

  /** What the final completion said; there must have been one. */
  int result() {
    if (!ended) {
      throw new AssertionError("it has not ended: " + this);
    }
    return results.getLast();
  }

  /** What all completions said, in order. */
  List<Integer> results() {
    return results;
  }

  /** What {@link Operation.Kind#RECEIVE_LOANED} brought. */
  byte[] bytes() {
    return bytes.toByteArray();
  }

  int byteCount() {
    return bytes.size();
  }
}
