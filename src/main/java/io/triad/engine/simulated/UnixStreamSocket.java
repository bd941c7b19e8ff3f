package io.triad.engine.simulated;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket that carries a stream: unix(7). Nothing is on its way: what is sent has arrived, and
 * a connection exists from the call to connect on. Whoever waits learns it in the next poll.
 *
 * <p>Sockets that are sent with bytes arrive with those bytes, and a receive ends behind them.
 */
final class UnixStreamSocket extends StreamSocket {
  /** Sockets that were sent with the bytes from one place of the stream to another. */
  private record Parcel(long from, long to, List<OpenSocket> rights) {}

  private final ArrayDeque<Parcel> parcels = new ArrayDeque<>();

  /** Who wants to connect here as soon as there is room. */
  private final ArrayDeque<UnixStreamSocket> queueing = new ArrayDeque<>();

  private UnixName name = UnixName.UNNAMED;
  private @Nullable UnixName peerName;
  private @Nullable UnixStreamSocket peer;
  private @Nullable UnixStreamSocket wanted;
  private long bytesSent;
  private long bytesTaken;

  UnixStreamSocket(World world, SocketOptions options) {
    super(world, options);
  }

  /** Makes both ends of a connection of what are new sockets. */
  static void join(UnixStreamSocket one, UnixStreamSocket other) {
    Flow there = Flow.inMemory(one.world(), one, other);
    Flow back = Flow.inMemory(one.world(), other, one);
    one.joined(other, back, there);
    other.joined(one, there, back);
  }

  private void joined(UnixStreamSocket other, Flow newIn, Flow newOut) {
    peer = other;
    peerName = other.name;
    connected(newIn, newOut);
  }

  // ---- the end ----

  @Override
  void release() {
    world().unixNames().release(name, this);
    abortBacklog();
    queueing.forEach(OpenSocket::changesSoon);
    for (Parcel parcel : parcels) {
      parcel.rights.forEach(OpenSocket::drop);
    }
    parcels.clear();
    UnixStreamSocket other = peer;
    if (other != null && state() == State.CONNECTED) {
      other.leftAlone(available() > 0);
    }
  }

  @Override
  void abort() {
    markReleased();
    if (peer != null) {
      peer.leftAlone(true);
    }
    release();
  }

  /** The other end is gone; what it left can still be read. */
  private void leftAlone(boolean unread) {
    if (state() == State.CONNECTED) {
      setState(State.BROKEN);
      setError(unread ? Errno.ECONNRESET : null);
      world().note(() -> "the other end of " + this + " is gone");
      changesSoon();
    }
  }

  @Override
  void breakConnection(String why) {
    throw new AssertionError("nothing is lost in memory");
  }

  @Override
  int shutdown(int how) {
    Flow in = in();
    if (how != SHUT_RECEIVING) {
      endSending();
    }
    if (how != SHUT_SENDING) {
      endReceiving();
      if (in != null && !in.ended()) {
        in.end(); // the other end cannot send any more, either
      }
      if (peer != null) {
        peer.changesSoon();
      }
    }
    changesSoon();
    return 0;
  }

  // ---- names and options ----

  @Override
  int bind(MemorySegment address, int length) {
    UnixName at = UnixName.read(address, length);
    if (at == null || !name.equals(UnixName.UNNAMED)) {
      return Errno.EINVAL.negated();
    }
    UnixName got = world().unixNames().bind(this, at);
    if (got == null) {
      return Errno.EADDRINUSE.negated();
    }
    name = got;
    return 0;
  }

  @Override
  int writeLocal(MemorySegment to) {
    return name.write(to);
  }

  @Override
  int writePeer(MemorySegment to) {
    return peerName == null ? Errno.ENOTCONN.negated() : peerName.write(to);
  }

  @Override
  int writeRemote(MemorySegment to) {
    return writePeer(to);
  }

  // ---- connections ----

  @Override
  int listen(int limit) {
    if (name.equals(UnixName.UNNAMED) || (!isIdle() && !isListening())) {
      return Errno.EINVAL.negated();
    }
    startListening(Math.clamp(limit, 0, Network.GREATEST_BACKLOG));
    return 0;
  }

  @Override
  int accept() {
    int accepted = super.accept();
    UnixStreamSocket next = queueing.poll();
    if (next != null) {
      next.changesSoon();
    }
    return accepted;
  }

  /** A full backlog is EAGAIN for who cannot wait, and {@link #connectOutcome} for who can. */
  @Override
  int connect(MemorySegment address, int length) {
    UnixName to = UnixName.read(address, length);
    if (to == null || to.equals(UnixName.UNNAMED)) {
      return Errno.EINVAL.negated();
    }
    if (state() == State.CONNECTED || state() == State.BROKEN) {
      return Errno.EISCONN.negated();
    }
    if (isListening()) {
      return Errno.EINVAL.negated();
    }
    UnixNames.Found found = world().unixNames().find(to);
    if (!(found.socket() instanceof UnixStreamSocket listener)) {
      return found.socket() == null ? found.error() : Errno.EPROTOTYPE.negated();
    }
    return knock(listener);
  }

  private int knock(UnixStreamSocket listener) {
    wanted = null;
    if (!listener.isListening() || listener.isReleased()) {
      return Errno.ECONNREFUSED.negated();
    }
    if (!listener.hasRoomInBacklog()) {
      wanted = listener;
      return Errno.EAGAIN.negated();
    }
    UnixStreamSocket server =
        new UnixStreamSocket(world(), new SocketOptions(listener.options()));
    server.name = listener.name;
    join(this, server);
    world().note(() -> "connected to " + listener);
    listener.offer(server);
    listener.changesSoon();
    return 0;
  }

  @Override
  int connectOutcome() {
    UnixStreamSocket listener = wanted;
    if (listener == null) {
      return state() == State.CONNECTED ? 0 : Errno.ECONNREFUSED.negated();
    }
    int result = knock(listener);
    if (result != Errno.EAGAIN.negated()) {
      return result;
    }
    listener.queueing.remove(this);
    listener.queueing.add(this);
    return LATER;
  }

  // ---- transfers ----

  @Override
  int put(long address, int count) {
    if (state() == State.BROKEN) {
      return Errno.EPIPE.negated();
    }
    if (state() != State.CONNECTED) {
      return Errno.ENOTCONN.negated();
    }
    int taken = super.put(address, count);
    bytesSent += Math.max(0, taken);
    return taken;
  }

  @Override
  int send(Ranges from, MemorySegment to, int toLength, List<OpenSocket> rights) {
    if (toLength > 0) {
      return state() == State.CONNECTED ? Errno.EISCONN.negated() : Errno.EOPNOTSUPP.negated();
    }
    long first = bytesSent;
    int sent = super.send(from, to, toLength, rights);
    if (sent > 0 && !rights.isEmpty() && peer != null) {
      rights.forEach(OpenSocket::hold);
      peer.parcels.add(new Parcel(first, first + sent, List.copyOf(rights)));
    }
    return sent;
  }

  @Override
  void take(long address, int count) {
    super.take(address, count);
    bytesTaken += count;
    while (!parcels.isEmpty() && parcels.element().from < bytesTaken) {
      parcels.remove().rights.forEach(OpenSocket::drop); // taken by a call that cannot bring them
    }
  }

  @Override
  Received receive(Ranges into, int flags) {
    boolean stay = (flags & Constants.MSG_PEEK) != 0;
    int wantedBytes = into.total();
    int most = Math.min(available(), wantedBytes);
    Parcel parcel = parcels.peek();
    if (parcel != null) {
      most = (int) Math.min(most, parcel.to - bytesTaken); // those of the next are for the next call
    }
    if (most == 0) {
      return Received.of(wantedBytes == 0 && available() > 0 ? 0 : whyNothing());
    }
    int count = world().partOf(most);
    List<OpenSocket> rights = List.of();
    if (parcel != null && parcel.from < bytesTaken + count) {
      rights = new ArrayList<>(parcel.rights);
      if (stay) {
        rights.forEach(OpenSocket::hold);
      } else {
        parcels.remove();
      }
    }
    move(into, count, stay);
    UnixName from = peerName == null || peerName.equals(UnixName.UNNAMED) ? null : peerName;
    return new Received(count, 0, from, rights);
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
