package io.triad;

import io.triad.loop.Abort;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.ScopedBindings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Several runs that begin together and fail together, each on a thread of its own.
 *
 * <p>A run that has opened its engine comes to the start and waits there for the others, so that each
 * main task begins with the tokens of all. The one that comes last opens the start for everybody.
 * What fails first, be it on the way to the start, stops the others by cancelling a scope around each
 * main task; those that have yet to come to the start find out there.
 *
 * <p>The monitor of this object guards what the runs share. It is held for moments only, and four
 * times per run at most.
 */
final class Cores<T extends @Nullable Object> {
  private final CoreBody<T, ?> main;
  private final int count;
  private final @Nullable Object bindings = ScopedBindings.capture();
  private final @Nullable Object[] results;

  /** By index; those of runs that have come to the start. */
  private final @Nullable Member[] members;

  private final @Nullable Throwable[] failures;
  private int atStart;
  private @Nullable Throwable firstFailure;
  private @Nullable String stopReason;

  Cores(int count, CoreBody<T, ?> main) {
    if (count < 1) {
      throw new IllegalArgumentException("the number of runs must be >= 1, not " + count);
    }
    this.main = Objects.requireNonNull(main, "main");
    this.count = count;
    this.results = new @Nullable Object[count];
    this.members = new @Nullable Member[count];
    this.failures = new @Nullable Throwable[count];
  }

  /** Runs them all, on as many new threads, and waits for them. */
  @SuppressWarnings("unchecked") // only results of the body are in there
  <E extends Exception> List<T> call() throws E, InterruptedException {
    if (Triad.inRun()) {
      throw new IllegalStateException(
          "called from inside a run, whose tasks would all have to wait");
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count && startThread(i, threads); i++) {}
    boolean interrupted = joinAll(threads);
    Throwable failure = failure();
    if (interrupted) {
      InterruptedException exception = new InterruptedException("the runs were cancelled");
      if (failure != null) {
        exception.addSuppressed(failure);
      }
      throw exception;
    }
    if (failure != null) {
      throw Runs.<E>sneaky(failure);
    }
    return Collections.unmodifiableList((List<T>) Arrays.asList(results));
  }

  /** Answers false if the system has no thread left. */
  private boolean startThread(int index, List<Thread> threads) {
    Thread thread =
        Thread.ofPlatform()
            .name("triad-core-" + index)
            .unstarted(() -> ScopedBindings.run(bindings, () -> carry(index)));
    try {
      thread.start();
    } catch (OutOfMemoryError noThread) {
      failed(index, noThread);
      return false;
    }
    threads.add(thread);
    return true;
  }

  /** Answers whether the caller was interrupted meanwhile: the runs are cancelled then. */
  private boolean joinAll(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
          stop("the thread that began the runs was interrupted");
        }
      }
    }
    return interrupted;
  }

  /** The first failure, with those of the other runs hanging on it in the order of their index. */
  private synchronized @Nullable Throwable failure() {
    Throwable first = firstFailure;
    for (Throwable other : failures) {
      if (first != null && other != null && other != first) {
        first.addSuppressed(other);
      }
    }
    return first;
  }

  // ---- on the thread of each run ----

  private void carry(int index) {
    try {
      results[index] = Triad.<@Nullable Object, Exception>run(() -> runMain(index));
    } catch (Throwable thrown) {
      failed(index, thrown);
    }
  }

  private @Nullable Object runMain(int index) throws Exception {
    Member member = new Member();
    return member.scope.<@Nullable Object, Exception>call(
        _ -> {
          List<TriadToken> tokens = awaitStart(index, member);
          return main.call(new Core(index, tokens));
        });
  }

  private List<TriadToken> awaitStart(int index, Member member) {
    boolean last;
    synchronized (this) {
      members[index] = member;
      last = ++atStart == count;
      if (stopReason != null) {
        member.scope.cancel(Cancelled.Source.NURSERY, stopReason);
      }
    }
    if (last) {
      tellAll(Member::begin);
    }
    member.awaitBegin();
    List<TriadToken> tokens = new ArrayList<>(count);
    synchronized (this) {
      for (Member each : members) {
        tokens.add(Objects.requireNonNull(each).token);
      }
    }
    return tokens;
  }

  private void failed(int index, Throwable thrown) {
    synchronized (this) {
      failures[index] = thrown;
      if (firstFailure == null) {
        firstFailure = thrown;
      }
    }
    stop("run " + index + " of " + count + " has failed: " + thrown.getClass().getName());
  }

  private void stop(String reason) {
    synchronized (this) {
      if (stopReason != null) {
        return;
      }
      stopReason = reason;
    }
    tellAll(member -> member.scope.cancel(Cancelled.Source.NURSERY, reason));
  }

  /** Does something in each run that has come to the start, on its thread. */
  private void tellAll(Order order) {
    List<Member> told = new ArrayList<>(count);
    synchronized (this) {
      for (Member member : members) {
        if (member != null) {
          told.add(member);
        }
      }
    }
    for (Member member : told) {
      try {
        member.token.runSyncSoon(() -> order.give(member));
      } catch (RunFinishedException _) {
        // It has ended by itself; whatever became of it is known.
      }
    }
  }

  @FunctionalInterface
  private interface Order {
    void give(Member member);
  }

  /** A run at the start. Made in its main task; all fields but the token are that run's own. */
  private static final class Member {
    private final TriadToken token = TriadToken.current();
    private final CancelScope scope = new CancelScope();
    private final Fiber fiber = Loop.requireFiber();
    private boolean begun;
    private boolean waiting;

    void begin() {
      begun = true;
      if (waiting) {
        waiting = false;
        fiber.resume();
      }
    }

    void awaitBegin() {
      if (begun) {
        fiber.checkpoint();
        return;
      }
      waiting = true;
      Abort abort =
          () -> {
            waiting = false;
            return true;
          };
      fiber.suspend("the other runs", abort);
    }
  }
}
