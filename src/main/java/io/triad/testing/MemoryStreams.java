package io.triad.testing;

import io.triad.Action;
import io.triad.BrokenResourceException;
import io.triad.ClosedResourceException;
import io.triad.WouldBlockException;
import io.triad.stream.StapledStream;
import java.io.IOException;

/**
 * Connections in memory. They have buffers without limit, so sending never blocks, and arrive at
 * once unless a test says otherwise, which it can: the ends are a {@link MemorySendStream} and a
 * {@link MemoryReceiveStream}, and nothing but a hook connects them.
 *
 * <p>To test how a program copes with a slow connection that delivers byte by byte, exchange the
 * hook; with a {@link MockClock} the test takes no time (TEST-35):
 *
 * <pre>{@code
 * StreamPair<MemorySendStream, MemoryReceiveStream> pair = MemoryStreams.oneWayPair();
 * pair.sender().setSendAllHook(
 *     () -> {
 *       while (MemoryStreams.pump(pair.sender(), pair.receiver(), 1)) {
 *         Triad.sleep(Duration.ofSeconds(1));
 *       }
 *     });
 * }</pre>
 *
 * @see LockstepStreams connections without any buffer
 */
public final class MemoryStreams {
  private MemoryStreams() {}

  /**
   * Moves everything that was sent into one stream to be received from the other; see {@link
   * #pump(MemorySendStream, MemoryReceiveStream, int)}.
   *
   * @param sender where the data is fetched
   * @param receiver where it is put in
   * @return whether there was anything
   * @throws BrokenResourceException if the receiver is closed
   */
  public static boolean pump(MemorySendStream sender, MemoryReceiveStream receiver)
      throws BrokenResourceException {
    return pump(sender, receiver, Integer.MAX_VALUE);
  }

  /**
   * Moves data that was sent into one stream to be received from the other; if the sender is closed
   * and all data has been moved, moves the end of the stream. Not a checkpoint (TEST-30).
   *
   * @param sender where the data is fetched
   * @param receiver where it is put in
   * @param maxBytes the most bytes to move, at least 1
   * @return whether there was anything, data or the end
   * @throws BrokenResourceException if the receiver is closed and there was data; it is lost
   * @throws IllegalArgumentException if {@code maxBytes} is less than 1
   */
  public static boolean pump(
      MemorySendStream sender, MemoryReceiveStream receiver, int maxBytes)
      throws BrokenResourceException {
    byte[] data;
    try {
      data = sender.getDataNowait(maxBytes);
    } catch (WouldBlockException nothing) {
      return false;
    }
    if (data.length == 0) {
      receiver.putEof();
      return true;
    }
    try {
      receiver.putData(data);
    } catch (ClosedResourceException closed) {
      throw new BrokenResourceException("the MemoryReceiveStream was closed", null);
    }
    return true;
  }

  /**
   * Makes a connection in one direction. The {@linkplain #pump pump} is the sender's {@link
   * MemorySendStream#sendAllHook} and {@link MemorySendStream#closeHook}; there are no other hooks
   * (TEST-31).
   *
   * <p>Take the first hook away and the connection stalls; put it back, and the next {@code sendAll}
   * delivers what has piled up (TEST-32). Closing pumps once: a stalled connection that is closed
   * delivers its data but not its end (TEST-36).
   *
   * @return its two ends
   */
  public static StreamPair<MemorySendStream, MemoryReceiveStream> oneWayPair() {
    MemorySendStream sender = new MemorySendStream();
    MemoryReceiveStream receiver = new MemoryReceiveStream();
    Action<IOException> pump = () -> pump(sender, receiver);
    sender.setSendAllHook(pump);
    sender.setCloseHook(pump);
    return new StreamPair<>(sender, receiver);
  }

  /**
   * Makes a connection in both directions: two {@linkplain #oneWayPair one-way pairs}, stapled
   * crosswise. {@code sendEof} closes the sending half (TEST-33).
   *
   * @return its two ends
   */
  public static StreamPair<
      StapledStream<MemorySendStream, MemoryReceiveStream>,
      StapledStream<MemorySendStream, MemoryReceiveStream>>
      pair() {
    StreamPair<MemorySendStream, MemoryReceiveStream> forth = oneWayPair();
    StreamPair<MemorySendStream, MemoryReceiveStream> back = oneWayPair();
    return new StreamPair<>(
        new StapledStream<>(forth.sender(), back.receiver()),
        new StapledStream<>(back.sender(), forth.receiver()));
  }
}
