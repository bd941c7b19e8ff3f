package io.triad.net;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.PartialResult;
import io.triad.descriptor.Errors;
import io.triad.descriptor.OneShot;
import io.triad.engine.DatagramBatch;
import io.triad.engine.Message;
import io.triad.engine.NativeBlocks;
import io.triad.engine.NonBlockingCalls;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.sync.StrictFifoLock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a datagram socket: a system call for each datagram, or one for all that were
 * collected. Where the socket has no room, the caller waits until it has; a send that is cancelled
 * has sent nothing.
 */
final class DatagramSender {
  /** UDP_MAX_SEGMENTS of the kernels that have the fewest (udp(7)). */
  private static final int MAX_SEGMENTS = 64;

  /** The most that several datagrams may have together: one of IPv4, without its headers. */
  private static final int MAX_TOGETHER = 65_507;

  /** What a kernel or a network card that cannot divide datagrams answers, or cannot these. */
  private static final Set<String> REFUSALS =
      Set.of("EIO", "EINVAL", "EMSGSIZE", "ENOPROTOOPT", "EOPNOTSUPP");

  private final Loop loop;
  private final NonBlockingCalls calls;
  private final int descriptor;
  private final DatagramMemory memory;
  private final KnownReceivers receivers;
  private final OneShot writable = new OneShot();
  private final StrictFifoLock waiters = new StrictFifoLock();
  private boolean segmentation;
  private boolean closed;

  // What was collected: places [first, places) of the batch, whose bytes lie in the block.
  private @Nullable DatagramBatch batch;
  private NativeBlocks.@Nullable Block block;
  private int used;
  private int first;
  private int places;
  private int datagrams;
  private @Nullable InetSocketAddress lastAddress;
  private boolean mayGrow;
  private boolean flushing;

  DatagramSender(
      Loop loop, int descriptor, DatagramMemory memory, boolean mapsIpv4, boolean segmentation) {
    this.loop = loop;
    this.descriptor = descriptor;
    this.memory = memory;
    this.segmentation = segmentation;
    calls = loop.platform().calls();
    receivers = mapsIpv4 ? memory.mappedReceivers : memory.receivers;
  }

  // ---- one ----

  /** Sends a datagram; a checkpoint. */
  void send(Fiber fiber, long start, int length, @Nullable InetSocketAddress to)
      throws IOException {
    checkOpen();
    fiber.checkpointIfCancelled();
    if (!sendOne(fiber, start, length, to)) {
      fiber.yieldNow(); // it is sent, and must not be reported as cancelled
    }
  }

  /** Whether it had to wait. */
  private boolean sendOne(Fiber fiber, long start, int length, @Nullable InetSocketAddress to)
      throws IOException {
    int result = trySend(start, length, to);
    boolean waits = result == NonBlockingCalls.AGAIN;
    while (result == NonBlockingCalls.AGAIN) {
      awaitRoom(fiber);
      result = trySend(start, length, to);
    }
    if (result < 0) {
      throw error(result);
    }
    return waits;
  }

  private int trySend(long start, int length, @Nullable InetSocketAddress to) throws IOException {
    checkOpen();
    if (to == null) {
      return calls.send(descriptor, start, length, 0);
    }
    int place = receivers.place(to);
    Message message = memory.message;
    message.clear();
    message.add(start, length);
    int bytes = receivers.length(place);
    MemorySegment.copy(
        receivers.memory(),
        KnownReceivers.offset(place),
        message.address().memory(),
        0,
        bytes);
    message.address().setLength(bytes);
    return calls.send(descriptor, message, 0);
  }

  private IOException error(int result) {
    OsException exception = Errors.of(loop.platform(), result, "send a datagram");
    return Errors.isGone(exception) ? UdpSocket.alreadyClosed() : exception;
  }

  /** Waits until the socket has room, behind the tasks that wait for it already. */
  private void awaitRoom(Fiber fiber) throws IOException {
    waiters.acquire();
    try {
      checkOpen();
      writable.awaitReady(descriptor, Operation.WRITABLE);
      int result = writable.await(fiber);
      checkOpen();
      if (result == Operation.CANCELED) {
        fiber.raiseIfCancelled();
      } else if (result < 0) {
        throw error(result);
      }
    } finally {
      waiters.release();
    }
  }

  // ---- several ----

  /** How many datagrams are collected. */
  int collected() {
    return datagrams;
  }

  /** Whether a datagram of some length can be collected. */
  boolean hasRoom(int length) {
    DatagramBatch to = batch;
    return to == null || (places < to.capacity() && length <= room());
  }

  private int room() {
    return block == null ? NativeBlocks.LARGE_BYTES : block.size() - used;
  }

  /** Takes a copy of a datagram, for which there must be room. */
  void collect(MemorySegment data, long from, int length, @Nullable InetSocketAddress to)
      throws IOException {
    checkOpen();
    if (flushing) {
      throw busy();
    }
    int known = to == null ? -1 : receivers.place(to); // throws before anything is taken
    DatagramBatch into = batch;
    NativeBlocks.Block bytes = block;
    if (into == null || bytes == null) {
      into = memory.take();
      bytes = loop.blocks().take(NativeBlocks.LARGE_BYTES);
      batch = into;
      block = bytes;
    }
    MemorySegment.copy(data, from, bytes.memory(), used, length);
    if (!grow(into, length, to)) {
      into.prepare(places, bytes.memory().address() + used, length, 0);
      if (known < 0) {
        into.setAddress(places, into.addresses(), 0, 0);
      } else {
        into.setAddress(
            places, receivers.memory(), KnownReceivers.offset(known), receivers.length(known));
      }
      places++;
      lastAddress = to;
      mayGrow = segmentation && into.takesSegments() && length > 0;
    }
    used += length;
    datagrams++;
  }

  /** Puts a datagram into the place of the one before, if that has the same length and receiver. */
  private boolean grow(DatagramBatch into, int length, @Nullable InetSocketAddress to) {
    if (!mayGrow || length == 0 || !sameAddress(to)) {
      return false;
    }
    int last = places - 1;
    int whole = into.lengthOf(last);
    int segment = into.segmentBytesOf(last) == 0 ? whole : into.segmentBytesOf(last);
    if (length > segment
        || whole + length > MAX_TOGETHER
        || whole / segment >= MAX_SEGMENTS - 1) {
      return false;
    }
    into.prepare(last, into.startOf(last), whole + length, segment);
    mayGrow = length == segment; // a shorter one is the last one
    return true;
  }

  private boolean sameAddress(@Nullable InetSocketAddress to) {
    return to == lastAddress || (to != null && to.equals(lastAddress));
  }

  /**
   * Sends what was collected; a checkpoint. The datagram that is refused is taken out; those behind
   * it stay.
   */
  void flush(Fiber fiber) throws IOException {
    checkOpen();
    if (flushing) {
      throw busy();
    }
    fiber.checkpointIfCancelled();
    flushing = true;
    boolean waited = false;
    long sent = 0;
    try {
      DatagramBatch from = batch;
      while (from != null && first < places) {
        checkOpen();
        int result = from.send(descriptor, first, places - first);
        if (result > 0) {
          sent += leave(from, result);
        } else if (result == NonBlockingCalls.AGAIN) {
          awaitRoom(fiber);
          waited = true;
        } else if (from.segmentBytesOf(first) > 0 && isRefusal(result)) {
          divide(fiber, from);
          sent += leave(from, 1);
        } else {
          leave(from, 1);
          throw error(result);
        }
      }
    } catch (Throwable e) {
      PartialResult.attach(e, sent);
      throw e;
    } finally {
      flushing = false;
      if (closed || first == places) {
        release();
      }
    }
    if (!waited) {
      fiber.yieldNow();
    }
  }

  private boolean isRefusal(int result) {
    return REFUSALS.contains(loop.platform().errorName(-result));
  }

  /** Takes places out that are done with; answers how many bytes were in them. */
  private long leave(DatagramBatch from, int count) {
    long bytes = 0;
    for (int i = 0; i < count; i++, first++) {
      int length = from.lengthOf(first);
      int segment = from.segmentBytesOf(first);
      datagrams -= segment == 0 ? 1 : (length + segment - 1) / segment;
      bytes += length;
    }
    return bytes;
  }

  /** Sends the datagrams of the first place one by one, now and, if none can be divided, always. */
  private void divide(Fiber fiber, DatagramBatch from) throws IOException {
    int whole = from.lengthOf(first);
    int segment = from.segmentBytesOf(first);
    int length = Math.min(segment, whole);
    Message message = memory.message;
    for (int at = 0; at < whole; at += length) {
      length = Math.min(segment, whole - at);
      int result;
      do {
        checkOpen();
        message.clear();
        message.add(from.startOf(first) + at, length);
        int bytes = from.addressLengthOf(first);
        MemorySegment.copy(
            from.addresses(),
            (long) first * Platform.ADDRESS_BYTES,
            message.address().memory(),
            0,
            bytes);
        message.address().setLength(bytes);
        result = calls.send(descriptor, message, 0);
        if (result == NonBlockingCalls.AGAIN) {
          awaitRoom(fiber);
        }
      } while (result == NonBlockingCalls.AGAIN);
      if (result < 0) {
        throw error(result);
      }
    }
    segmentation = false;
  }

  private void release() {
    if (batch != null && block != null) {
      memory.give(batch);
      loop.blocks().give(block);
    }
    batch = null;
    block = null;
    used = 0;
    first = 0;
    places = 0;
    datagrams = 0;
    lastAddress = null;
    mayGrow = false;
  }

  // ---- the rest ----

  private void checkOpen() throws ClosedResourceException {
    if (closed) {
      throw UdpSocket.alreadyClosed();
    }
  }

  private static BusyResourceException busy() {
    return new BusyResourceException("another task is currently sending data on this UdpSocket");
  }

  /** Wakes who waits, and drops what was collected. */
  void discard() {
    closed = true;
    loop.engine().cancel(writable);
    if (!flushing) {
      release();
    }
  }
}
