package io.triad.stream;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Task;
import io.triad.Triad;
import io.triad.sync.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The handlers of a {@link Server}, each with its connection: starts, counts and cancels them. */
final class Handlers<S extends ByteStream> {
  private static final String CUT_OFF = "the server was stopped, and the grace is over";

  private final ConnectionHandler<? super S> handler;

  /** In the order in which they began, so that they are always cancelled in the same one. */
  private final Map<Task, CancelScope> running = new LinkedHashMap<>();

  /** How many were started and have not ended; some may not run yet. */
  private int count;

  private boolean stopping;
  private boolean graceOver;

  /** Whether one did not come to its normal end since the server was told to stop. */
  private boolean cutOff;

  /** Set when one ends; there while somebody waits for that. */
  private @Nullable Event ended;

  Handlers(ConnectionHandler<? super S> handler) {
    this.handler = handler;
  }

  int count() {
    return count;
  }

  /** Whether this is the task of a handler. */
  boolean contains(Task task) {
    return running.containsKey(task);
  }

  /** Starts a handler in a nursery, which must be open. It closes the connection in the end. */
  void start(S stream, Nursery nursery) {
    nursery.startSoon("connection", () -> run(stream));
    count++;
  }

  private void run(S stream) throws Exception {
    Task task = Triad.currentTask();
    CancelScope scope = new CancelScope();
    running.put(task, scope);
    if (graceOver) {
      scope.cancel(CUT_OFF);
    }
    try {
      scope.enter(_ -> handleAndClose(stream));
    } catch (Throwable e) {
      cutOff |= stopping;
      throw e;
    } finally {
      running.remove(task);
      count--;
      if (ended != null) {
        ended.set();
        ended = null;
      }
    }
  }

  private void handleAndClose(S stream) throws Exception {
    try {
      handler.handle(stream);
    } catch (Throwable e) {
      closeAfter(stream, e);
      throw e;
    }
    AsyncResource.closeForcefully(stream);
  }

  static void closeAfter(AsyncResource stream, Throwable because) {
    try {
      AsyncResource.closeForcefully(stream);
    } catch (Throwable e) {
      because.addSuppressed(e);
    }
  }

  /** Waits until there are fewer than that; no checkpoint if there are. */
  void awaitFewerThan(int limit) {
    while (count >= limit) {
      if (ended == null) {
        ended = new Event();
      }
      ended.await();
    }
  }

  // ---- stopping ----

  /** From now on it counts how they end. */
  void beginGrace() {
    stopping = true;
  }

  /** Cancels those that are still there, and those that have not begun. */
  void endGrace() {
    graceOver = true;
    cutOff |= count > 0;
    running.values().forEach(scope -> scope.cancel(CUT_OFF));
  }

  /** Whether all have come to their normal end since the grace began. */
  boolean endedInPeace() {
    return !cutOff;
  }
}
