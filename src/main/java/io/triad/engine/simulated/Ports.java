package io.triad.engine.simulated;

import io.triad.engine.SocketOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ports of one protocol, and who is bound to them.
 *
 * @param <S> its sockets
 */
final class Ports<S extends InternetSocket> {
  private static final int FIRST_EPHEMERAL = 32_768; // ip(7), ip_local_port_range
  private static final int LAST_EPHEMERAL = 60_999;

  private final Map<Integer, List<S>> ports = new HashMap<>();
  private int lastEphemeral = LAST_EPHEMERAL;

  /** Binds a socket that is not bound. */
  int bind(S socket, Endpoint at) {
    if (!Endpoint.isOnThisMachine(at.address())) {
      return Errno.EADDRNOTAVAIL.negated();
    }
    if (at.port() == 0) {
      if (socket.options().is(SocketOption.BIND_ADDRESS_NO_PORT)) {
        socket.setLocal(at); // it gets a port when it connects
        return 0;
      }
      return bindToAnyPort(socket, at) ? 0 : Errno.EADDRINUSE.negated();
    }
    for (S other : on(at.port())) {
      if (conflict(socket, at, other, false)) {
        return Errno.EADDRINUSE.negated();
      }
    }
    register(socket, at);
    return 0;
  }

  boolean bindToAnyPort(S socket, Endpoint at) {
    for (int i = FIRST_EPHEMERAL; i <= LAST_EPHEMERAL; i++) {
      lastEphemeral = lastEphemeral == LAST_EPHEMERAL ? FIRST_EPHEMERAL : lastEphemeral + 1;
      if (on(lastEphemeral).isEmpty()) {
        register(socket, at.withPort(lastEphemeral));
        return true;
      }
    }
    return false;
  }

  /** Whether somebody else listens already where a bound socket is going to. */
  boolean conflictsAsListener(S socket, Endpoint at) {
    return on(at.port()).stream().anyMatch(other -> conflict(socket, at, other, true));
  }

  /** socket(7), SO_REUSEADDR and SO_REUSEPORT, as Linux understands them. */
  private boolean conflict(S socket, Endpoint at, S other, boolean toListen) {
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

  /** Who is on a port. */
  List<S> on(int port) {
    return ports.getOrDefault(port, List.of());
  }

  void register(S socket, Endpoint at) {
    socket.setLocal(at);
    ports.computeIfAbsent(at.port(), _ -> new ArrayList<>(2)).add(socket);
  }

  void unbind(S socket) {
    Endpoint at = socket.local();
    List<S> sharing = at == null ? null : ports.get(at.port());
    if (at != null && sharing != null && sharing.remove(socket) && sharing.isEmpty()) {
      ports.remove(at.port());
    }
  }

  /**
   * How well a socket is bound for what goes to an address: 3 for that very address, 2 for all of its
   * family, 1 for all addresses, 0 for not at all.
   */
  static int rank(InternetSocket socket, Endpoint to) {
    Endpoint at = socket.local();
    if (at == null) {
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
}
