package io.triad.sync;

import io.triad.WouldBlockException;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Lends tokens, one to each borrower, so that no more than so many do something at the same time
 * (CORE-63). The borrower is the calling task, or any other object.
 *
 * <pre>{@code
 * try (var _ = limiter.hold()) {
 *   …                                 // in at most as many tasks as there are tokens
 * }
 * }</pre>
 *
 * <p>The number of tokens may be changed at any time. Fair: a free token goes to whoever has waited
 * longest. For tasks of one run.
 */
public final class CapacityLimiter implements Limiter {
  /** As many tokens as anybody asks for. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** By {@link Object#equals}, in the order in which they got their tokens. */
  private final Set<Object> borrowers = new LinkedHashSet<>();

  /** On behalf of whom somebody waits: else two waits could end in one token. */
  private final Set<Object> pending = new HashSet<>(0);

  private final WaitQueue<Borrowing> waiting = new WaitQueue<>();
  private final Held held = this::release;
  private int totalTokens;

  /**
   * Makes a limiter that has lent nothing.
   *
   * @param totalTokens how many tokens there are, 0 or more, or {@link #UNLIMITED}
   * @throws IllegalArgumentException if the number is negative
   */
  public CapacityLimiter(int totalTokens) {
    this.totalTokens = notNegative(totalTokens);
  }

  // ---- borrowing ----

  /**
   * Borrows a token for the calling task; waits while there is none. A checkpoint.
   *
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was borrowed then
   * @throws IllegalStateException if the task has a token already, or outside of a task
   */
  public void acquire() {
    acquireOnBehalfOf(Loop.requireFiber().body());
  }

  /**
   * Borrows a token for the calling task if one is free; not a checkpoint.
   *
   * @throws WouldBlockException if none is free
   * @throws IllegalStateException if the task has a token already, or outside of a task
   */
  public void acquireNowait() {
    acquireOnBehalfOfNowait(Loop.requireFiber().body());
  }

  /**
   * Borrows a token for the calling task for the length of a block; see {@link #acquire}. A
   * checkpoint.
   *
   * @return what releases the token when it is closed, in the same task
   */
  public Held hold() {
    acquire();
    return held;
  }

  /**
   * Borrows a token for any object; waits while there is none. A checkpoint.
   *
   * @param borrower who gets it; borrowers that are {@linkplain Object#equals equal} are one
   * @throws io.triad.Cancelled if a scope around the caller is cancelled; nothing was borrowed then
   * @throws IllegalStateException if the borrower has a token already or waits for one, or outside of
   *     a task
   */
  @Override
  public void acquireOnBehalfOf(Object borrower) {
    Fiber fiber = Loop.requireFiber();
    fiber.checkpointIfCancelled();
    checkNew(borrower);
    if (hasFreeToken()) {
      borrowers.add(borrower);
      fiber.yieldNow();
    } else {
      pending.add(borrower);
      waiting.await(new Borrowing(fiber, borrower, pending), this);
    }
  }

  /**
   * Borrows a token for any object if one is free; not a checkpoint.
   *
   * @param borrower who gets it
   * @throws WouldBlockException if none is free
   * @throws IllegalStateException if the borrower has a token already or waits for one
   */
  public void acquireOnBehalfOfNowait(Object borrower) {
    checkNew(borrower);
    if (!hasFreeToken()) {
      throw new WouldBlockException();
    }
    borrowers.add(borrower);
  }

  /**
   * Gives back the token of the calling task; not a checkpoint.
   *
   * @throws IllegalStateException if it has none, or outside of a task
   */
  public void release() {
    releaseOnBehalfOf(Loop.requireFiber().body());
  }

  /**
   * Gives back the token of a borrower; not a checkpoint.
   *
   * @param borrower who got it
   * @throws IllegalStateException if it has none
   */
  @Override
  public void releaseOnBehalfOf(Object borrower) {
    if (!borrowers.remove(Objects.requireNonNull(borrower, "borrower"))) {
      throw new IllegalStateException("this borrower has no token of this limiter: " + borrower);
    }
    lendToWaiters();
  }

  private void checkNew(Object borrower) {
    if (borrowers.contains(Objects.requireNonNull(borrower, "borrower"))) {
      throw new IllegalStateException(
          "this borrower has a token of this limiter already: " + borrower);
    }
    if (pending.contains(borrower)) {
      throw new IllegalStateException(
          "this borrower waits for a token of this limiter already: " + borrower);
    }
  }

  /** Nobody waits while there is one, so whoever finds one overtakes nobody (CORE-64). */
  private boolean hasFreeToken() {
    boolean free = borrowers.size() < totalTokens;
    assert !free || waiting.isEmpty() : "a token is free and somebody waits for it";
    return free;
  }

  private void lendToWaiters() {
    while (borrowers.size() < totalTokens) {
      Borrowing next = waiting.poll();
      if (next == null) {
        return;
      }
      pending.remove(next.borrower);
      borrowers.add(next.borrower);
      next.resume();
    }
  }

  // ---- the number of tokens ----

  /**
   * Returns how many tokens there are, lent or not.
   *
   * @return 0 or more, or {@link #UNLIMITED}
   */
  public int totalTokens() {
    return totalTokens;
  }

  /**
   * Changes how many tokens there are. Further ones go to those who wait, at once. Of fewer nobody is
   * deprived: the next ones that are given back are not lent again.
   *
   * @param totalTokens 0 or more, or {@link #UNLIMITED}
   * @throws IllegalArgumentException if the number is negative
   */
  public void setTotalTokens(int totalTokens) {
    this.totalTokens = notNegative(totalTokens);
    lendToWaiters();
  }

  /**
   * Returns how many tokens are lent.
   *
   * @return 0 or more; more than {@link #totalTokens} after that was lowered
   */
  public int borrowedTokens() {
    return borrowers.size();
  }

  /**
   * Returns how many tokens are free.
   *
   * @return 0 or more; {@link #UNLIMITED} if there is no limit
   */
  public int availableTokens() {
    return totalTokens == UNLIMITED
        ? UNLIMITED
        : Math.max(0, totalTokens - borrowers.size());
  }

  private static int notNegative(int totalTokens) {
    if (totalTokens < 0) {
      throw new IllegalArgumentException("the number of tokens must be >= 0, not " + totalTokens);
    }
    return totalTokens;
  }

  /**
   * Returns what can be counted.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(
        borrowers.size(), totalTokens, List.copyOf(borrowers), waiting.size());
  }

  /**
   * What can be counted about a limiter.
   *
   * @param borrowedTokens how many tokens are lent
   * @param totalTokens how many there are, lent or not, or {@link #UNLIMITED}
   * @param borrowers to whom they are lent, in the order in which they were
   * @param tasksWaiting how many tasks wait for one
   */
  public record Statistics(
      int borrowedTokens, int totalTokens, List<Object> borrowers, int tasksWaiting) {
    /**
     * Makes one.
     *
     * @param borrowedTokens how many tokens are lent
     * @param totalTokens how many there are
     * @param borrowers to whom they are lent
     * @param tasksWaiting how many tasks wait for one
     */
    public Statistics {
      borrowers = List.copyOf(borrowers);
    }
  }

  @Override
  public String toString() {
    return "CapacityLimiter, "
        + borrowers.size()
        + " of "
        + (totalTokens == UNLIMITED ? "any number of" : totalTokens)
        + " tokens lent, "
        + waiting.size()
        + " waiting";
  }

  /** A wait for a token. */
  private static final class Borrowing extends Waiter {
    private final Object borrower;
    private final Set<Object> pending;

    Borrowing(Fiber fiber, Object borrower, Set<Object> pending) {
      super(fiber);
      this.borrower = borrower;
      this.pending = pending;
    }

    @Override
    public boolean abort() {
      pending.remove(borrower);
      return super.abort();
    }
  }
}
