package io.triad.engine.simulated;

import io.triad.engine.Operation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket that carries a stream of bytes: tcp(7), unix(7), socket(7).
 *
 * <pre>
 * state       by                                   sending              receiving
 * ─────────────────────────────────────────────────────────────────────────────────────────────
 * IDLE        made; a failed connect               EPIPE                ENOTCONN
 * LISTENING   listen                               EPIPE                ENOTCONN
 * CONNECTING  connect                              EPIPE                ENOTCONN
 * CONNECTED   the answer to connect; accepted      while there is room  what has arrived, the end
 * BROKEN      the other end is gone, or chance     the error, EPIPE     what had arrived, the error,
 *                                                                       the end
 * </pre>
 */
abstract sealed class StreamSocket extends OpenSocket permits TcpSocket, UnixStreamSocket {
  /** What a state is, the table says. */
  enum State {
    IDLE, LISTENING, CONNECTING, CONNECTED, BROKEN
  }

  private State state = State.IDLE;
  private @Nullable Flow in;
  private @Nullable Flow out;
  private @Nullable ArrayDeque<StreamSocket> backlog;
  private int backlogLimit;
  private boolean receivingEnded;

  StreamSocket(World world, SocketOptions options) {
    super(world, options);
  }

  final State state() {
    return state;
  }

  final void setState(State newState) {
    state = newState;
  }

  /** What comes from the other end; null before there is one. */
  final @Nullable Flow in() {
    return in;
  }

  /** What goes to the other end; null before there is one. */
  final @Nullable Flow out() {
    return out;
  }

  /** There is a connection, and this is one of its ends. */
  final void connected(Flow newIn, Flow newOut) {
    in = newIn;
    out = newOut;
    state = State.CONNECTED;
  }

  /** Writes who is, or was, at the other end of what has been accepted. */
  abstract int writeRemote(MemorySegment to);

  // ---- the end ----

  /** Ends a connection that nobody has accepted. */
  abstract void abort();

  /** The connection is no more, and not by this end's will. */
  abstract void breakConnection(String why);

  /** Resets what waits to be accepted. */
  final void abortBacklog() {
    if (backlog != null) {
      backlog.forEach(StreamSocket::abort);
      backlog.clear();
    }
  }

  // ---- listening ----

  @Override
  public final boolean isListening() {
    return state == State.LISTENING;
  }

  final boolean isIdle() {
    return state == State.IDLE;
  }

  final void startListening(int limit) {
    state = State.LISTENING;
    if (backlog == null) {
      backlog = new ArrayDeque<>();
    }
    backlogLimit = limit;
  }

  /** As on Linux one more than was asked for. */
  final boolean hasRoomInBacklog() {
    return backlog != null && backlog.size() <= backlogLimit;
  }

  /** A connection that somebody made waits to be accepted. */
  final void offer(StreamSocket connection) {
    assert backlog != null;
    backlog.add(connection);
  }

  @Override
  int accept() {
    if (state != State.LISTENING || backlog == null) {
      return Errno.EINVAL.negated();
    }
    if (backlog.isEmpty()) {
      return LATER;
    }
    int refusal = world().refusesDescriptor();
    if (refusal < 0) {
      return refusal;
    }
    StreamSocket connection = backlog.remove();
    if (world().happens(Mishap.ABORTED)) {
      connection.abort();
      return Errno.ECONNABORTED.negated();
    }
    return world().addDescriptor(connection);
  }

  // ---- transfers ----

  /** How many bytes can be received now. */
  final int available() {
    return in == null ? 0 : in.arrived();
  }

  /** Takes bytes that have arrived; there must be so many. */
  void take(long address, int count) {
    assert in != null;
    in.read(address, count);
  }

  /** What receiving says when no byte is there: 0 for the end, an error, or {@link #LATER}. */
  final int whyNothing() {
    return switch (state) {
      case IDLE, LISTENING, CONNECTING -> hasError() ? -takeError() : Errno.ENOTCONN.negated();
      case CONNECTED -> receivingEnded || (in != null && in.endArrived()) ? 0 : LATER;
      case BROKEN -> -takeError();
    };
  }

  /** Sends a part of some bytes; answers how many, {@link #LATER}, or an error. */
  int put(long address, int count) {
    if (state == State.BROKEN && hasError()) {
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

  @Override
  int send(Ranges from, MemorySegment to, int toLength, List<OpenSocket> rights) {
    int wanted = world().partOf(from.total());
    int done = 0;
    for (int i = 0; i < from.count() && done < wanted; i++) {
      for (int offset = 0; offset < from.length(i) && done < wanted;) {
        int most = Math.min(from.length(i) - offset, wanted - done);
        int taken = put(from.start(i) + offset, most);
        if (taken < 0) {
          return done > 0 ? done : taken;
        }
        offset += taken;
        done += taken;
      }
    }
    return done;
  }

  @Override
  Received receive(Ranges into, int flags) {
    int wanted = into.total();
    int most = Math.min(available(), wanted);
    if (most == 0) {
      return Received.of(wanted == 0 && available() > 0 ? 0 : whyNothing());
    }
    int count = world().partOf(most);
    move(into, count, (flags & Constants.MSG_PEEK) != 0);
    return Received.of(count);
  }

  /** Copies bytes that have arrived into ranges; they go, or they stay. */
  final void move(Ranges into, int count, boolean stay) {
    assert in != null;
    int done = 0;
    for (int i = 0; done < count; i++) {
      int part = Math.min(into.length(i), count - done);
      if (stay) {
        in.peek(done, into.start(i), part);
      } else if (part > 0) {
        take(into.start(i), part);
      }
      done += part;
    }
  }

  /** This end has no more to say; it must be connected. */
  final void endSending() {
    if (out != null && !out.ended()) {
      out.end();
    }
  }

  /** This end will hear no more. */
  final void endReceiving() {
    receivingEnded = true;
  }

  @Override
  final int readiness() {
    int both = Operation.READABLE | Operation.WRITABLE;
    return switch (state) {
      case IDLE, BROKEN -> both;
      case LISTENING -> backlog == null || backlog.isEmpty() ? 0 : Operation.READABLE;
      case CONNECTING -> 0;
      case CONNECTED -> {
        assert in != null && out != null;
        boolean readable = in.arrived() > 0 || in.endArrived() || receivingEnded;
        boolean writable = out.room() > 0 || out.ended();
        yield (readable ? Operation.READABLE : 0) | (writable ? Operation.WRITABLE : 0);
      }
    };
  }

  @Override
  final int write(Address sender, MemorySegment to) {
    return sender instanceof UnixName name ? name.write(to) : 0;
  }
}
