package io.triad.engine.simulated;

import io.triad.engine.SocketOption;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A socket of TCP: tcp(7). When nobody refers to it any more it tells the other end: with an end of
 * the stream, or, if bytes were left unread or no lingering is wanted, with a reset (RFC 1122,
 * 4.2.2.13).
 */
final class TcpSocket extends StreamSocket implements InternetSocket {
  private final boolean ipv6;
  private @Nullable Endpoint local;
  private @Nullable Endpoint peer;

  /** What became of an attempt to connect nobody has been told; the next attempt will be. */
  private boolean outcomeToTell;

  TcpSocket(World world, boolean ipv6, SocketOptions options) {
    super(world, options);
    this.ipv6 = ipv6;
  }

  // ---- the end ----

  @Override
  void release() {
    world().network().unbind(this);
    Flow in = in();
    if (isListening()) {
      abortBacklog();
    } else if (state() == State.CONNECTED && in != null) {
      if (in.arrived() > 0 || options().lingerSeconds() == 0) {
        abort();
      } else {
        endSending();
      }
    }
  }

  @Override
  void abort() {
    markReleased();
    world().network().unbind(this);
    Flow in = in();
    Flow out = out();
    if (state() == State.CONNECTED && in != null && out != null) {
      in.die();
      out.reset();
      setState(State.BROKEN);
    }
  }

  @Override
  void breakConnection(String why) {
    Flow in = in();
    Flow out = out();
    if (state() != State.CONNECTED || in == null || out == null) {
      return;
    }
    world().note(() -> "connection of " + this + " breaks: " + why);
    // Who knows already that nothing more will come is told EPIPE: tcp_reset in CLOSE_WAIT.
    setError(in.endArrived() ? Errno.EPIPE : Errno.ECONNRESET);
    setState(State.BROKEN);
    in.die();
    out.die();
    if (isReleased()) {
      world().network().unbind(this);
    }
    changed();
  }

  @Override
  int shutdown(int how) {
    return switch (state()) {
      case CONNECTED -> shutdownConnected(how);
      case LISTENING -> {
        if (how != SHUT_SENDING) {
          abortBacklog();
          setState(State.IDLE);
          changed();
        }
        yield 0;
      }
      case CONNECTING -> {
        connectFailed(Errno.ECONNRESET);
        yield 0;
      }
      case IDLE, BROKEN -> Errno.ENOTCONN.negated();
    };
  }

  private int shutdownConnected(int how) {
    Flow in = in();
    Flow out = out();
    if (in != null && in.endArrived() && out != null && out.ended()) {
      return Errno.ENOTCONN.negated(); // both have said so: there is no connection any more
    }
    if (how != SHUT_RECEIVING) {
      endSending();
    }
    if (how != SHUT_SENDING) {
      endReceiving();
    }
    changed();
    return 0;
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

  @Override
  int bind(MemorySegment address, int length) {
    int wrong = wrongFamily(address, length);
    Endpoint at = Endpoint.read(address, length);
    return wrong < 0 || at == null ? wrong : world().network().bind(this, at);
  }

  @Override
  int writeLocal(MemorySegment to) {
    return (local == null ? unbound() : local).write(to, ipv6);
  }

  @Override
  int writePeer(MemorySegment to) {
    return state() == State.CONNECTED ? writeRemote(to) : Errno.ENOTCONN.negated();
  }

  @Override
  int writeRemote(MemorySegment to) {
    assert peer != null;
    return peer.write(to, ipv6);
  }

  // ---- connections ----

  @Override
  int listen(int backlog) {
    return world().network().listen(this, backlog);
  }

  @Override
  int connect(MemorySegment address, int length) {
    return switch (state()) {
      case CONNECTED -> {
        boolean news = outcomeToTell;
        outcomeToTell = false;
        yield news ? 0 : Errno.EISCONN.negated();
      }
      case LISTENING -> Errno.EISCONN.negated();
      case CONNECTING -> Errno.EALREADY.negated();
      case BROKEN -> Errno.ECONNABORTED.negated();
      case IDLE -> {
        int wrong = wrongFamily(address, length);
        Endpoint to = Endpoint.read(address, length);
        if (wrong < 0 || to == null) {
          yield wrong;
        }
        if (outcomeToTell) {
          outcomeToTell = false;
          yield hasError() ? -takeError() : Errno.ECONNABORTED.negated();
        }
        int result = world().network().connect(this, to);
        if (result == LATER) {
          setState(State.CONNECTING);
          outcomeToTell = true;
        }
        yield result;
      }
    };
  }

  @Override
  int connectOutcome() {
    if (state() == State.CONNECTING) {
      return LATER;
    }
    outcomeToTell = false;
    return hasError() ? -takeError() : 0;
  }

  boolean isConnecting() {
    return state() == State.CONNECTING && !isReleased();
  }

  void connectFailed(Errno why) {
    if (state() == State.CONNECTING) {
      world().note(() -> "connect of " + this + " fails: " + why);
      setState(State.IDLE);
      setError(why);
      changed();
    }
  }

  /** There is a connection, and this is one of its ends. */
  void connected(Endpoint newPeer, Flow newIn, Flow newOut) {
    peer = newPeer;
    connected(newIn, newOut);
  }

  @Override
  public String toString() {
    return local == null ? "a socket" : local.toString();
  }
}
