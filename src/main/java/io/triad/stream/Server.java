package io.triad.stream;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.TaskStatus;
import io.triad.Triad;
import io.triad.sync.Event;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves the connections of some listeners, each in a task of its own, whatever kind of stream they
 * make.
 *
 * <pre>{@code
 * var server = new Server<>(Net.openTcpListeners(7777), handler).maxConnections(1000);
 * Nursery.open(nursery -> {
 *   nursery.startSoon("server", server::serve);
 *   shutdown.await();
 *   if (!server.stop(Duration.ofSeconds(10))) { … }   // some connections were cut off
 * });
 * }</pre>
 *
 * <p>A server serves once. It is used by the tasks of one run.
 *
 * <pre>
 * what happened               accepts   handlers                   serve
 * ──────────────────────────────────────────────────────────────────────────────────────────────
 * serve                       yes       run                        goes on
 * stop                        no        may end in peace           returns when the last has ended
 * the grace of stop is over   no        are cancelled              returns when the last has ended
 * a handler fails             no        are cancelled              throws; or see handlerNursery
 * serve is cancelled          no        are cancelled              throws; or see handlerNursery
 * </pre>
 *
 * <p>Source: STR-23 to STR-30. The limit and the graceful stop go beyond them.
 *
 * @param <S> the type of stream that the listeners make
 */
public final class Server<S extends ByteStream> {
  private static final Set<String> OUT_OF_CAPACITY =
      Set.of("EMFILE", "ENFILE", "ENOMEM", "ENOBUFS");
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Logger LOGGER = System.getLogger("io.triad.net.serveListeners");
  private static final String STOPPED = "the server was stopped";

  private final List<? extends Listener<S>> listeners;
  private final Handlers<S> handlers;
  private final List<CancelScope> accepting = new ArrayList<>();
  private final Event over = new Event();
  private int maxConnections = Integer.MAX_VALUE;
  private @Nullable Nursery handlerNursery;
  private boolean begun;
  private boolean stopping;

  /**
   * Makes a server, which does nothing before {@link #serve()}.
   *
   * @param listeners where connections come from, at least one; they belong to the server once it
   *     serves
   * @param handler what to do with a connection
   * @throws IllegalArgumentException if there is no listener
   */
  public Server(List<? extends Listener<S>> listeners, ConnectionHandler<? super S> handler) {
    this.listeners = Objects.requireNonNull(listeners, "listeners");
    this.handlers = new Handlers<>(Objects.requireNonNull(handler, "handler"));
    if (listeners.isEmpty()) {
      throw new IllegalArgumentException("a Server needs at least one listener");
    }
  }

  // ---- what may be chosen ----

  /**
   * Limits how many connections are handled at the same time. While there are so many, the server
   * accepts none: new ones wait in the queue of the system, whose length is the listener's backlog,
   * and are served in their turn. Of several listeners each may hold one connection that is accepted
   * but not yet handled. Without this call there is no limit.
   *
   * @param limit 1 or more
   * @return this server
   * @throws IllegalArgumentException if it is less than 1
   * @throws IllegalStateException if it serves already
   */
  public Server<S> maxConnections(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("maxConnections must be >= 1, not " + limit);
    }
    requireNotBegun();
    maxConnections = limit;
    return this;
  }

  /**
   * Lets the handlers run in a nursery of the caller's. A handler that fails then fails there, and
   * the server goes down with it only if it runs inside that nursery; handlers go on when the server
   * fails or is cancelled (STR-30). Without this call they run in a nursery of the server's.
   *
   * @param nursery where handlers are started; open as long as connections are accepted
   * @return this server
   * @throws IllegalStateException if it serves already
   */
  public Server<S> handlerNursery(Nursery nursery) {
    requireNotBegun();
    handlerNursery = Objects.requireNonNull(nursery, "nursery");
    return this;
  }

  private void requireNotBegun() {
    if (begun) {
      throw new IllegalStateException("this Server serves already; each one serves once");
    }
  }

  // ---- serving ----

  /**
   * Serves until it is stopped, fails, or is cancelled; see {@link #serve(TaskStatus)}.
   *
   * @throws io.triad.ExceptionGroup if a handler or the accepting of connections fails
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException if it has served before
   */
  public void serve() {
    serve(TaskStatus.ignored());
  }

  /**
   * Serves until it is stopped, fails, or is cancelled, and closes the listeners in the end, whatever
   * the end is (STR-24). Returns normally only after {@link #stop}, when the last handler has ended.
   *
   * <p>When the system cannot take a connection for want of descriptors or memory, this is logged,
   * and tried again after 0.1 seconds, for ever (STR-29).
   *
   * @param status is given the very list of listeners once they take connections; also if the server
   *     was stopped before and none will
   * @throws io.triad.ExceptionGroup if a handler or the accepting of connections fails
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException if it has served before
   */
  public void serve(TaskStatus<? super List<? extends Listener<S>>> status) {
    requireNotBegun();
    begun = true;
    try {
      Nursery.open(
          nursery -> {
            Nursery forHandlers = handlerNursery == null ? nursery : handlerNursery;
            for (Listener<S> listener : listeners) {
              nursery.startSoon("accept", () -> accept(listener, forHandlers));
            }
            status.started(listeners);
          });
      handlers.awaitFewerThan(1); // those in the nursery of the caller
    } finally {
      over.set();
    }
  }

  /** The life of one listener. */
  private void accept(Listener<S> listener, Nursery forHandlers) throws IOException {
    CancelScope scope = new CancelScope();
    accepting.add(scope);
    if (stopping) {
      scope.cancel(STOPPED);
    }
    try (listener) {
      scope.enter(_ -> {
        for (;;) {
          if (handlers.count() >= maxConnections) {
            listener.pause();
            handlers.awaitFewerThan(maxConnections);
          }
          handle(acceptFrom(listener), forHandlers);
        }
      });
    }
  }

  private static <S extends ByteStream> S acceptFrom(Listener<S> listener) throws IOException {
    for (;;) {
      try {
        return listener.accept();
      } catch (OsException e) {
        if (!OUT_OF_CAPACITY.contains(e.symbol())) {
          throw e;
        }
        LOGGER.log(
            Level.ERROR,
            "accept returned " + e.symbol() + " (" + e.text() + "); retrying in 0.1 seconds",
            e);
      }
      Triad.sleep(PAUSE);
    }
  }

  /** Starts the handler of a connection. */
  private void handle(S stream, Nursery forHandlers) throws IOException {
    try {
      // There was room when accept was called, but another listener may have been faster.
      handlers.awaitFewerThan(maxConnections);
      handlers.start(stream, forHandlers);
    } catch (Throwable e) {
      Handlers.closeAfter(stream, e);
      throw e;
    }
  }

  // ---- stopping ----

  /**
   * Stops gracefully: accepts no more, closes the listeners, and lets the handlers come to their end.
   * Those that are still there when the grace is over are cancelled. Returns when all of them have
   * ended. Connections that no handler had been given yet are closed.
   *
   * <p>Any task may call this, except one that runs a handler, which would wait for itself: let that
   * one set an {@link Event}. Several may: the grace that is over first counts. If this call is
   * cancelled, the grace is over at once, and the handlers are not waited for. A server that is
   * stopped before it serves closes its listeners and returns as soon as it is told to serve.
   *
   * @param grace how long handlers may go on, 0 or more; {@link Triad#FOREVER} for as long as they
   *     like
   * @return whether all handlers that ran came to their normal end; false if the grace was too short
   *     for some, or if one failed, or the server was cancelled meanwhile
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalArgumentException if the grace is negative
   * @throws IllegalStateException if a handler's own task calls it
   */
  public boolean stop(Duration grace) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("the grace must be non-negative, not " + grace);
    }
    if (handlers.contains(Triad.currentTask())) {
      throw new IllegalStateException("a handler cannot stop its Server: it would await itself");
    }
    stopping = true;
    handlers.beginGrace();
    accepting.forEach(scope -> scope.cancel(STOPPED));
    if (!begun) {
      Triad.checkpoint();
      return true;
    }
    try {
      if (Triad.<RuntimeException>moveOnAfter(grace, _ -> awaitEnd()).cancelledCaught()) {
        handlers.endGrace();
        awaitEnd();
      }
    } catch (Throwable e) {
      handlers.endGrace();
      throw e;
    }
    return handlers.endedInPeace();
  }

  private void awaitEnd() {
    over.await();
    handlers.awaitFewerThan(1); // also those that live in the nursery of the caller
  }

  // ---- looking ----

  /**
   * Returns how many connections are being handled.
   *
   * @return the number at this moment
   */
  public int connections() {
    return handlers.count();
  }

  @Override
  public String toString() {
    String state = over.isSet() ? "over" : stopping ? "stopping" : begun ? "serving" : "not begun";
    return "Server, " + state + ", " + handlers.count() + " connections";
  }
}
