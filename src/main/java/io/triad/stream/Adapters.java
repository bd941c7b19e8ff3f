package io.triad.stream;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * Streams as the JDK knows them, so that ordinary blocking libraries run on a stream of Triad:
 * parsers, compressors, readers and writers.
 *
 * <pre>{@code
 * try (var in = new BufferedReader(new InputStreamReader(Adapters.inputStream(stream), UTF_8))) {
 *   for (String line; (line = in.readLine()) != null; ) { … }
 * }
 * }</pre>
 *
 * <p>What blocks there blocks the calling task and nobody else, also inside a lock or monitor of the
 * library. Hence all of it is for tasks of the run to which the stream belongs; another thread gets
 * {@link IllegalStateException}. Closing an adapter closes its stream, both directions of it; to
 * close one direction only, adapt the halves. Exceptions of the stream pass through unchanged, {@link
 * io.triad.Cancelled} included, as far as the library lets errors pass; if it does not, the next
 * checkpoint throws another one. Two tasks that read at the same time, or write, are not queued: the
 * second one gets {@link io.triad.BusyResourceException}.
 *
 * <p>There is no way back, from a stream of the JDK to one of Triad: reading from it would block the
 * run with all its tasks.
 */
public final class Adapters {
  private Adapters() {}

  /**
   * Returns a stream as an {@link InputStream}.
   *
   * <p>It reads ahead what has arrived, so that reading single bytes is cheap; a read that finds its
   * bytes there is no checkpoint. From then on the stream must not be received from directly. {@link
   * InputStream#available} answers how many bytes were read ahead. There is no mark. Reading after
   * the close throws {@link io.triad.ClosedResourceException}.
   *
   * @param stream where to receive from
   * @return an input stream without a buffer while nothing is there to read
   */
  public static InputStream inputStream(ReceiveStream stream) {
    return new ReceiveInputStream(Objects.requireNonNull(stream, "stream"));
  }

  /**
   * Returns a stream as an {@link OutputStream}.
   *
   * <p>It holds nothing back, like the streams of files and sockets: each write is a {@code sendAll},
   * so that whoever writes little at a time wants a {@link java.io.BufferedOutputStream} around it,
   * and there is nothing to flush. What a failed write got through, {@link
   * io.triad.PartialResult#of} tells.
   *
   * @param stream where to send
   * @return an output stream without a buffer
   */
  public static OutputStream outputStream(SendStream stream) {
    return new SendOutputStream(Objects.requireNonNull(stream, "stream"));
  }

  /**
   * Returns a stream as a {@link ReadableByteChannel}. Direct buffers are received into without
   * another copy. After the close, reading throws {@link java.nio.channels.ClosedChannelException};
   * a read during which another task closes it, {@link java.nio.channels.AsynchronousCloseException}.
   *
   * @param stream where to receive from
   * @return a channel in blocking mode, if it were selectable
   */
  public static ReadableByteChannel readableChannel(ReceiveStream stream) {
    return new ReceiveByteChannel(Objects.requireNonNull(stream, "stream"));
  }

  /**
   * Returns a stream as a {@link WritableByteChannel}. A write sends all that remains in the buffer;
   * direct buffers are used in place. Closing as with {@link #readableChannel}.
   *
   * @param stream where to send
   * @return a channel in blocking mode, if it were selectable
   */
  public static WritableByteChannel writableChannel(SendStream stream) {
    return new SendByteChannel(Objects.requireNonNull(stream, "stream"));
  }
}
