package io.triad.engine.simulated;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ports, and how connections come about. The network has one machine, which is 127.0.0.0/8 and ::1;
 * 0.0.0.0 and :: are all of it. Of the addresses that are for documentation (RFC 5737, RFC 3849),
 * 192.0.2.0/24 and 2001:db8:1::/48 never answer, so that an attempt times out, and to 198.51.100.0/24
 * and 2001:db8:2::/48 there is no route, as somebody on the way reports. To all others the machine
 * itself knows no way.
 */
final class Network {
  static final int GREATEST_BACKLOG = 4096; // listen(2), somaxconn

  /** How often an attempt is repeated that got no answer, each time after twice the time: tcp(7). */
  private static final int RETRIES = 6;

  private static final long FIRST_RETRY_NANOS = 1_000_000_000L;

  /** What happens to an attempt to connect. */
  private enum Fate {
    ANSWERED, REFUSED, UNREACHABLE, SILENT
  }

  /** Where an address lies. */
  enum Place {
    HERE, SILENT, UNREACHABLE, NOWHERE
  }

  private final World world;
  private final Ports<TcpSocket> ports = new Ports<>();

  Network(World world) {
    this.world = world;
  }

  // ---- ports ----

  int bind(TcpSocket socket, Endpoint at) {
    return socket.local() != null || !socket.isIdle() ? Errno.EINVAL.negated()
        : ports.bind(socket, at);
  }

  void unbind(TcpSocket socket) {
    ports.unbind(socket);
  }

  int listen(TcpSocket socket, int backlog) {
    if (!socket.isIdle() && !socket.isListening()) {
      return Errno.EINVAL.negated();
    }
    Endpoint at = socket.local() == null ? socket.unbound() : socket.local();
    boolean taken =
        at.port() == 0
            ? !ports.bindToAnyPort(socket, at)
            : ports.conflictsAsListener(socket, at);
    if (taken) {
      return Errno.EADDRINUSE.negated();
    }
    boolean sane = backlog >= 0 && backlog <= GREATEST_BACKLOG;
    socket.startListening(sane ? backlog : GREATEST_BACKLOG);
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

  static Place placeOf(Endpoint to) {
    if (to.isIpv6() ? to.hasPrefix(0x20, 1, 0xd, 0xb8, 0, 1) : to.hasPrefix(192, 0, 2)) {
      return Place.SILENT;
    }
    if (to.isIpv6() ? to.hasPrefix(0x20, 1, 0xd, 0xb8, 0, 2) : to.hasPrefix(198, 51, 100)) {
      return Place.UNREACHABLE;
    }
    return Endpoint.isOnThisMachine(to.address()) ? Place.HERE : Place.NOWHERE;
  }

  /** Null if there is no way to begin with. */
  private @Nullable Fate fateOf(Endpoint to) {
    Place place = placeOf(to);
    if (place == Place.SILENT || place == Place.UNREACHABLE) {
      return place == Place.SILENT ? Fate.SILENT : Fate.UNREACHABLE;
    }
    if (to.port() == 0) {
      return Fate.REFUSED;
    }
    if (place == Place.NOWHERE) {
      return null;
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
      return ports.bindToAnyPort(client, here);
    }
    if (bound.port() == 0) {
      return ports.bindToAnyPort(client, bound.isAny() ? here : bound);
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
    for (TcpSocket socket : ports.on(to.port())) {
      int rank = socket.isListening() ? Ports.rank(socket, to) : 0;
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

  /** The other end exists now; its answer is on the way. */
  private void establish(TcpSocket client, TcpSocket listener, Endpoint to) {
    Endpoint from = client.local();
    assert from != null;
    TcpSocket server =
        new TcpSocket(world, listener.isIpv6(), new SocketOptions(listener.options()));
    Flow there = Flow.overNetwork(world, client, server);
    Flow back = Flow.overNetwork(world, server, client);
    ports.register(server, to);
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
    listener.changed();
  }
}
