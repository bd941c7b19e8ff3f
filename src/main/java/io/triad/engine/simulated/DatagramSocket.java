package io.triad.engine.simulated;

import io.triad.engine.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;

/**
 * A socket of datagrams: udp(7), unix(7). Each is received whole, or cut off where the receiver's
 * memory ends.
 *
 * <p>A datagram counts in a buffer with its bytes and {@value #OVERHEAD} more. A buffer that has any
 * room takes one more, as on Linux.
 */
abstract sealed class DatagramSocket extends OpenSocket permits UdpSocket, UnixDatagramSocket {
  static final int OVERHEAD = 256;

  private final ArrayDeque<Datagram> queue = new ArrayDeque<>();
  private int queuedBytes;
  private int sendingBytes;
  private boolean sendingEnded;
  private boolean receivingEnded;

  DatagramSocket(World world, SocketOptions options) {
    super(world, options);
  }

  // ---- sending ----

  final boolean hasSendRoom() {
    return sendingBytes < options().sendBufferBytes();
  }

  /** Something of this size counts in the send buffer. */
  final void charge(int cost) {
    sendingBytes += cost;
  }

  /** It does so no more. */
  final void discharge(int cost) {
    sendingBytes -= cost;
    changesSoon();
  }

  final boolean sendingEnded() {
    return sendingEnded;
  }

  final boolean receivingEnded() {
    return receivingEnded;
  }

  // ---- receiving ----

  final int queued() {
    return queue.size();
  }

  final boolean hasReceiveRoom() {
    return queuedBytes < options().receiveBufferBytes();
  }

  final void enqueue(Datagram datagram) {
    queue.add(datagram);
    queuedBytes += datagram.cost();
  }

  private Datagram dequeue() {
    Datagram datagram = queue.remove();
    queuedBytes -= datagram.cost();
    return datagram;
  }

  final void discardQueue() {
    while (!queue.isEmpty()) {
      dequeue().discard();
    }
  }

  @Override
  final Received receive(Ranges into, int flags) {
    if (hasError()) {
      return Received.of(-takeError());
    }
    Datagram datagram = queue.peek();
    if (datagram == null) {
      return Received.of(LATER); // at the end, too: only a call that waits is told of that
    }
    boolean stays = (flags & Constants.MSG_PEEK) != 0;
    int copied = datagram.copyTo(into);
    boolean cutOff = copied < datagram.length();
    int result = (flags & Constants.MSG_TRUNC) != 0 ? datagram.length() : copied;
    if (stays) {
      datagram.rights().forEach(OpenSocket::hold);
    } else {
      dequeue();
      datagram.leave();
    }
    return new Received(
        result,
        cutOff ? Constants.MSG_TRUNC : 0,
        datagram.from(),
        new ArrayList<>(datagram.rights()));
  }

  // ---- what datagrams have not ----

  @Override
  public final boolean isListening() {
    return false;
  }

  @Override
  final int listen(int backlog) {
    return Errno.EOPNOTSUPP.negated();
  }

  @Override
  final int accept() {
    return Errno.EOPNOTSUPP.negated();
  }

  @Override
  final int connectOutcome() {
    return 0;
  }

  /** Notes which directions are over. */
  final void end(int how) {
    sendingEnded |= how != SHUT_RECEIVING;
    receivingEnded |= how != SHUT_SENDING;
    changesSoon();
  }

  /** Whether the destination takes more, as far as this end can know. */
  abstract boolean destinationHasRoom();

  @Override
  final int readiness() {
    boolean readable = !queue.isEmpty() || hasError() || receivingEnded;
    boolean writable = hasError() || (hasSendRoom() && destinationHasRoom());
    return (readable ? Operation.READABLE : 0) | (writable ? Operation.WRITABLE : 0);
  }
}
