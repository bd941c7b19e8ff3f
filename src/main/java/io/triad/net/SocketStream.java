package io.triad.net;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.PartialResult;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import io.triad.engine.SocketOption;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.stream.Chunk;
import io.triad.stream.ChunkAction;
import io.triad.stream.HalfCloseableStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
  private static final int NOT_SENT_LOW_WATER_BYTES = 16 * 1024;

  /** The longest piece of one send: what fits a signed 32-bit length, in whole pages. */
  private static final int MAX_SEND_BYTES = 1 << 30;

  private final Loop loop;
  private final int descriptor;
  private final OneShot sender = new OneShot();
  private final Receiver receiver;
  private @Nullable Chunk chunk;
  private @Nullable ByteBuffer knownBuffer;
  private MemorySegment.@Nullable Scope knownScope;
  private long knownAddress;
  private boolean sending;
  private boolean receiving;
  private boolean eofSent;
  private boolean closed;

  SocketStream(Loop loop, int descriptor) {
    this.loop = loop;
    this.descriptor = descriptor;
    receiver = new Receiver(loop, descriptor);
    // Refused by sockets that are not TCP, which have nothing to set (NET-03).
    loop.platform().setOption(descriptor, SocketOption.NO_DELAY, 1);
    loop.platform()
        .setOption(descriptor, SocketOption.NOT_SENT_LOW_WATER, NOT_SENT_LOW_WATER_BYTES);
  }

  // ---- sending ----

  @Override
  public void sendAll(MemorySegment data) throws IOException {
    if (data.isNative()) {
      requireAlive(data.scope());
      try {
        send(data.address(), data.byteSize());
      } finally {
        Reference.reachabilityFence(data);
      }
    } else {
      sendCopied(data, 0, data.byteSize());
    }
  }

  @Override
  public void sendAll(byte[] data) throws IOException {
    sendCopied(data, 0, data.length);
  }

  @Override
  public void sendAll(ByteBuffer data) throws IOException {
    int position = data.position();
    int count = data.remaining();
    try {
      if (data.isDirect()) {
        send(addressOf(data) + position, count);
      } else {
        sendCopied(data, position, count);
      }
    } catch (Throwable e) {
      data.position(position + (int) PartialResult.of(e).orElse(0));
      throw e;
    } finally {
      Reference.reachabilityFence(data);
    }
    data.position(position + count);
  }

  @Override
  public void sendAll(Chunk data) throws IOException {
    long address = data.nativeAddress();
    if (address == 0) {
      sendAll(data.segment());
    } else {
      send(address, data.length());
    }
  }

  @Override
  public void sendAll(List<ByteBuffer> data) throws IOException {
    Fiber fiber = beginSending();
    long sent = 0;
    try {
      Gather gather = new Gather(data, loop.blocks());
      try {
        while (gather.hasRemaining()) {
          gather.prepare(sender, descriptor);
          int taken = awaitSend(fiber);
          sent += taken;
          gather.advance(taken);
        }
      } finally {
        gather.release();
      }
      if (sent == 0) {
        fiber.checkpoint();
      }
    } catch (Throwable e) {
      PartialResult.attach(e, sent);
      throw e;
    } finally {
      sending = false;
    }
  }

  /** Where a direct buffer begins. Asking makes an object, so the last answer is kept. */
  private long addressOf(ByteBuffer buffer) {
    if (buffer != knownBuffer || knownScope == null) {
      MemorySegment whole = MemorySegment.ofBuffer(buffer.duplicate().clear());
      knownAddress = whole.address();
      knownScope = whole.scope();
      knownBuffer = buffer;
    }
    requireAlive(knownScope);
    return knownAddress;
  }

  /** The kernel would not notice that the arena of some memory was closed. */
  private static void requireAlive(MemorySegment.Scope scope) {
    if (!scope.isAlive()) {
      throw new IllegalStateException("the memory to be sent has been freed");
    }
  }

  private void send(long address, long count) throws IOException {
    Fiber fiber = beginSending();
    long sent = 0;
    try {
      if (count == 0) {
        fiber.checkpoint();
        checkOpen();
      }
      while (sent < count) {
        sender.send(descriptor, address + sent, (int) Math.min(count - sent, MAX_SEND_BYTES));
        sent += awaitSend(fiber);
      }
    } catch (Throwable e) {
      PartialResult.attach(e, sent);
      throw e;
    } finally {
      sending = false;
    }
  }

  /** Sends heap memory, a block at a time. An array, a buffer or a segment: no object is made. */
  private void sendCopied(Object data, long start, long count) throws IOException {
    if (count == 0) {
      send(0, 0);
      return;
    }
    loop.requireOwnFiber(); // before the blocks of its run are touched
    NativeBlocks.Block block = loop.blocks().take(count);
    long done = 0;
    try {
      while (done < count) {
        int piece = (int) Math.min(count - done, block.size());
        copyToBlock(data, start + done, block, piece);
        send(block.memory().address(), piece);
        done += piece;
      }
    } catch (Throwable e) {
      PartialResult.attach(e, done + PartialResult.of(e).orElse(0));
      throw e;
    } finally {
      loop.blocks().give(block);
    }
  }

  private static void copyToBlock(Object data, long from, NativeBlocks.Block block, int count) {
    if (data instanceof byte[] array) {
      block.view().put(0, array, (int) from, count);
    } else if (data instanceof ByteBuffer buffer) {
      block.view().put(0, buffer, (int) from, count);
    } else {
      MemorySegment.copy((MemorySegment) data, from, block.memory(), 0, count);
    }
  }

  private Fiber beginSending() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (eofSent && !closed) {
      throw attachZero(new ClosedResourceException("can't send data after sending EOF"));
    }
    if (sending) {
      throw attachZero(busy("sending data on"));
    }
    if (closed) {
      throw attachZero(alreadyClosed());
    }
    try {
      fiber.checkpointIfCancelled();
      checkOpen();
    } catch (Throwable e) {
      attachZero(e);
      throw e;
    }
    sending = true;
    return fiber;
  }

  private static <T extends Throwable> T attachZero(T throwable) {
    return PartialResult.attach(throwable, 0);
  }

  /** Submits what the sender was set up with; the bytes that were taken. */
  private int awaitSend(Fiber fiber) throws IOException {
    checkOpen(); // closed after a part was taken: by now the descriptor may be somebody else's
    fiber.raiseIfCancelled();
    int sent = sender.await(fiber);
    if (sent >= 0) {
      return sent;
    }
    checkOpen();
    if (sent == Operation.CANCELED) {
      fiber.raiseIfCancelled();
      return 0; // cancelled, and then shielded before we ran: go on
    }
    throw Errors.ofStream(loop.platform(), sent, "send");
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (sending) {
      throw busy("sending data on");
    }
    checkOpen();
    fiber.checkpointIfCancelled();
    checkOpen();
    sending = true;
    try {
      int result;
      do {
        sender.awaitReady(descriptor, Operation.WRITABLE);
        result = sender.await(fiber);
        checkOpen();
        if (result == Operation.CANCELED) {
          fiber.raiseIfCancelled();
        }
      } while (result == Operation.CANCELED);
      if (result < 0) {
        throw Errors.ofStream(loop.platform(), result, "poll");
      }
    } finally {
      sending = false;
    }
  }

  @Override
  public void sendEof() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (sending) {
      throw busy("sending data on");
    }
    checkOpen();
    sending = true;
    try {
      fiber.checkpoint();
      checkOpen();
      if (!eofSent) {
        int result = loop.platform().shutdownSend(descriptor);
        if (result < 0) {
          throw Errors.ofStream(loop.platform(), result, "shutdown");
        }
        eofSent = true;
      }
    } finally {
      sending = false;
    }
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

  @Override
  public void close() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (closed) {
      fiber.checkpoint();
      return;
    }
    closed = true;
    knownBuffer = null;
    loop.engine().cancel(sender);
    receiver.discard();
    int result = Closing.close(fiber, descriptor, receiver);
    Errors.checkClose(loop.platform(), result);
    fiber.raiseIfCancelled();
  }

  private void checkOpen() throws ClosedResourceException {
    if (closed) {
      throw alreadyClosed();
    }
  }

  private static ClosedResourceException alreadyClosed() {
    return new ClosedResourceException("this socket was already closed");
  }

  private static BusyResourceException busy(String doing) {
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
    return SocketCalls.address(loop, descriptor, peer);
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
    SocketCalls.setInt(loop, descriptor, level, name, value);
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
    return SocketCalls.getInt(loop, descriptor, level, name);
  }

  @Override
  public String toString() {
    return "SocketStream, " + (closed ? "closed" : "descriptor " + descriptor);
  }
}
