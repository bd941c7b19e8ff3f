package io.triad.engine;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation that keeps what it is told, and finds fault with an engine that tells what it must
 * not: anything after the final completion, a buffer without bytes, bytes without a buffer.
 */
public class Recorded extends Operation {
  /** What it was told, in order. */
  public final List<Integer> results = new ArrayList<>();
  /** What it keeps of what was lent to it. */
  public final ArrayDeque<LoanedBuffer> kept = new ArrayDeque<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final boolean keeping;
  private boolean ended;

  /** Makes one that gives back at once what is lent to it. */
  public Recorded() {
    this(false);
  }

  /** Makes one that may keep what is lent to it until somebody releases it. */
  public Recorded(boolean keeping) {
    this.keeping = keeping;
  }

  @Override
  protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
    if (ended || more != inFlight()) {
      throw new AssertionError("told of " + result + ", more " + more + ": " + this);
    }
    boolean loan = more && kind() == Kind.RECEIVE_LOANED;
    if (loan != (buffer != null) || (buffer != null && buffer.length() != result)) {
      throw new AssertionError("told of " + result + " with the buffer " + buffer);
    }
    results.add(result);
    ended = !more;
    if (buffer != null) {
      byte[] copy = new byte[buffer.length()];
      buffer.view().get(buffer.offset(), copy);
      bytes.writeBytes(copy);
      if (keeping) {
        kept.add(buffer);
      } else {
        buffer.release();
      }
    }
  }

  /** Whether the final completion has come. */
  public boolean ended() {
    return ended;
  }

  /** What the final completion said. */
  public int result() {
    if (!ended) {
      throw new AssertionError("not ended: " + this);
    }
    return results.getLast();
  }

  /** All that was lent to it. */
  public byte[] bytes() {
    return bytes.toByteArray();
  }

  /** It is going to be submitted again. */
  public void again() {
    ended = false;
  }
}
