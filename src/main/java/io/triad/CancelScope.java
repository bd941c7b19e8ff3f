package io.triad;

import io.triad.loop.CancelStatus;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be cancelled: what its body does, and every task of the nurseries opened
 * inside.
 *
 * <p>A cancelled scope makes every checkpoint inside throw {@link Cancelled}, again and again, until
 * the body has been left; the scope that is responsible swallows it there. A scope is responsible if
 * it is cancelled and no cancellation from outside reaches through it at that moment: of several
 * cancelled scopes the outermost one that can be seen catches (CORE-18 to CORE-20).
 *
 * <pre>{@code
 * CancelScope scope = CancelScope.open(s -> {
 *   s.setTimeout(Duration.ofSeconds(2));
 *   stream.sendAll(request);
 * });
 * if (scope.cancelledCaught()) { … }
 * }</pre>
 *
 * <p>A scope is entered once. It may be configured and cancelled before. All methods are for tasks of
 * the run; a scope is not safe for use by other threads.
 */
public final class CancelScope {
  private enum Phase {
    UNBOUND,
    ACTIVE,
    EXITED
  }

  private final Status status = new Status();
  private Phase phase = Phase.UNBOUND;

  /** An instant of the run's clock, or nanoseconds from the entry while {@code relative}. */
  private long deadline = Times.NEVER;

  private boolean relative;
  private boolean cancelledCaught;
  private Cancelled.@Nullable Source source;
  private @Nullable String reason;
  private @Nullable String sourceTask;

  /** Makes a scope without a deadline, to be entered with {@link #enter}. */
  public CancelScope() {}

  /**
   * Runs a body inside a new scope.
   *
   * @param body what to do
   * @param <E> the checked exception it may throw
   * @return the scope, which has been left, so that it can be asked what happened
   * @throws E what the body throws, unless the scope swallows it
   */
  public static <E extends Exception> CancelScope open(ScopeAction<E> body) throws E {
    CancelScope scope = new CancelScope();
    scope.enter(body);
    return scope;
  }

  /**
   * Runs a body inside this scope. Not a checkpoint.
   *
   * @param body what to do
   * @param <E> the checked exception it may throw
   * @throws E what the body throws, unless the scope swallows it
   * @throws IllegalStateException outside of a task, or if the scope has been entered before
   */
  public <E extends Exception> void enter(ScopeAction<E> body) throws E {
    Objects.requireNonNull(body, "body");
    this.<@Nullable Object, E>call(
        scope -> {
          body.run(scope);
          return null;
        });
  }

  /** Runs a body; null if the scope swallowed what it threw. */
  <T extends @Nullable Object, E extends Exception> @Nullable T call(ScopeBody<T, E> body)
      throws E {
    Objects.requireNonNull(body, "body");
    Fiber fiber = Runs.fiber();
    bind(fiber.loop(), fiber.cancelStatus());
    fiber.setCancelStatus(status);
    T result;
    try {
      result = body.call(this);
    } catch (Throwable thrown) {
      Throwable left = exit(fiber, thrown);
      if (left == null) {
        return null;
      }
      throw Runs.<E>sneaky(left);
    }
    exit(fiber, null);
    return result;
  }

  /** Puts the scope into the tree of cancellation. */
  void bind(Loop loop, CancelStatus parent) {
    if (phase != Phase.UNBOUND) {
      throw new IllegalStateException(
          "a CancelScope is for a single body; this one has been entered before");
    }
    phase = Phase.ACTIVE;
    status.attach(parent);
    if (relative || deadline != Times.NEVER) {
      long now = loop.now();
      if (relative) {
        relative = false;
        deadline = Times.plus(now, deadline);
      }
      schedule(loop, now);
    }
  }

  /**
   * Leaves the scope.
   *
   * @return what must be thrown on, or null
   */
  @Nullable Throwable exit(Fiber fiber, @Nullable Throwable thrown) {
    assert fiber.cancelStatus() == status : "scopes are left in the order opposite to their entry";
    Throwable left = thrown;
    if (thrown != null && status.effectivelyCancelled() && !status.cancelledFromOutside()) {
      left = withoutCancelled(thrown);
      cancelledCaught = left != thrown;
    }
    CancelStatus parent = Objects.requireNonNull(status.parent());
    fiber.loop().setDeadline(status, Times.NEVER);
    fiber.setCancelStatus(parent);
    status.close();
    phase = Phase.EXITED;
    return left;
  }

  /** What is left when the cancellation is taken away; null if there is nothing else. */
  static @Nullable Throwable withoutCancelled(Throwable thrown) {
    if (thrown instanceof Cancelled cancelled) {
      return failureBeside(cancelled);
    }
    return thrown instanceof ExceptionGroup group
        ? group.filter(leaf -> !(leaf instanceof Cancelled))
        : thrown;
  }

  /**
   * What try-with-resources has hung on a cancellation because closing failed while it passed
   * through. Swallowing both would hide an error that nobody has seen.
   */
  private static @Nullable Throwable failureBeside(Cancelled cancelled) {
    Throwable first = null;
    for (Throwable suppressed : cancelled.getSuppressed()) {
      if (suppressed instanceof Cancelled || PartialResult.isNote(suppressed)) {
        continue;
      }
      if (first == null) {
        first = suppressed;
      } else {
        first.addSuppressed(suppressed);
      }
    }
    return first;
  }

  // ---- cancelling ----

  /** Cancels what runs inside. Idempotent; the first cause is the one that is reported. */
  public void cancel() {
    cancel(null);
  }

  /**
   * Cancels what runs inside. Idempotent; the first cause is the one that is reported. Before the
   * entry it makes the first checkpoint inside throw; after the exit it has no effect but that
   * {@link #cancelCalled} answers true.
   *
   * @param reason what {@link Cancelled#reason} answers, or null
   */
  public void cancel(@Nullable String reason) {
    cancel(Cancelled.Source.EXPLICIT, reason);
  }

  void cancel(Cancelled.Source cause, @Nullable String text) {
    if (source == null) {
      source = cause;
      reason = text;
      Task task = cause == Cancelled.Source.DEADLINE ? null : Runs.taskOrNull();
      sourceTask = task == null ? null : task.name();
    }
    status.request();
  }

  /**
   * Returns whether the scope has been cancelled, be it that its deadline has passed just now. Once
   * true it stays true (CORE-27).
   *
   * @return whether it is cancelled
   */
  public boolean cancelCalled() {
    if (!status.requested() && phase != Phase.EXITED && !relative && deadline != Times.NEVER) {
      Fiber fiber = Runs.fiberOrNull();
      if (fiber != null && fiber.loop().now() >= deadline) {
        cancel(Cancelled.Source.DEADLINE, null);
      }
    }
    return status.requested();
  }

  /**
   * Returns whether the scope has swallowed a {@link Cancelled}: something inside did not come to
   * its end because of this scope.
   *
   * @return whether it caught
   */
  public boolean cancelledCaught() {
    return cancelledCaught;
  }

  /**
   * Returns whether cancellations from outside are kept away.
   *
   * @return the shield
   */
  public boolean shield() {
    return status.shield();
  }

  /**
   * Keeps cancellations from outside away, or lets them in again. The scope's own cancellation, and
   * those of scopes inside, are not affected. Takes effect at once (CORE-25).
   *
   * @param shield whether to keep them away
   * @return this scope
   */
  public CancelScope setShield(boolean shield) {
    status.setShield(shield);
    return this;
  }

  // ---- deadlines ----

  /**
   * Returns the deadline.
   *
   * @return a reading of the run's clock, or {@link Triad#FOREVER}
   * @throws IllegalStateException before the entry if a time-out was set, which counts from there
   */
  public Duration deadline() {
    if (relative) {
      throw new IllegalStateException(
          "the deadline of a scope with a time-out is known only after its entry");
    }
    return Times.duration(deadline);
  }

  /**
   * Sets or moves the deadline. In the past, it makes the next checkpoint inside throw (CORE-26).
   *
   * @param deadline a reading of the run's clock, or {@link Triad#FOREVER}
   * @return this scope
   * @throws IllegalStateException before the entry if a time-out was set
   */
  public CancelScope setDeadline(Duration deadline) {
    if (relative) {
      throw new IllegalStateException("this scope has a time-out, which counts from its entry");
    }
    this.deadline = Times.nanos(deadline);
    if (phase == Phase.ACTIVE) {
      Loop loop = Runs.fiber().loop();
      schedule(loop, loop.now());
    }
    return this;
  }

  /**
   * Returns the time that is left, or the time-out before the entry.
   *
   * @return a time from now, negative if the deadline has passed, or {@link Triad#FOREVER}
   * @throws IllegalStateException before the entry if a deadline was set
   */
  public Duration timeout() {
    if (deadline == Times.NEVER) {
      return Triad.FOREVER;
    }
    if (relative) {
      return Times.duration(deadline);
    }
    if (phase == Phase.UNBOUND) {
      throw new IllegalStateException("this scope has a deadline, not a time-out");
    }
    return Times.duration(Times.plus(deadline, -Runs.fiber().loop().now()));
  }

  /**
   * Sets the deadline by a time from now or, before the entry, from the entry (CORE-30).
   *
   * @param timeout 0 or more; {@link Triad#FOREVER} for none
   * @return this scope
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException before the entry if a deadline was set
   */
  public CancelScope setTimeout(Duration timeout) {
    long nanos = Times.timeout(timeout);
    if (phase == Phase.UNBOUND) {
      if (!relative && deadline != Times.NEVER) {
        throw new IllegalStateException("this scope has a deadline, not a time-out");
      }
      relative = true;
      deadline = nanos;
    } else {
      Loop loop = Runs.fiber().loop();
      long now = loop.now();
      deadline = Times.plus(now, nanos);
      if (phase == Phase.ACTIVE) {
        schedule(loop, now);
      }
    }
    return this;
  }

  private void schedule(Loop loop, long now) {
    if (now >= deadline) {
      loop.setDeadline(status, Times.NEVER);
      cancel(Cancelled.Source.DEADLINE, null);
    } else {
      loop.setDeadline(status, deadline);
    }
  }

  /** The earliest deadline that can be seen from a node of the tree. */
  static long effectiveDeadline(CancelStatus from) {
    if (from.effectivelyCancelled()) {
      return Times.ALWAYS;
    }
    long earliest = Times.NEVER;
    for (CancelStatus node = from; node != null; node = node.shield() ? null : node.parent()) {
      if (node instanceof Status scope) {
        earliest = Math.min(earliest, scope.deadline());
      }
    }
    return earliest;
  }

  /** The scope that a node of the tree belongs to; null for the root. */
  static @Nullable CancelScope of(CancelStatus node) {
    return node instanceof Status status ? status.scope() : null;
  }

  CancelStatus status() {
    return status;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("CancelScope ");
    text.append(phase.name().toLowerCase(java.util.Locale.ROOT));
    Fiber fiber = Runs.fiberOrNull();
    if (status.requested()) { // looking at a scope must not change it, as cancelCalled() may
      text.append(", cancelled");
    } else if (deadline != Times.NEVER && !relative && fiber != null) {
      double seconds = ((double) deadline - fiber.loop().now()) / 1e9;
      text.append(
          String.format(
              java.util.Locale.ROOT,
              ", deadline is %.2f seconds %s",
              Math.abs(seconds),
              seconds >= 0 ? "from now" : "ago"));
    }
    return text.toString();
  }

  /** The node of this scope in the tree, and its place in the queue of deadlines. */
  private final class Status extends CancelStatus {
    @Override
    protected Error cancelled() {
      // A scope without a cause of its own reports the one of the scope that reached it.
      CancelStatus node = this;
      while (!node.requested() && node.parent() != null) {
        node = node.parent();
      }
      return node instanceof Status cause ? cause.make() : make();
    }

    private Cancelled make() {
      return new Cancelled(
          source == null ? Cancelled.Source.EXPLICIT : source, reason, sourceTask);
    }

    @Override
    protected void reached() {
      cancel(Cancelled.Source.DEADLINE, null);
    }

    private long deadline() {
      return deadline;
    }

    private CancelScope scope() {
      return CancelScope.this;
    }
  }
}
