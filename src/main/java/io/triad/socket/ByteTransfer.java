package io.triad.socket;

import io.triad.PartialResult;
import io.triad.engine.NativeBlocks;
import io.triad.engine.Operation;
import io.triad.loop.Fiber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Sending and receiving one range of memory. Native memory is used in place. What lies on the heap
 * goes through a block of the run that is taken for the length of one call, so a socket that waits
 * holds none; a stream moves as much at a time as fits the block, and a datagram that does not fit
 * gets memory of its own.
 */
final class ByteTransfer {
  private ByteTransfer() {}

  static int send(Fiber fiber, Socket socket, MemorySegment data, int flags) throws IOException {
    return Attempts.make(
        fiber, socket, Operation.WRITABLE, "send", () -> trySend(socket, data, flags));
  }

  /** Sends until everything is accepted; what is thrown says how much was (SOCK-69, SOCK-70). */
  static void sendAll(Fiber fiber, Socket socket, MemorySegment data, int flags)
      throws IOException {
    long sent = 0;
    try {
      if (data.byteSize() == 0) {
        fiber.checkpoint(); // SOCK-72
      }
      while (sent < data.byteSize()) {
        sent += send(fiber, socket, data.asSlice(sent), flags);
      }
    } catch (Throwable e) {
      PartialResult.attach(e, sent);
      throw e;
    }
  }

  static int receive(Fiber fiber, Socket socket, MemorySegment into, int flags)
      throws IOException {
    return Attempts.make(
        fiber, socket, Operation.READABLE, "recv", () -> tryReceive(socket, into, flags));
  }

  /** Receives as much as there is, in an array of just that size. */
  static byte[] receive(Fiber fiber, Socket socket, int max, int flags) throws IOException {
    if (max < 0) {
      throw new IllegalArgumentException("cannot receive " + max + " bytes");
    }
    ArrayReceipt receipt = new ArrayReceipt(socket, max, flags);
    Attempts.make(fiber, socket, Operation.READABLE, "recv", receipt);
    return receipt.data;
  }

  private static final class ArrayReceipt implements Attempts.Attempt {
    private static final byte[] NOTHING = {};

    private final Socket socket;
    private final int max;
    private final int flags;
    private byte[] data = NOTHING;

    ArrayReceipt(Socket socket, int max, int flags) {
      this.socket = socket;
      this.max = max;
      this.flags = flags;
    }

    @Override
    public int make() {
      try (Staging staging = new Staging(socket, max)) {
        MemorySegment memory = staging.memory();
        int result = receiveInto(socket, memory, flags);
        if (result > 0) {
          // MSG_TRUNC has the system answer the length of the datagram, not of what is here.
          long count = Math.min(result, memory.byteSize());
          data = memory.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        }
        return result;
      }
    }
  }

  private static int trySend(Socket socket, MemorySegment data, int flags) {
    if (data.isNative()) {
      return sendFrom(socket, data, flags);
    }
    try (Staging staging = new Staging(socket, data.byteSize())) {
      MemorySegment memory = staging.memory();
      MemorySegment.copy(data, 0, memory, 0, memory.byteSize());
      return sendFrom(socket, memory, flags);
    }
  }

  private static int sendFrom(Socket socket, MemorySegment data, int flags) {
    try {
      return socket.run.calls.send(socket.fileno(), addressOf(data), lengthOf(data), flags);
    } finally {
      Reference.reachabilityFence(data);
    }
  }

  private static int tryReceive(Socket socket, MemorySegment into, int flags) {
    if (into.isNative()) {
      return receiveInto(socket, into, flags);
    }
    try (Staging staging = new Staging(socket, into.byteSize())) {
      MemorySegment memory = staging.memory();
      int result = receiveInto(socket, memory, flags);
      if (result > 0) {
        MemorySegment.copy(memory, 0, into, 0, Math.min(result, memory.byteSize()));
      }
      return result;
    }
  }

  private static int receiveInto(Socket socket, MemorySegment into, int flags) {
    try {
      return socket.run.calls.receive(socket.fileno(), addressOf(into), lengthOf(into), flags);
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  /** The kernel would not notice that the arena of some memory was closed. */
  static long addressOf(MemorySegment memory) {
    if (!memory.scope().isAlive()) {
      throw new IllegalStateException("this memory has been freed");
    }
    return memory.address();
  }

  static int lengthOf(MemorySegment memory) {
    return (int) Math.min(memory.byteSize(), Integer.MAX_VALUE);
  }

  static MemorySegment requireWritable(MemorySegment memory) {
    if (memory.isReadOnly()) {
      throw new IllegalArgumentException("cannot receive into read-only memory");
    }
    return memory;
  }

  /** Native memory for the length of one call, for bytes on the heap. */
  static final class Staging implements AutoCloseable {
    private final NativeBlocks blocks;
    private final NativeBlocks.@Nullable Block block;
    private final @Nullable Arena large;
    private final MemorySegment memory;

    /** As many bytes as one call shall have, which are less for a stream if they are many. */
    Staging(Socket socket, long bytes) {
      blocks = socket.run.loop.blocks();
      if (bytes > NativeBlocks.LARGE_BYTES && socket.type() != socket.run.streamType) {
        block = null;
        large = Arena.ofConfined();
        memory = large.allocate(bytes);
      } else {
        large = null;
        block = blocks.take(bytes);
        memory = block.memory().asSlice(0, Math.min(bytes, block.size()));
      }
    }

    MemorySegment memory() {
      return memory;
    }

    @Override
    public void close() {
      if (block != null) {
        blocks.give(block);
      }
      if (large != null) {
        large.close();
      }
    }
  }
}
