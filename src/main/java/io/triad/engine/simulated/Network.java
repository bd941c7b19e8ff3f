package io.triad.engine.simulated;

import io.triad.engine.SocketOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ports, and how connections come about. The network has one machine, which is 127.0.0.0/8 and ::1;
 * 0.0.0.0 and :: are all of it. Of the addresses that are for documentation (RFC 5737, RFC 3849),
 * 192.0.2.0/24 and 2001:db8:1::/48 never answer, so that an attempt times out, and to 198.51.100.0/24
 * and 2001:db8:2::/48 there is no route, as somebody on the way reports. To all others the machine
 * itself knows no way.
 */
final class Network {
  private static final int FIRST_EPHEMERAL = 32_768; // ip(7), ip_local_port_range
  private static final int LAST_EPHEMERAL = 60_999;
  private static final int GREATEST_BACKLOG = 4096; // listen(2), somaxconn

  /** How often an attempt is repeated that got no answer, each time after twice the time: tcp(7). */
  private static final int RETRIES = 6;

  private static final long FIRST_RETRY_NANOS = 1_000_000_000L;

  /** What happens to an attempt to connect. */
  private enum Fate {
    ANSWERED, REFUSED, UNREACHABLE, SILENT
  }

  private final World world;
  private final Map<Integer, List<TcpSocket>> ports = new HashMap<>();
  private int lastEphemeral = LAST_EPHEMERAL;

  Network(World world) {
    this.world = world;
  }

  // ---- ports ----

  int bind(TcpSocket socket, Endpoint at) {
    if (socket.local() != null || !socket.isIdle()) {
      return Errno.EINVAL.negated();
    }
    if (!Endpoint.isOnThisMachine(at.address())) {
      return Errno.EADDRNOTAVAIL.negated();
    }
    if (at.port() == 0) {
      return bindToAnyPort(socket, at) ? 0 : Errno.EADDRINUSE.negated();
    }
    for (TcpSocket other : on(at.port())) {
      if (conflict(socket, at, other, false)) {
        return Errno.EADDRINUSE.negated();
      }
    }
    register(socket, at);
    return 0;
  }

  private boolean bindToAnyPort(TcpSocket socket, Endpoint at) {
    for (int i = FIRST_EPHEMERAL; i <= LAST_EPHEMERAL; i++) {
      lastEphemeral = lastEphemeral == LAST_EPHEMERAL ? FIRST_EPHEMERAL : lastEphemeral + 1;
      if (on(lastEphemeral).isEmpty()) {
        register(socket, at.withPort(lastEphemeral));
        return true;
      }
    }
    return false;
  }

  /** socket(7), SO_REUSEADDR and SO_REUSEPORT, as Linux understands them. */
  private static boolean conflict(
      TcpSocket socket, Endpoint at, TcpSocket other, boolean toListen) {
    Endpoint taken = other.local();
    if (other == socket || taken == null || !Endpoint.overlap(socket, at, other, taken)) {
      return false;
    }
    if (socket.options().is(SocketOption.REUSE_PORT)
        && other.options().is(SocketOption.REUSE_PORT)) {
      return false;
    }
    if (toListen) {
      return other.isListening();
    }
    return other.isListening()
        || !socket.options().is(SocketOption.REUSE_ADDRESS)
        || !other.options().is(SocketOption.REUSE_ADDRESS);
  }

  private List<TcpSocket> on(int port) {
    return ports.getOrDefault(port, List.of());
  }

  private void register(TcpSocket socket, Endpoint at) {
    socket.setLocal(at);
    ports.computeIfAbsent(at.port(), _ -> new ArrayList<>(2)).add(socket);
  }

  void unbind(TcpSocket socket) {
    Endpoint at = socket.local();
    List<TcpSocket> sharing = at == null ? null : ports.get(at.port());
    if (at != null && sharing != null && sharing.remove(socket) && sharing.isEmpty()) {
      ports.remove(at.port());
    }
  }

  int listen(TcpSocket socket, int backlog) {
    if (!socket.isIdle() && !socket.isListening()) {
      return Errno.EINVAL.negated();
    }
    Endpoint at = socket.local();
    if (at == null) {
      at = new Endpoint(socket.isIpv6() ? Endpoint.ANY_IPV6 : Endpoint.ANY_IPV4, 0);
      if (!bindToAnyPort(socket, at)) {
        return Errno.EADDRINUSE.negated();
      }
    } else {
      for (TcpSocket other : on(at.port())) {
        if (conflict(socket, at, other, true)) {
          return Errno.EADDRINUSE.negated();
        }
      }
    }
    boolean sane = backlog >= 0 && backlog <= GREATEST_BACKLOG;
    socket.listen(sane ? backlog : GREATEST_BACKLOG);
    return 0;
  }

  // ---- connections ----

  /** Begins an attempt: {@link TcpSocket#LATER}, or what is wrong with it from the beginning. */
  int connect(TcpSocket client, Endpoint wanted) {
    Endpoint to = wanted.destination();
    if (client.isIpv6() && !to.isIpv6() && !client.takesIpv4()) {
      return Errno.ENETUNREACH.negated();
    }
    Fate fate = fateOf(to);
    if (fate == null) {
      return Errno.ENETUNREACH.negated();
    }
    if (!makeConcrete(client, to)) {
      return Errno.EADDRNOTAVAIL.negated();
    }
    world.note(() -> client + " connects to " + to + ", " + fate);
    attempt(client, to, fate, 0);
    return TcpSocket.LATER;
  }

  /** Null if there is no way to begin with. */
  private @Nullable Fate fateOf(Endpoint to) {
    if (to.isIpv6() ? to.hasPrefix(0x20, 1, 0xd, 0xb8, 0, 1) : to.hasPrefix(192, 0, 2)) {
      return Fate.SILENT;
    }
    if (to.isIpv6() ? to.hasPrefix(0x20, 1, 0xd, 0xb8, 0, 2) : to.hasPrefix(198, 51, 100)) {
      return Fate.UNREACHABLE;
    }
    if (!Endpoint.isOnThisMachine(to.address()) || to.port() == 0) {
      return to.port() == 0 ? Fate.REFUSED : null;
    }
    if (world.happens(Mishap.UNANSWERED)) {
      return Fate.SILENT;
    }
    if (world.happens(Mishap.UNREACHABLE)) {
      return Fate.UNREACHABLE;
    }
    return world.happens(Mishap.REFUSED) ? Fate.REFUSED : Fate.ANSWERED;
  }

  /** Gives the socket a port and, now that it is known from where one gets there, its address. */
  private boolean makeConcrete(TcpSocket client, Endpoint to) {
    Endpoint here =
        new Endpoint(to.isIpv6() ? Endpoint.LOOPBACK_IPV6 : Endpoint.LOOPBACK_IPV4, 0);
    Endpoint bound = client.local();
    if (bound == null) {
      return bindToAnyPort(client, here);
    }
    if (bound.isAny()) {
      client.setLocal(here.withPort(bound.port()));
    }
    return true;
  }

  private void attempt(TcpSocket client, Endpoint to, Fate fate, int retries) {
    world.timeline().after(world.delay(), () -> asked(client, to, fate, retries));
  }

  /** The request has come to where it was sent. */
  private void asked(TcpSocket client, Endpoint to, Fate fate, int retries) {
    if (!client.isConnecting()) {
      return;
    }
    if (fate == Fate.UNREACHABLE) {
      answer(client, Errno.EHOSTUNREACH);
      return;
    }
    TcpSocket listener = fate == Fate.ANSWERED ? listener(to) : null;
    if (fate != Fate.SILENT && listener == null) {
      answer(client, Errno.ECONNREFUSED);
    } else if (listener != null && listener.hasRoomInBacklog()) {
      establish(client, listener, to);
    } else if (retries < RETRIES) {
      world.timeline()
          .timer(FIRST_RETRY_NANOS << retries, () -> attempt(client, to, fate, retries + 1));
    } else {
      world.timeline()
          .timer(FIRST_RETRY_NANOS << retries, () -> client.connectFailed(Errno.ETIMEDOUT));
    }
  }

  private void answer(TcpSocket client, Errno refusal) {
    world.timeline().after(world.delay(), () -> client.connectFailed(refusal));
  }

  /** Who listens: the one bound most exactly; of several with the same claim, one by chance. */
  private @Nullable TcpSocket listener(Endpoint to) {
    List<TcpSocket> best = new ArrayList<>(1);
    int bestRank = 0;
    for (TcpSocket socket : on(to.port())) {
      int rank = rank(socket, to);
      if (rank > bestRank) {
        best.clear();
        bestRank = rank;
      }
      if (rank == bestRank && rank > 0) {
        best.add(socket);
      }
    }
    return best.isEmpty() ? null : best.get((int) world.chance().upTo(best.size() - 1L));
  }

  private static int rank(TcpSocket socket, Endpoint to) {
    Endpoint at = socket.local();
    if (!socket.isListening() || at == null) {
      return 0;
    }
    if (at.address().equals(to.address())) {
      return 3;
    }
    if (!at.isAny()) {
      return 0;
    }
    if (at.isIpv6() == to.isIpv6()) {
      return 2;
    }
    return socket.takesIpv4() ? 1 : 0;
  }

  /** The other end exists now; its answer is on the way. */
  private void establish(TcpSocket client, TcpSocket listener, Endpoint to) {
    Endpoint from = client.local();
    assert from != null;
    TcpSocket server =
        new TcpSocket(world, listener.isIpv6(), new SocketOptions(listener.options()));
    Flow there = new Flow(world, client, server);
    Flow back = new Flow(world, server, client);
    register(server, to);
    server.connected(from, there, back);
    long answered = world.timeline().now() + world.delay();
    back.notBefore(answered);
    world.timeline()
        .at(
            answered,
            () -> {
              if (client.isConnecting()) {
                client.connected(to, back, there);
                client.changed();
              } else {
                server.breakConnection("the other end is gone");
              }
            });
    world.note(() -> client + " is connected to " + to);
    listener.offer(server);
  }
}
