package io.triad.engine.simulated;

import io.triad.engine.NonBlockingCalls;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What descriptors stand for: an open socket, of whatever kind. It lives until neither a descriptor
 * nor an operation nor a message on its way refers to it: closing a descriptor ends no operation.
 *
 * <p>Calls answer a count ≥ 0, {@link #LATER}, or an error negated.
 */
abstract sealed class OpenSocket permits StreamSocket, DatagramSocket {
  /** What an attempt answers that has to wait. */
  static final int LATER = NonBlockingCalls.AGAIN;

  static final int SHUT_RECEIVING = 0; // SHUT_RD
  static final int SHUT_SENDING = 1; // SHUT_WR
  static final int SHUT_BOTH = 2; // SHUT_RDWR

  private final World world;
  private final SocketOptions options;
  private final Waiters waiters = new Waiters();
  private @Nullable Errno error;
  private int references;
  private boolean released;

  OpenSocket(World world, SocketOptions options) {
    this.world = world;
    this.options = options;
  }

  final World world() {
    return world;
  }

  public final SocketOptions options() {
    return options;
  }

  // ---- who refers to it ----

  /** Somebody refers to it. */
  final void hold() {
    references++;
  }

  /** Somebody does so no more. */
  final void drop() {
    if (--references == 0) {
      released = true;
      release();
    }
  }

  final boolean isReleased() {
    return released;
  }

  /** It was never anybody's, and will not be. */
  final void markReleased() {
    released = true;
  }

  /** Nobody refers to it any more: it tells the other end, and gives back its name. */
  abstract void release();

  // ---- names ----

  abstract int bind(MemorySegment address, int length);

  /** Where it is bound, in the form of the system; answers the length. */
  abstract int writeLocal(MemorySegment to);

  /** Who is at the other end, in the form of the system; answers the length, or an error. */
  abstract int writePeer(MemorySegment to);

  /** Writes the address of a message's sender, of which there is none on a stream. */
  abstract int write(Address sender, MemorySegment to);

  // ---- connections ----

  public abstract boolean isListening();

  abstract int listen(int backlog);

  /** A descriptor of a connection. */
  abstract int accept();

  /** Begins to connect: {@link #LATER} if the outcome is to be asked for. */
  abstract int connect(MemorySegment address, int length);

  /** What became of the attempt. */
  abstract int connectOutcome();

  // ---- transfers ----

  /**
   * Sends.
   *
   * @param to the destination, if one is named
   * @param toLength its length; 0 for none
   * @param rights sockets that go with the bytes
   */
  abstract int send(Ranges from, MemorySegment to, int toLength, List<OpenSocket> rights);

  /** Receives into ranges; flags as of recv(2). */
  abstract Received receive(Ranges into, int flags);

  /** Ends a direction or both; as of shutdown(2). */
  abstract int shutdown(int how);

  /** What it is ready for, as in {@link io.triad.engine.Operation}. */
  abstract int readiness();

  // ---- the pending error ----

  /** The pending error as a number, which is taken by asking; 0 if there is none. */
  final int takeError() {
    Errno taken = error;
    error = null;
    return taken == null ? 0 : -taken.negated();
  }

  final void setError(@Nullable Errno pending) {
    error = pending;
  }

  final boolean hasError() {
    return error != null;
  }

  // ---- who waits ----

  final Waiters waiters() {
    return waiters;
  }

  /** Whoever waits looks again. */
  final void changed() {
    waiters.proceed();
  }

  /** Whoever waits looks again when the engine is polled: not in the middle of somebody's call. */
  final void changesSoon() {
    world.timeline().after(0, this::changed);
  }
}
