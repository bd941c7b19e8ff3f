package io.triad.engine.simulated;

import io.triad.engine.Operation;
import io.triad.engine.SocketOption;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A socket of TCP: tcp(7), socket(7).
 *
 * <pre>
 * state       by                                   sending              receiving
 * ─────────────────────────────────────────────────────────────────────────────────────────────
 * IDLE        made; a failed connect               EPIPE                ENOTCONN
 * LISTENING   listen                               EPIPE                ENOTCONN
 * CONNECTING  connect                              EPIPE                ENOTCONN
 * CONNECTED   the answer to connect; accepted      while there is room  what has arrived, the end
 * BROKEN      the other end's reset, or chance     the error, EPIPE     what had arrived, the error,
 *                                                                       the end
 * </pre>
 *
 * <p>It lives until neither a descriptor nor an operation refers to it: closing a descriptor ends no
 * operation. Then it is released, which tells the other end: with an end of the stream, or, if bytes
 * were left unread or no lingering is wanted, with a reset (RFC 1122, 4.2.2.13).
 */
final class TcpSocket {
  /** What an attempt answers that has to wait. */
  static final int LATER = Integer.MIN_VALUE + 2;

  private enum State {
    IDLE, LISTENING, CONNECTING, CONNECTED, BROKEN
  }

  private final World world;
  private final boolean ipv6;
  private final SocketOptions options;
  private final Waiters waiters = new Waiters();
  private State state = State.IDLE;
  private @Nullable Endpoint local;
  private @Nullable Endpoint peer;
  private @Nullable Flow in;
  private @Nullable Flow out;
  private @Nullable Errno error;
  private @Nullable ArrayDeque<TcpSocket> backlog;
  private int backlogLimit;
  private int references;
  private boolean released;

  TcpSocket(World world, boolean ipv6, SocketOptions options) {
    this.world = world;
    this.ipv6 = ipv6;
    this.options = options;
  }

  // ---- who refers to it ----

  /** A descriptor or an operation refers to it. */
  void hold() {
    references++;
  }

  /** One of them does so no more. */
  void drop() {
    if (--references == 0) {
      release();
    }
  }

  boolean isReleased() {
    return released;
  }

  private void release() {
    released = true;
    world.network().unbind(this);
    if (backlog != null) {
      for (TcpSocket connection : backlog) {
        connection.abort();
      }
      backlog.clear();
    } else if (state == State.CONNECTED && in != null && out != null) {
      if (in.arrived() > 0 || options.lingerSeconds() == 0) {
        abort();
      } else {
        out.end();
      }
    }
  }

  /** Resets the connection; also for one that nobody has accepted. */
  void abort() {
    released = true;
    world.network().unbind(this);
    if (state == State.CONNECTED && in != null && out != null) {
      in.die();
      out.reset();
      state = State.BROKEN;
    }
  }

  /** The connection is no more, and not by this end's will. */
  void breakConnection(String why) {
    if (state != State.CONNECTED || in == null || out == null) {
      return;
    }
    world.note(() -> "connection of " + this + " breaks: " + why);
    // Who knows already that nothing more will come is told EPIPE: tcp_reset in CLOSE_WAIT.
    error = in.endArrived() ? Errno.EPIPE : Errno.ECONNRESET;
    state = State.BROKEN;
    in.die();
    out.die();
    if (released) {
      world.network().unbind(this);
    }
    changed();
  }

  // ---- addresses and options ----

  boolean isIpv6() {
    return ipv6;
  }

  boolean takesIpv4() {
    return ipv6 && !options.is(SocketOption.IPV6_ONLY);
  }

  SocketOptions options() {
    return options;
  }

  /** Where it is bound; null if it is not. */
  @Nullable Endpoint local() {
    return local;
  }

  void setLocal(Endpoint newLocal) {
    local = newLocal;
  }

  /** The other end, as long as there is a connection. */
  @Nullable Endpoint peer() {
    return state == State.CONNECTED ? peer : null;
  }

  /** The pending error as a number, which is taken by asking; 0 if there is none. */
  int takeError() {
    Errno taken = error;
    error = null;
    return taken == null ? 0 : -taken.negated();
  }

  // ---- listening ----

  boolean isListening() {
    return state == State.LISTENING;
  }

  boolean isIdle() {
    return state == State.IDLE;
  }

  void listen(int limit) {
    state = State.LISTENING;
    if (backlog == null) {
      backlog = new ArrayDeque<>();
    }
    backlogLimit = limit;
  }

  /** As on Linux one more than was asked for. */
  boolean hasRoomInBacklog() {
    return backlog != null && backlog.size() <= backlogLimit;
  }

  /** A connection that somebody made waits to be accepted. */
  void offer(TcpSocket connection) {
    assert backlog != null;
    backlog.add(connection);
    changed();
  }

  /** A descriptor of a connection, {@link #LATER}, or an error. */
  int accept() {
    if (state != State.LISTENING || backlog == null) {
      return Errno.EINVAL.negated();
    }
    if (backlog.isEmpty()) {
      return LATER;
    }
    int refusal = world.refusesDescriptor();
    if (refusal < 0) {
      return refusal;
    }
    TcpSocket connection = backlog.remove();
    if (world.happens(Mishap.ABORTED)) {
      connection.abort();
      return Errno.ECONNABORTED.negated();
    }
    return world.addDescriptor(connection);
  }

  // ---- connecting ----

  /** Why an address in memory is not for this kind of socket, or 0. */
  int wrongFamily(MemorySegment address, int length) {
    Endpoint at = Endpoint.read(address, length);
    if (at == null) {
      return Errno.EINVAL.negated();
    }
    boolean forIpv6 = Endpoint.looksLikeIpv6(address);
    if (forIpv6 == ipv6) {
      return 0;
    }
    return ipv6 ? Errno.EINVAL.negated() : Errno.EAFNOSUPPORT.negated();
  }

  /** Begins to connect, or goes on with it: an error at once, or {@link #LATER}. */
  int connect(MemorySegment address, int length) {
    return switch (state) {
      case CONNECTED, LISTENING -> Errno.EISCONN.negated();
      case CONNECTING -> LATER;
      case BROKEN -> Errno.ECONNABORTED.negated();
      case IDLE -> {
        int wrong = wrongFamily(address, length);
        Endpoint to = Endpoint.read(address, length);
        if (wrong < 0 || to == null) {
          yield wrong;
        }
        int result = world.network().connect(this, to);
        if (result == LATER) {
          state = State.CONNECTING;
        }
        yield result;
      }
    };
  }

  /** What became of the attempt: 0, an error, or {@link #LATER}. */
  int connectOutcome() {
    if (state == State.CONNECTING) {
      return LATER;
    }
    return error == null ? 0 : -takeError();
  }

  boolean isConnecting() {
    return state == State.CONNECTING && !released;
  }

  void connectFailed(Errno why) {
    if (state == State.CONNECTING) {
      world.note(() -> "connect of " + this + " fails: " + why);
      state = State.IDLE;
      error = why;
      changed();
    }
  }

  /** There is a connection, and this is one of its ends. */
  void connected(Endpoint newPeer, Flow newIn, Flow newOut) {
    peer = newPeer;
    in = newIn;
    out = newOut;
    state = State.CONNECTED;
  }

  // ---- transfers ----

  /** How many bytes can be received now. */
  int available() {
    return in == null ? 0 : in.arrived();
  }

  /** Takes bytes that have arrived; there must be so many. */
  void receive(long address, int count) {
    assert in != null;
    in.read(address, count);
  }

  /** What receiving says when no byte is there: 0 for the end, an error, or {@link #LATER}. */
  int whyNothing() {
    return switch (state) {
      case IDLE, LISTENING, CONNECTING -> Errno.ENOTCONN.negated();
      case CONNECTED -> in != null && in.endArrived() ? 0 : LATER;
      case BROKEN -> -takeError();
    };
  }

  /** Sends a part of some bytes; answers how many, {@link #LATER}, or an error. */
  int send(long address, int count) {
    if (state == State.BROKEN && error != null) {
      return -takeError();
    }
    if (state != State.CONNECTED || out == null || out.ended()) {
      return Errno.EPIPE.negated();
    }
    int taken = Math.min(count, out.room());
    if (taken == 0) {
      return LATER;
    }
    out.take(address, taken);
    return taken;
  }

  int shutdownSend() {
    if (state != State.CONNECTED || in == null || out == null || (out.ended() && in.endArrived())) {
      return Errno.ENOTCONN.negated();
    }
    if (!out.ended()) {
      out.end();
      changed();
    }
    return 0;
  }

  /** What it is ready for, as in {@link Operation}. */
  int readiness() {
    int both = Operation.READABLE | Operation.WRITABLE;
    return switch (state) {
      case IDLE, BROKEN -> both;
      case LISTENING -> backlog == null || backlog.isEmpty() ? 0 : Operation.READABLE;
      case CONNECTING -> 0;
      case CONNECTED -> {
        assert in != null && out != null;
        int readable = in.arrived() > 0 || in.endArrived() ? Operation.READABLE : 0;
        yield readable | (out.room() > 0 || out.ended() ? Operation.WRITABLE : 0);
      }
    };
  }

  // ---- who waits ----

  Waiters waiters() {
    return waiters;
  }

  /** Whoever waits looks again. */
  void changed() {
    waiters.proceed();
  }

  @Override
  public String toString() {
    return local == null ? "a socket" : local.toString();
  }
}
