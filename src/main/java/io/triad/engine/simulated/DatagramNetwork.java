package io.triad.engine.simulated;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ports of UDP, and the way of datagrams; the addresses are those of {@link Network}. A datagram
 * counts in its sender's buffer until it has arrived. Where nobody is it vanishes, and the sender is
 * told if it talks with that address only: as on Linux, where other reports are not asked for.
 */
final class DatagramNetwork {
  private static final InetAddress BROADCAST = InetAddress.ofLiteral("255.255.255.255");

  /** A socket that talks with the sender alone comes before all others. */
  private static final int RANK_OF_CONNECTED = 4;

  private final World world;
  private final Ports<UdpSocket> ports = new Ports<>();

  DatagramNetwork(World world) {
    this.world = world;
  }

  int bind(UdpSocket socket, Endpoint at) {
    return ports.bind(socket, at);
  }

  void unbind(UdpSocket socket) {
    ports.unbind(socket);
  }

  /** Gives the socket a port and, now that it is known from where one gets there, its address. */
  boolean makeConcrete(UdpSocket socket, Endpoint to) {
    Endpoint here =
        new Endpoint(to.isIpv6() ? Endpoint.LOOPBACK_IPV6 : Endpoint.LOOPBACK_IPV4, 0);
    Endpoint local = socket.local();
    if (local == null || local.port() == 0) {
      return ports.bindToAnyPort(socket, local == null || local.isAny() ? here : local);
    }
    if (local.isAny()) {
      socket.setLocal(here.withPort(local.port()));
    }
    return true;
  }

  int send(UdpSocket sender, Endpoint to, Ranges from) {
    boolean broadcast = to.address().equals(BROADCAST);
    if (broadcast && !sender.options().broadcasts()) {
      return Errno.EACCES.negated();
    }
    Network.Place place = Network.placeOf(to);
    if (place == Network.Place.NOWHERE && !broadcast) {
      return Errno.ENETUNREACH.negated();
    }
    if (!sender.hasSendRoom()) {
      return OpenSocket.LATER;
    }
    Endpoint local = sender.local();
    if ((local == null || local.port() == 0)
        && !ports.bindToAnyPort(sender, local == null ? sender.unbound() : local)) {
      return Errno.EAGAIN.negated();
    }
    byte[] bytes = from.gather();
    Endpoint source = sourceOf(sender, to);
    travel(sender, () -> arrive(sender, source, to, place, bytes), bytes.length);
    if (world.happens(Mishap.DATAGRAM_DUPLICATION)) {
      travel(sender, () -> arrive(sender, source, to, place, bytes), bytes.length);
    }
    return bytes.length;
  }

  private static Endpoint sourceOf(UdpSocket sender, Endpoint to) {
    Endpoint local = sender.local();
    assert local != null;
    return local.isAny()
        ? new Endpoint(
            to.isIpv6() ? Endpoint.LOOPBACK_IPV6 : Endpoint.LOOPBACK_IPV4, local.port())
        : local;
  }

  /** One datagram is on its way, and arrives or is lost; until then it counts at the sender. */
  private void travel(UdpSocket sender, Runnable arrival, int bytes) {
    int cost = bytes + DatagramSocket.OVERHEAD;
    sender.charge(cost);
    boolean lost = world.happens(Mishap.DATAGRAM_LOSS);
    long now = world.timeline().now();
    long time =
        world.happens(Mishap.DATAGRAM_REORDERING)
            ? now + 1 + world.delay() // and whatever is sent meanwhile may be there sooner
            : sender.inOrder(now + world.delay());
    world.timeline()
        .at(
            time,
            () -> {
              sender.discharge(cost);
              if (!lost) {
                arrival.run();
              }
            });
  }

  private void arrive(
      UdpSocket sender, Endpoint source, Endpoint to, Network.Place place, byte[] bytes) {
    if (to.address().equals(BROADCAST)) {
      for (UdpSocket each : List.copyOf(ports.on(to.port()))) {
        Endpoint at = each.local();
        if (at != null && at.isAny() && !at.isIpv6() && each.peer() == null) {
          deliver(each, source, bytes);
        }
      }
      return;
    }
    if (place != Network.Place.HERE) {
      return;
    }
    UdpSocket receiver = receiver(source, to);
    if (receiver != null) {
      deliver(receiver, source, bytes);
    } else {
      world.note(() -> "nobody is at " + to);
      world.timeline().after(world.delay(), () -> sender.refused(to));
    }
  }

  private void deliver(UdpSocket receiver, Endpoint source, byte[] bytes) {
    if (!receiver.hasReceiveRoom()) {
      world.note(() -> "no room for " + bytes.length + " bytes at " + receiver);
      return;
    }
    world.note(() -> "a datagram of " + bytes.length + " bytes arrives at " + receiver);
    receiver.enqueue(new Datagram(() -> source, bytes, List.of(), () -> {}));
    receiver.changed();
  }

  /** Who is bound most exactly; of several with the same claim, one by chance. */
  private @Nullable UdpSocket receiver(Endpoint source, Endpoint to) {
    List<UdpSocket> best = new ArrayList<>(1);
    int bestRank = 0;
    for (UdpSocket socket : ports.on(to.port())) {
      int rank = rank(socket, source, to);
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

  private static int rank(UdpSocket socket, Endpoint source, Endpoint to) {
    int rank = Ports.rank(socket, to);
    if (rank == 0 || socket.peer() == null) {
      return rank;
    }
    return socket.peer().equals(source) ? rank + RANK_OF_CONNECTED : 0;
  }
}
