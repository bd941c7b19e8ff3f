package io.triad.lowlevel;

import io.triad.ClosedResourceException;
import io.triad.Triad;
import io.triad.engine.CompletionPort;
import io.triad.loop.Loop;
import java.util.ArrayDeque;

/**
 * A completion key of one's own at the completion port of a run, and the packets that have come with
 * it; {@link WindowsIo#monitorCompletionKey}. Packets wait here without bound until they are taken.
 */
public final class CompletionKey implements AutoCloseable {
  /**
   * What came to the port.
   *
   * @param overlapped the address of the OVERLAPPED, or whatever number was posted in its place
   * @param bytes how many bytes were moved, or whatever number was posted
   */
  public record Packet(long overlapped, int bytes) {}

  private final CompletionPort port;
  private final ArrayDeque<Packet> packets = new ArrayDeque<>();
  private final ParkingLot waiters = new ParkingLot();
  private final Loop loop;
  private final long key;
  private boolean closed;

  CompletionKey(Loop loop, CompletionPort port) {
    this.loop = loop;
    this.port = port;
    key = port.openKey(this::came);
  }

  private void came(long overlapped, int bytes) {
    packets.add(new Packet(overlapped, bytes));
    waiters.unpark();
  }

  /** {@return the key; never 0} */
  public long key() {
    return key;
  }

  /**
   * Takes the oldest packet, or waits for one. A checkpoint; a cancelled task takes nothing.
   *
   * @return the packet
   * @throws ClosedResourceException if this was closed, also meanwhile
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException outside of a task
   */
  public Packet receive() throws ClosedResourceException {
    Triad.checkpointIfCancelled();
    boolean slept = false;
    while (!closed && packets.isEmpty()) {
      waiters.park();
      slept = true; // another task may have been quicker: then there is nothing yet
    }
    if (closed) {
      throw new ClosedResourceException("this completion key is closed");
    }
    Packet oldest = packets.remove();
    if (!slept) {
      Triad.cancelShieldedCheckpoint();
    }
    return oldest;
  }

  /**
   * Gives the key back. Packets that are here or still to come are dropped, and who waits for one gets
   * a {@link ClosedResourceException}. A second time does nothing.
   *
   * @throws IllegalStateException if this is not the thread of the run
   */
  @Override
  public void close() {
    if (!loop.onLoop()) {
      throw new IllegalStateException("a completion key is closed on the thread of its run");
    }
    if (!closed) {
      closed = true;
      port.closeKey(key);
      packets.clear();
      waiters.unparkAll();
    }
  }
}
