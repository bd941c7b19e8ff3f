package io.triad.net;

import io.triad.BrokenResourceException;
import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.descriptor.Closing;
import io.triad.descriptor.DescriptorCalls;
import io.triad.descriptor.DetachedClose;
import io.triad.descriptor.Errors;
import io.triad.descriptor.SocketAccess;
import io.triad.engine.LoanedBuffer;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.lowlevel.Lowlevel;
import io.triad.socket.Socket;
import io.triad.stream.Chunk;
import io.triad.stream.ChunkAction;
import io.triad.stream.HalfCloseableStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket as a stream. Made by {@link Net} and by {@link SocketListener#accept}.
 *
 * <p>New streams have TCP_NODELAY set, and TCP_NOTSENT_LOWAT at 16 KiB where the system knows it:
 * small messages leave at once, and the kernel does not hoard what the peer cannot take (NET-03).
 *
 * <p>Data in native memory (direct buffers, native segments, chunks) is sent in place. Receiving
 * copies once, out of the engine's buffers, except by {@link #receive}, which copies nothing. An idle
 * stream holds no buffer. Neither {@code sendAll(ByteBuffer)} of one direct buffer used again and
 * again, nor {@code receiveSome(ByteBuffer)}, nor {@code receive} allocates.
 *
 * <p>A stream belongs to the run in which it was opened and is used by its tasks only.
 */
public final class SocketStream implements HalfCloseableStream {
  /** What a lingering close drops at most, unless told otherwise. */
  private static final long LINGER_BYTES = 1 << 20;

  private static final SocketAccess ACCESS = SocketAccess.get();

  private final Socket socket;
  private final Loop loop;
  private final int descriptor;
  private final StreamSender sender;
  private final Receiver receiver;
  private @Nullable Chunk chunk;
  private boolean receiving;
  private boolean closed;

  /**
   * Makes a stream of a socket, and owns it from now on. Whether it is connected is not checked
   * (NET-02). Data that the stream has taken from the socket is not there for {@link Socket#recv} any
   * more.
   *
   * @param socket a socket of streams, of this run
   * @throws IllegalArgumentException if it is not of streams (NET-02)
   */
  public SocketStream(Socket socket) {
    this(socket, loopOf(socket));
  }

  /** Checks first: a socket that is refused stays as it is. */
  private static Loop loopOf(Socket socket) {
    Loop loop = ACCESS.loop(socket);
    loop.requireOwnFiber();
    if (socket.type() != loop.platform().streamType()) {
      throw new IllegalArgumentException("SocketStream requires a SOCK_STREAM socket");
    }
    return loop;
  }

  SocketStream(Socket socket, Loop loop) {
    this(socket, loop, false);
  }

  private SocketStream(Socket socket, Loop loop, boolean hasDefaults) {
    this.socket = socket;
    this.loop = loop;
    descriptor = socket.fileno();
    closed = descriptor < 0;
    ACCESS.setOwner(socket, this::closing);
    ACCESS.settleMode(socket);
    sender = new StreamSender(loop, descriptor, closed);
    receiver = new Receiver(loop, descriptor);
    if (!hasDefaults) {
      StreamDefaults.set(loop.platform(), descriptor);
    }
  }

  /** A stream of a socket that has the {@link StreamDefaults} from its listener. */
  static SocketStream withDefaultsInherited(Socket socket, Loop loop) {
    return new SocketStream(socket, loop, true);
  }

  // ---- sending ----

  @Override
  public void sendAll(MemorySegment data) throws IOException {
    sender.sendAll(data);
  }

  @Override
  public void sendAll(byte[] data) throws IOException {
    sender.sendAll(data);
  }

  @Override
  public void sendAll(ByteBuffer data) throws IOException {
    sender.sendAll(data);
  }

  @Override
  public void sendAll(Chunk data) throws IOException {
    sender.sendAll(data);
  }

  @Override
  public void sendAll(List<ByteBuffer> data) throws IOException {
    sender.sendAll(data);
  }

  /**
   * Sends all of some memory and has the network card read it where it lies, if system, socket and
   * card can; if not, this is {@link #sendAll(MemorySegment)}. It returns only when the system needs
   * the memory no more, which may be as late as when the peer has acknowledged the data, so it pays
   * for large blocks over a real network, and for them only: between programs of one machine the
   * system copies after all, and it is slower. {@code Triad.explain()} tells how often it copied.
   *
   * @param data the bytes, in native memory; must not be changed before this returns or throws
   * @throws IllegalArgumentException if the memory is on the heap
   * @throws IOException as {@link #sendAll(MemorySegment)}; {@link io.triad.PartialResult} has how much
   *     was accepted
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; the memory is no longer in
   *     use, and {@link io.triad.PartialResult} has how much was accepted
   */
  public void sendAllZeroCopy(MemorySegment data) throws IOException {
    sender.sendAllZeroCopy(data);
  }

  /**
   * Sends the remaining bytes of a direct buffer without a copy, and moves its position; see {@link
   * #sendAllZeroCopy(MemorySegment)}.
   *
   * @param data the bytes; must not be changed before this returns or throws
   * @throws IllegalArgumentException if the buffer is not direct
   * @throws IOException as above; the position stands behind what was accepted
   */
  public void sendAllZeroCopy(ByteBuffer data) throws IOException {
    sender.sendAllZeroCopy(data);
  }

  /**
   * Sends a part of a file, without a copy in this process where the system can: by splice(2) or
   * sendfile(2). A checkpoint.
   *
   * <p>The position of the channel does not move. The channel must stay open, and should not be
   * written to, until this returns: what is sent is what the file holds when the network takes it. A
   * channel that is not one of the JDK's own files is read piece by piece on a worker thread instead,
   * and so is a file that the system cannot send.
   *
   * @param file the file, opened for reading
   * @param position where in the file to begin, 0 or more
   * @param count how many bytes, 0 or more
   * @return how many were sent: fewer than {@code count} if the file ends before
   * @throws IllegalArgumentException if a number is negative
   * @throws IOException as {@link #sendAll(MemorySegment)}, or if the file cannot be read; {@link
   *     io.triad.PartialResult} has how many bytes the system had accepted for the peer
   * @throws java.nio.channels.NonReadableChannelException if the file is not open for reading
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; {@link
   *     io.triad.PartialResult} as above
   */
  public long sendFile(FileChannel file, long position, long count) throws IOException {
    return new FileSender(loop, sender).send(file, position, count);
  }

  /**
   * Opens a file on a worker thread and sends a part of it; see {@link #sendFile(FileChannel, long,
   * long)}.
   *
   * @param file where the file is
   * @param position where in the file to begin, 0 or more
   * @param count how many bytes, 0 or more; {@link Long#MAX_VALUE} for all that there are
   * @return how many were sent
   * @throws IllegalArgumentException if a number is negative
   * @throws IOException as above, or if the file cannot be opened
   */
  public long sendFile(Path file, long position, long count) throws IOException {
    return new FileSender(loop, sender).send(file, position, count);
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException {
    sender.waitSendAllMightNotBlock();
  }

  @Override
  public void sendEof() throws IOException {
    sender.sendEof();
  }

  // ---- receiving ----

  @Override
  public int receiveSome(MemorySegment into) throws IOException {
    if (into.isReadOnly() || into.byteSize() == 0) {
      throw new IllegalArgumentException(
          into.isReadOnly() ? "the segment is read-only" : "the segment is empty");
    }
    if (!beginReceiving()) {
      return -1;
    }
    try {
      int count = (int) Math.min(into.byteSize(), receiver.available());
      MemorySegment.copy(receiver.buffer().memory(), receiver.offset(), into, 0, count);
      receiver.consume(count);
      return count;
    } finally {
      receiving = false;
    }
  }

  @Override
  public int receiveSome(ByteBuffer into) throws IOException {
    if (into.isReadOnly() || !into.hasRemaining()) {
      throw new IllegalArgumentException(
          into.isReadOnly() ? "the buffer is read-only" : "the buffer has no room");
    }
    if (!beginReceiving()) {
      return -1;
    }
    try {
      int count = Math.min(into.remaining(), receiver.available());
      int position = into.position();
      into.put(position, receiver.buffer().view(), receiver.offset(), count);
      into.position(position + count);
      receiver.consume(count);
      return count;
    } finally {
      receiving = false;
    }
  }

  @Override
  public byte[] receiveSome(int maxBytes) throws IOException {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be >= 1, not " + maxBytes);
    }
    if (!beginReceiving()) {
      return new byte[0];
    }
    try {
      byte[] bytes = new byte[Math.min(maxBytes, receiver.available())];
      receiver.buffer().view().get(receiver.offset(), bytes);
      receiver.consume(bytes.length);
      return bytes;
    } finally {
      receiving = false;
    }
  }

  @Override
  public <E extends Exception> boolean receive(ChunkAction<E> action) throws IOException, E {
    if (!beginReceiving()) {
      return false;
    }
    int offset = receiver.offset();
    int count = receiver.available();
    LoanedBuffer buffer = receiver.takeOut();
    Chunk lent = chunk == null ? new Chunk() : chunk;
    chunk = lent;
    lent.lend(buffer.memory(), offset, count);
    try {
      action.accept(lent);
    } finally {
      lent.revoke();
      buffer.release();
      receiving = false;
    }
    return true;
  }

  /** Ends what can be received from this side; shutdown(2) wakes no receive on Windows. */
  void endReceiving() {
    receiver.endHere();
  }

  /** How many bytes can be received without waiting, at least; a schedule point, no cancel point. */
  int arrived() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    checkOpen();
    int count = receiver.arrived(fiber);
    checkOpen();
    return count;
  }

  /**
   * Waits for bytes and marks the stream as being received from; false, and not marked, at the end of
   * the stream.
   */
  private boolean beginReceiving() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    checkOpen();
    if (receiving) {
      throw busy("receiving data from");
    }
    receiving = true;
    boolean begun = false;
    try {
      begun = receiver.await(fiber);
      checkOpen();
    } finally {
      receiving = begun && !closed;
    }
    if (!begun && receiver.end() < 0) {
      throw Errors.ofStream(loop.platform(), receiver.end(), "receive");
    }
    return begun;
  }

  // ---- the rest ----

  /**
   * Returns the socket under this stream.
   *
   * @return the one that the stream was made of (NET-04)
   */
  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (closed) {
      fiber.checkpoint();
      return;
    }
    ACCESS.release(socket);
    closing();
    Lowlevel.notifyClosing(descriptor);
    int result = Closing.close(fiber, descriptor, receiver);
    Errors.checkClose(loop.platform(), result);
    fiber.raiseIfCancelled();
  }

  /**
   * Closes so that the peer gets everything that was sent to it, though it may still be sending:
   * sends the end of the stream, receives and drops what comes until the peer ends as well, and then
   * closes. {@link #close} alone drops what was not received, which TCP answers with a reset, and a
   * reset may destroy the last answer before the peer has read it: RFC 9112 section 9.6.
   *
   * <p>A peer that goes on sending, or does nothing, is given up after a while. Whatever happens, the
   * stream is closed when this returns or throws. A checkpoint.
   *
   * @param patience how long to wait for the peer, 0 or more
   * @throws IOException if the system reports an error when closing; that the connection was broken
   *     before is no error here
   * @throws io.triad.BusyResourceException if another task sends or receives; it is closed nevertheless
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; it is closed at once
   */
  public void lingeringClose(Duration patience) throws IOException {
    lingeringClose(patience, LINGER_BYTES);
  }

  /**
   * Closes like {@link #lingeringClose(Duration)}, and gives up also when the peer has sent too much.
   *
   * @param patience how long to wait for the peer, 0 or more
   * @param maxBytes how many bytes to drop at most, 0 or more
   * @throws IOException as above
   */
  public void lingeringClose(Duration patience, long maxBytes) throws IOException {
    if (maxBytes < 0 || patience.isNegative()) {
      throw new IllegalArgumentException(
          "patience and maxBytes must be >= 0, not " + patience + " and " + maxBytes);
    }
    try (this) {
      if (!closed) {
        CancelScope.open(
            scope -> {
              scope.setTimeout(patience);
              drop(maxBytes);
            });
      }
    }
  }

  private void drop(long maxBytes) throws IOException {
    try {
      sendEof();
      long[] left = {maxBytes};
      while (left[0] > 0 && receive(data -> left[0] -= data.length())) {
        // There may be more.
      }
    } catch (BrokenResourceException | ClosedResourceException goneAlready) {
      return; // nobody is left to wait for
    }
  }

  /** Closes at once, on the loop but in no task, and wakes who waits. */
  void closeDetached() {
    if (!closed) {
      ACCESS.release(socket);
      closing();
      Lowlevel.notifyClosing(descriptor);
      DetachedClose.closeQuietly(loop, descriptor);
    }
  }

  private void closing() {
    closed = true;
    sender.discard();
    receiver.discard();
  }

  private void checkOpen() throws ClosedResourceException {
    if (closed) {
      throw alreadyClosed();
    }
  }

  static ClosedResourceException alreadyClosed() {
    return new ClosedResourceException("this socket was already closed");
  }

  static BusyResourceException busy(String doing) {
    return new BusyResourceException(
        "another task is currently " + doing + " this SocketStream");
  }

  /**
   * Returns the address of this end.
   *
   * @return the address and port
   * @throws IOException if the stream is closed, or the system does not know
   */
  public InetSocketAddress localAddress() throws IOException {
    return address(false);
  }

  /**
   * Returns the address of the other end.
   *
   * @return the address and port
   * @throws IOException if the stream is closed, or not connected any more
   */
  public InetSocketAddress peerAddress() throws IOException {
    return address(true);
  }

  private InetSocketAddress address(boolean peer) throws IOException {
    loop.requireOwnFiber();
    checkOpen();
    return DescriptorCalls.address(loop, descriptor, peer);
  }

  /**
   * Sets an integer option of the socket.
   *
   * @param level the protocol, as setsockopt(2) numbers it on this system
   * @param name the option, as setsockopt(2) numbers it on this system
   * @param value the value
   * @throws IOException if the stream is closed, or the system refuses
   */
  public void setsockopt(int level, int name, int value) throws IOException {
    loop.requireOwnFiber();
    checkOpen();
    DescriptorCalls.setInt(loop, descriptor, level, name, value);
  }

  /**
   * Reads an integer option of the socket.
   *
   * @param level the protocol, as getsockopt(2) numbers it on this system
   * @param name the option, as getsockopt(2) numbers it on this system
   * @return the value
   * @throws IOException if the stream is closed, or the system refuses
   */
  public int getsockopt(int level, int name) throws IOException {
    loop.requireOwnFiber();
    checkOpen();
    return DescriptorCalls.getInt(loop, descriptor, level, name);
  }

  @Override
  public String toString() {
    return "SocketStream, " + (closed ? "closed" : "descriptor " + descriptor);
  }
}
