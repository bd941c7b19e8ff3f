package io.triad.net;

import io.triad.ClosedResourceException;
import io.triad.PartialResult;
import io.triad.descriptor.Errors;
import io.triad.descriptor.Gather;
import io.triad.descriptor.OneShot;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.stream.Chunk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sending half of a {@link SocketStream}: one operation, used again and again. */
final class StreamSender {
  /** The longest piece of one send: what fits a signed 32-bit length, in whole pages. */
  static final int MAX_SEND_BYTES = 1 << 30;

  private final Loop loop;
  private final int descriptor;
  private final OneShot operation = new OneShot();
  private @Nullable ByteBuffer knownBuffer;
  private MemorySegment.@Nullable Scope knownScope;
  private long knownAddress;
  private boolean sending;
  private boolean eofSent;
  private boolean closed;

  StreamSender(Loop loop, int descriptor, boolean closed) {
    this.loop = loop;
    this.descriptor = descriptor;
    this.closed = closed;
  }

  void sendAll(MemorySegment data) throws IOException {
    if (data.isNative()) {
      requireAlive(data.scope());
      try {
        send(data.address(), data.byteSize(), false);
      } finally {
        Reference.reachabilityFence(data);
      }
    } else {
      sendCopied(data, 0, data.byteSize());
    }
  }

  void sendAll(byte[] data) throws IOException {
    sendCopied(data, 0, data.length);
  }

  void sendAll(ByteBuffer data) throws IOException {
    int position = data.position();
    int count = data.remaining();
    try {
      if (data.isDirect()) {
        send(addressOf(data) + position, count, false);
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

  void sendAll(Chunk data) throws IOException {
    long address = data.nativeAddress();
    if (address == 0) {
      sendAll(data.segment());
    } else {
      send(address, data.length(), false);
    }
  }

  void sendAll(List<ByteBuffer> data) throws IOException {
    Fiber fiber = beginSending();
    long sent = 0;
    try {
      Gather gather = new Gather(data, loop.blocks());
      try {
        while (gather.hasRemaining()) {
          gather.prepare(operation, descriptor);
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
      endSending();
    }
  }

  void sendAllZeroCopy(MemorySegment data) throws IOException {
    if (!data.isNative()) {
      throw new IllegalArgumentException("memory on the heap cannot be sent without a copy");
    }
    requireAlive(data.scope());
    try {
      send(data.address(), data.byteSize(), loop.engine().sendsZeroCopy());
    } finally {
      Reference.reachabilityFence(data);
    }
  }

  void sendAllZeroCopy(ByteBuffer data) throws IOException {
    if (!data.isDirect()) {
      throw new IllegalArgumentException("memory on the heap cannot be sent without a copy");
    }
    int position = data.position();
    int count = data.remaining();
    try {
      send(addressOf(data) + position, count, loop.engine().sendsZeroCopy());
    } catch (Throwable e) {
      data.position(position + (int) PartialResult.of(e).orElse(0));
      throw e;
    } finally {
      Reference.reachabilityFence(data);
    }
    data.position(position + count);
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

  private void send(long address, long count, boolean withoutCopy) throws IOException {
    Fiber fiber = beginSending();
    long sent = 0;
    try {
      if (count == 0) {
        fiber.checkpoint();
        checkOpen();
      }
      while (sent < count) {
        int piece = (int) Math.min(count - sent, MAX_SEND_BYTES);
        if (withoutCopy) {
          operation.sendZeroCopy(descriptor, address + sent, piece);
        } else {
          operation.send(descriptor, address + sent, piece);
        }
        sent += awaitSend(fiber);
      }
    } catch (Throwable e) {
      PartialResult.attach(e, sent);
      throw e;
    } finally {
      endSending();
    }
  }

  /** Sends heap memory, a block at a time. An array, a buffer or a segment: no object is made. */
  private void sendCopied(Object data, long start, long count) throws IOException {
    if (count == 0) {
      send(0, 0, false);
      return;
    }
    loop.requireOwnFiber(); // before the blocks of its run are touched
    NativeBlocks.Block block = loop.blocks().take(count);
    long done = 0;
    try {
      while (done < count) {
        int piece = (int) Math.min(count - done, block.size());
        copyToBlock(data, start + done, block, piece);
        send(block.memory().address(), piece, false);
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

  /** Begins to send: nobody else may until {@link #endSending}. */
  Fiber beginSending() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (eofSent && !closed) {
      throw attachZero(new ClosedResourceException("can't send data after sending EOF"));
    }
    if (sending) {
      throw attachZero(SocketStream.busy("sending data on"));
    }
    if (closed) {
      throw attachZero(SocketStream.alreadyClosed());
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
  int awaitSend(Fiber fiber) throws IOException {
    checkOpen(); // closed after a part was taken: by now the descriptor may be somebody else's
    fiber.raiseIfCancelled();
    int sent = operation.await(fiber);
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

  void waitSendAllMightNotBlock() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (sending) {
      throw SocketStream.busy("sending data on");
    }
    checkOpen();
    fiber.checkpointIfCancelled();
    checkOpen();
    sending = true;
    try {
      int result;
      do {
        operation.awaitReady(descriptor, Operation.WRITABLE);
        result = operation.await(fiber);
        checkOpen();
        if (result == Operation.CANCELED) {
          fiber.raiseIfCancelled();
        }
      } while (result == Operation.CANCELED);
      if (result < 0) {
        throw Errors.ofStream(loop.platform(), result, "poll");
      }
    } finally {
      endSending();
    }
  }

  void sendEof() throws IOException {
    Fiber fiber = loop.requireOwnFiber();
    if (sending) {
      throw SocketStream.busy("sending data on");
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
      endSending();
    }
  }

  // ---- the rest ----

  void endSending() {
    sending = false;
  }

  /** The operation, and on which descriptor it is, for who has {@link #beginSending begun}. */
  OneShot operation() {
    return operation;
  }

  int descriptor() {
    return descriptor;
  }

  void checkOpen() throws ClosedResourceException {
    if (closed) {
      throw SocketStream.alreadyClosed();
    }
  }

  /** Cancels what is in flight; whoever waits hears that the stream is closed. */
  void discard() {
    closed = true;
    knownBuffer = null;
    loop.engine().cancel(operation);
  }
}
