package io.triad.sync;

import io.triad.loop.WaitQueue;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What all ends of a channel share.
 *
 * <p>Whoever waits is served at once when it becomes possible. Therefore, at any time: if receivers
 * wait, the buffer is empty and no sender waits; if senders wait, the buffer is full. Whoever finds
 * an object or a free place overtakes nobody (CORE-69).
 */
final class MemoryPipe<T> {
  private final int capacity;

  /** Grows as it is needed: a capacity is a limit and not a size. */
  private final ArrayDeque<T> buffer = new ArrayDeque<>(0);

  private final WaitQueue<Transfer<T>> senders = new WaitQueue<>();
  private final WaitQueue<Transfer<T>> receivers = new WaitQueue<>();
  private int openSenders = 1;
  private int openReceivers = 1;
  private int peak;

  MemoryPipe(int capacity) {
    this.capacity = capacity;
  }

  WaitQueue<Transfer<T>> senders() {
    return senders;
  }

  WaitQueue<Transfer<T>> receivers() {
    return receivers;
  }

  boolean hasSenders() {
    return openSenders > 0;
  }

  boolean hasReceivers() {
    return openReceivers > 0;
  }

  /** Passes an object on if somebody waits for it or the buffer has room. */
  boolean offer(T item) {
    Transfer<T> receiver = receivers.poll();
    if (receiver != null) {
      assert buffer.isEmpty() : "a receiver waits though something is there";
      receiver.succeed(item);
      return true;
    }
    if (buffer.size() == capacity) {
      return false;
    }
    assert senders.isEmpty() : "a sender waits though there is room";
    buffer.add(item);
    peak = Math.max(peak, buffer.size());
    return true;
  }

  /** Takes the next object, if there is one; a place that becomes free goes to the first sender. */
  @Nullable T poll() {
    T item = buffer.poll();
    Transfer<T> sender = senders.poll();
    if (sender == null) {
      return item;
    }
    T sent = sender.item();
    sender.succeed(null);
    if (item == null) {
      return sent; // a rendezvous: there is no buffer
    }
    buffer.add(sent);
    return item;
  }

  void senderOpened() {
    openSenders++;
  }

  void receiverOpened() {
    openReceivers++;
  }

  /**
   * An end was closed. The waits of other ends go on, unless it was the last one of its side.
   *
   * @param sending how many tasks may be waiting there: mostly none, and no search is needed
   */
  void senderClosed(Object end, int sending) {
    if (sending > 0) {
      endWaits(senders, end);
    }
    openSenders--;
    if (openSenders == 0) {
      endAllWaits(receivers);
    }
  }

  void receiverClosed(Object end, int receiving) {
    if (receiving > 0) {
      endWaits(receivers, end);
    }
    openReceivers--;
    if (openReceivers == 0) {
      endAllWaits(senders);
      buffer.clear();
    }
  }

  private static <T> void endWaits(WaitQueue<Transfer<T>> queue, Object end) {
    for (Transfer<T> transfer = queue.first(); transfer != null;) {
      Transfer<T> next = queue.after(transfer);
      if (transfer.isFor(end)) {
        queue.remove(transfer);
        transfer.fail(Transfer.Outcome.CLOSED);
      }
      transfer = next;
    }
  }

  private static <T> void endAllWaits(WaitQueue<Transfer<T>> queue) {
    for (Transfer<T> transfer = queue.poll(); transfer != null; transfer = queue.poll()) {
      transfer.fail(Transfer.Outcome.OTHER_SIDE_GONE);
    }
  }

  MemoryChannel.Statistics statistics() {
    return new MemoryChannel.Statistics(
        buffer.size(),
        peak,
        capacity,
        openSenders,
        openReceivers,
        senders.size(),
        receivers.size());
  }

  @Override
  public String toString() {
    return buffer.size()
        + (capacity == MemoryChannel.UNLIMITED ? "" : " of " + capacity)
        + " buffered, "
        + senders.size()
        + " waiting to send, "
        + receivers.size()
        + " to receive";
  }
}
