package io.triad;

import io.triad.loop.Loop;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the rest of the process knows of a run: the way in for other threads. There is one per run,
 * always the same object (LOW-43).
 *
 * <pre>{@code
 * TriadToken token = TriadToken.current();                  // in a task
 * library.onChange(() -> token.runSyncSoon(changed::set));  // on whatever thread the library likes
 * }</pre>
 *
 * <p>Safe for use by all threads, those that handle signals included; nothing here blocks or takes a
 * lock. To call into a run and wait for the result, there is {@code Threads.fromThread}.
 *
 * <p>Source: LOW-43 to LOW-48.
 */
public final class TriadToken {
  private final Loop loop;

  /** The calls with a key that have not begun; what is found here may have begun meanwhile. */
  private final Map<Object, KeyedCall> pending = new ConcurrentHashMap<>();

  private TriadToken(Loop loop) {
    this.loop = loop;
  }

  /**
   * Returns the token of the calling thread's run.
   *
   * @return the token
   * @throws IllegalStateException outside of a run
   */
  public static TriadToken current() {
    Loop loop = Runs.loop();
    return loop.local(TriadToken.class, () -> new TriadToken(loop));
  }

  /**
   * Has an action done on the thread of the run, soon, and returns at once. Actions are done in the
   * order in which they were handed in, between the steps of tasks and not inside any task, so that
   * they cannot wait for anything. They may wake tasks, cancel scopes, and hand in more actions;
   * those have their turn after every task that is ready has had one (LOW-46).
   *
   * <p>If this returns, the action is certain to be done before {@link Triad#run} returns, even if
   * the main task has failed. An action that throws cancels the run, which then throws a {@link
   * TriadInternalError}; the actions behind it are done nevertheless.
   *
   * @param action what to do; must not block
   * @throws RunFinishedException if the run is over; the action will not be done
   */
  public void runSyncSoon(Action<? extends Exception> action) {
    offer(new Call(action));
  }

  /**
   * Has an action done unless one with the same key waits to be done already: that one then counts
   * for both. An action that has begun counts no more, so whatever the caller has written before is
   * seen by an action that begins afterwards (LOW-45). When several threads hand in the same key at
   * the very same time, the actions of more than one may be done.
   *
   * @param key what tells actions apart, by {@link Object#equals}
   * @param action what to do; must not block
   * @throws RunFinishedException if the run is over; the action will not be done
   */
  public void runSyncSoon(Object key, Action<? extends Exception> action) {
    Objects.requireNonNull(key, "key");
    KeyedCall there = pending.get(key);
    if (there != null && there.isJoined()) {
      return;
    }
    // First handed in, then shown to others: so none of them relies on one that is refused.
    KeyedCall call = new KeyedCall(key, action);
    offer(call);
    pending.put(key, call);
    if (call.hasBegun()) { // and did not find itself to take away
      pending.remove(key, call);
    }
  }

  private void offer(Loop.Message call) {
    if (!loop.offer(call)) {
      throw new RunFinishedException();
    }
  }

  /** One action on its way. */
  private class Call implements Loop.Message {
    private final Action<? extends Exception> action;

    Call(Action<? extends Exception> action) {
      this.action = Objects.requireNonNull(action, "action");
    }

    @Override
    public void run() {
      try {
        action.run();
      } catch (Throwable thrown) {
        loop.access().crash(thrown);
      }
    }
  }

  /** An action with a key. */
  private final class KeyedCall extends Call {
    private final Object key;
    private final AtomicBoolean begun = new AtomicBoolean();

    KeyedCall(Object key, Action<? extends Exception> action) {
      super(action);
      this.key = key;
    }

    /**
     * Whether it has yet to begin, so that it sees what the caller wrote before. Reading would not do
     * for that: it has to be a write, which the beginning then reads.
     */
    boolean isJoined() {
      return begun.compareAndSet(false, false);
    }

    boolean hasBegun() {
      return begun.get();
    }

    @Override
    public void run() {
      begun.getAndSet(true);
      pending.remove(key, this);
      super.run();
    }
  }
}
