package io.triad.engine.simulated;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket of datagrams: unix(7). None is lost: a sender whose receiver has its queue full has
 * to wait. Between two that are connected to each other only the send buffer counts.
 */
final class UnixDatagramSocket extends DatagramSocket {
  private static final int GREATEST_QUEUE = 10; // unix(7), max_dgram_qlen; one more is taken
  private static final int HEADROOM = 32; // of a send buffer no datagram may use it
  private static final int AF_UNSPEC = 0;

  private UnixName name = UnixName.UNNAMED;
  private @Nullable UnixDatagramSocket peer;

  /** Who waits to send to this one until there is room. */
  private final Set<UnixDatagramSocket> queueing = new LinkedHashSet<>();

  UnixDatagramSocket(World world, SocketOptions options) {
    super(world, options);
  }

  static void join(UnixDatagramSocket one, UnixDatagramSocket other) {
    one.peer = other;
    other.peer = one;
  }

  @Override
  void release() {
    world().unixNames().release(name, this);
    discardQueue();
    letThemIn();
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
    return peer == null ? Errno.ENOTCONN.negated() : peer.name.write(to);
  }

  @Override
  int write(Address sender, MemorySegment to) {
    return sender instanceof UnixName from ? from.write(to) : 0;
  }

  // ---- transfers ----

  @Override
  int connect(MemorySegment address, int length) {
    if (length >= Short.BYTES && Endpoint.family(address) == AF_UNSPEC) {
      peer = null;
      return 0;
    }
    UnixNames.Found found = find(address, length);
    if (found.socket() instanceof UnixDatagramSocket to) {
      if (to.peer != null && to.peer != this) {
        return Errno.EPERM.negated();
      }
      peer = to;
      return 0;
    }
    return found.error();
  }

  private UnixNames.Found find(MemorySegment address, int length) {
    UnixName to = UnixName.read(address, length);
    if (to == null || to.equals(UnixName.UNNAMED)) {
      return new UnixNames.Found(null, Errno.EINVAL.negated());
    }
    UnixNames.Found found = world().unixNames().find(to);
    return found.socket() == null || found.socket() instanceof UnixDatagramSocket
        ? found
        : new UnixNames.Found(null, Errno.EPROTOTYPE.negated());
  }

  @Override
  int send(Ranges from, MemorySegment to, int toLength, List<OpenSocket> rights) {
    UnixDatagramSocket receiver = peer;
    if (toLength > 0) {
      UnixNames.Found found = find(to, toLength);
      if (!(found.socket() instanceof UnixDatagramSocket named)) {
        return found.error();
      }
      receiver = named;
    }
    if (receiver == null) {
      return Errno.ENOTCONN.negated();
    }
    if (from.total() > options().sendBufferBytes() - HEADROOM) {
      return Errno.EMSGSIZE.negated();
    }
    if (hasError()) {
      return -takeError();
    }
    if (sendingEnded()) {
      return Errno.EPIPE.negated();
    }
    return sendTo(receiver, from, rights);
  }

  private int sendTo(UnixDatagramSocket receiver, Ranges from, List<OpenSocket> rights) {
    if (receiver.isReleased()) {
      if (receiver == peer) {
        peer = null;
      }
      return Errno.ECONNREFUSED.negated();
    }
    if (receiver.peer != null && receiver.peer != this) {
      return Errno.EPERM.negated(); // it talks with somebody else only
    }
    if (receiver.receivingEnded()) {
      return Errno.EPIPE.negated();
    }
    if (!hasSendRoom() || !receiver.hasRoomFor(this)) {
      return LATER;
    }
    byte[] bytes = from.gather();
    int cost = bytes.length + OVERHEAD;
    charge(cost);
    rights.forEach(OpenSocket::hold);
    receiver.enqueue(
        new Datagram(
            () -> name.equals(UnixName.UNNAMED) ? null : name,
            bytes,
            List.copyOf(rights),
            () -> {
              discharge(cost);
              receiver.letThemIn();
            }));
    receiver.changesSoon();
    return bytes.length;
  }

  private void letThemIn() {
    queueing.forEach(OpenSocket::changesSoon);
    queueing.clear();
  }

  private boolean hasRoomFor(UnixDatagramSocket sender) {
    return peer == sender || sender == this || queued() <= GREATEST_QUEUE;
  }

  @Override
  int shutdown(int how) {
    end(how);
    return 0;
  }

  @Override
  boolean destinationHasRoom() {
    if (peer == null || peer.isReleased() || peer.hasRoomFor(this)) {
      return true;
    }
    peer.queueing.add(this);
    return false;
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
