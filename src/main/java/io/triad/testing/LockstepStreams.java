package io.triad.testing;

/**
 * Connections without any buffer: sending ends when the other end has received the last byte. They
 * make two tasks proceed in step, and find programs that count on a buffer, above all those in which
 * both ends send before they receive.
 *
 * <p>They are clogged by nature, so they also serve as the clogged maker of {@link StreamChecks} for
 * a stream that wraps another one:
 *
 * <pre>{@code
 * StreamChecks.checkHalfCloseableStream(
 *     () -> wrap(MemoryStreams.pair()), () -> wrap(LockstepStreams.pair()));
 * }</pre>
 */
public final class LockstepStreams {
  private LockstepStreams() {}

  /**
   * Makes a connection in one direction.
   *
   * @return its two ends
   */
  public static StreamPair<LockstepSendStream, LockstepReceiveStream> oneWayPair() {
    LockstepQueue queue = new LockstepQueue();
    return new StreamPair<>(new LockstepSendStream(queue), new LockstepReceiveStream(queue));
  }

  /**
   * Makes a connection in both directions, each of which can be ended on its own (TEST-42).
   *
   * @return its two ends
   */
  public static StreamPair<LockstepStream, LockstepStream> pair() {
    LockstepQueue forth = new LockstepQueue();
    LockstepQueue back = new LockstepQueue();
    return new StreamPair<>(new LockstepStream(forth, back), new LockstepStream(back, forth));
  }
}
