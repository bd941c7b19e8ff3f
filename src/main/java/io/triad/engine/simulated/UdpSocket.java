package io.triad.engine.simulated;

import io.triad.engine.SocketOption;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A socket of UDP: udp(7), RFC 768. */
final class UdpSocket extends DatagramSocket implements InternetSocket {
  private static final int AF_UNSPEC = 0;
  private static final int GREATEST_OVER_IPV4 = 65_535 - 20 - 8; // the headers of IP and UDP
  private static final int GREATEST_OVER_IPV6 = 65_535 - 8; // that of IP is not counted: RFC 8200, 3

  private final boolean ipv6;

  /** Where it was bound by its program; null if it got its port by itself. */
  private @Nullable Endpoint bound;

  private @Nullable Endpoint local;
  private @Nullable Endpoint peer;

  /** When the last datagram arrives that keeps to the order. */
  private long lastArrival;

  UdpSocket(World world, boolean ipv6, SocketOptions options) {
    super(world, options);
    this.ipv6 = ipv6;
  }

  @Override
  void release() {
    world().datagrams().unbind(this);
    discardQueue();
  }

  // ---- addresses and options ----

  @Override
  public boolean isIpv6() {
    return ipv6;
  }

  @Override
  public boolean takesIpv4() {
    return ipv6 && !options().is(SocketOption.IPV6_ONLY);
  }

  @Override
  public @Nullable Endpoint local() {
    return local;
  }

  @Override
  public void setLocal(@Nullable Endpoint newLocal) {
    local = newLocal;
  }

  /** With whom alone it talks; null if it talks with everybody. */
  @Nullable Endpoint peer() {
    return peer;
  }

  @Override
  int bind(MemorySegment address, int length) {
    int wrong = wrongFamily(address, length);
    Endpoint at = Endpoint.read(address, length);
    if (wrong < 0 || at == null) {
      return wrong;
    }
    if (local != null) {
      return Errno.EINVAL.negated();
    }
    int result = world().datagrams().bind(this, at);
    bound = result < 0 ? null : local;
    return result;
  }

  @Override
  int writeLocal(MemorySegment to) {
    return (local == null ? unbound() : local).write(to, ipv6);
  }

  @Override
  int writePeer(MemorySegment to) {
    return peer == null ? Errno.ENOTCONN.negated() : peer.write(to, ipv6);
  }

  @Override
  int write(Address sender, MemorySegment to) {
    return sender instanceof Endpoint endpoint ? endpoint.write(to, ipv6) : 0;
  }

  // ---- who it talks with ----

  @Override
  int connect(MemorySegment address, int length) {
    if (length >= Short.BYTES && Endpoint.family(address) == AF_UNSPEC) {
      disconnect();
      return 0;
    }
    Endpoint to = Endpoint.read(address, length);
    int refusal = to == null ? Errno.EINVAL.negated() : refusesDestination(address, to);
    if (refusal < 0 || to == null) {
      return refusal;
    }
    Endpoint wanted = to.destination();
    if (Network.placeOf(wanted) == Network.Place.NOWHERE) {
      return Errno.ENETUNREACH.negated();
    }
    if (!world().datagrams().makeConcrete(this, wanted)) {
      return Errno.EAGAIN.negated();
    }
    peer = wanted;
    return 0;
  }

  private void disconnect() {
    peer = null;
    if (bound == null) {
      world().datagrams().unbind(this);
      local = null;
    } else if (local != null) {
      local = bound;
    }
  }

  /** Why an address is not for this socket, or 0. One of IPv6 takes addresses of IPv4 as well. */
  private int refusesDestination(MemorySegment address, Endpoint to) {
    if (!ipv6 && Endpoint.looksLikeIpv6(address)) {
      return Errno.EAFNOSUPPORT.negated();
    }
    return ipv6 && !to.isIpv6() && !takesIpv4() ? Errno.ENETUNREACH.negated() : 0;
  }

  // ---- transfers ----

  @Override
  int send(Ranges from, MemorySegment to, int toLength, List<OpenSocket> rights) {
    if (!rights.isEmpty()) {
      return Errno.EINVAL.negated();
    }
    Endpoint destination = peer;
    if (toLength > 0) {
      Endpoint named = Endpoint.read(to, toLength);
      int refusal = named == null ? Errno.EINVAL.negated() : refusesDestination(to, named);
      if (refusal < 0 || named == null) {
        return refusal;
      }
      destination = named.destination();
    }
    if (destination == null) {
      return Errno.EDESTADDRREQ.negated();
    }
    if (destination.port() == 0) {
      return Errno.EINVAL.negated();
    }
    if (from.total() > (destination.isIpv6() ? GREATEST_OVER_IPV6 : GREATEST_OVER_IPV4)) {
      return Errno.EMSGSIZE.negated();
    }
    if (hasError()) {
      return -takeError();
    }
    if (sendingEnded()) {
      return Errno.EPIPE.negated();
    }
    return world().datagrams().send(this, destination, from);
  }

  /** When a datagram arrives that would do so at a time but keeps to the order. */
  long inOrder(long nanos) {
    lastArrival = Math.max(lastArrival, nanos);
    return lastArrival;
  }

  /** Somebody reports that nobody is there. */
  void refused(Endpoint by) {
    if (by.equals(peer) && !isReleased()) {
      setError(Errno.ECONNREFUSED);
      changed();
    }
  }

  @Override
  int shutdown(int how) {
    end(how);
    return peer == null ? Errno.ENOTCONN.negated() : 0; // it is ended all the same: inet_shutdown
  }

  @Override
  boolean destinationHasRoom() {
    return true;
  }

  @Override
  public String toString() {
    return local == null ? "a UDP socket" : "UDP " + local;
  }
}
