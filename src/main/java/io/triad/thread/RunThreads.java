package io.triad.thread;

import io.triad.TriadToken;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import io.triad.loop.WaitQueue;
import io.triad.loop.Waiter;
import io.triad.sync.CapacityLimiter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one run knows of the threads that work for it and call into it. On its thread only. */
final class RunThreads {
  /** As many as a machine bears whose threads do nothing but wait for a disk or for name servers. */
  private static final int DEFAULT_LIMIT = 40;

  private final CapacityLimiter defaultLimiter = new CapacityLimiter(DEFAULT_LIMIT);
  private final TriadToken token;
  private final WaitQueue<Waiter> awaitingNone = new WaitQueue<>();

  /** What other threads have asked for and wait for. */
  private final Set<Errand<?>> errands = new LinkedHashSet<>(0);

  private ThreadCache cache = ThreadCache.SHARED;
  private int active;

  private RunThreads(TriadToken token) {
    this.token = token;
  }

  /** That of a run; the caller is on its thread. */
  static RunThreads of(Loop loop) {
    TriadToken token = TriadToken.current(); // makers of locals must not ask for others
    return loop.local(
        RunThreads.class,
        () -> {
          RunThreads made = new RunThreads(token);
          loop.atEnd(made::ended);
          return made;
        });
  }

  CapacityLimiter defaultLimiter() {
    return defaultLimiter;
  }

  TriadToken token() {
    return token;
  }

  ThreadCache cache() {
    return cache;
  }

  /** Takes threads from somewhere else. */
  void setCache(ThreadCache newCache) {
    cache = newCache;
  }

  // ---- calls into threads ----

  int active() {
    return active;
  }

  void callBegan() {
    active++;
  }

  void callEnded() {
    active--;
    if (active == 0) {
      awaitingNone.resumeAll();
    }
  }

  void awaitNone(Fiber fiber) {
    awaitingNone.await(new Waiter(fiber), "the end of all worker threads");
  }

  // ---- calls from threads ----

  void began(Errand<?> errand) {
    errands.add(errand);
  }

  void ended(Errand<?> errand) {
    errands.remove(errand);
  }

  /** After a fault of the runtime, tasks go on no more, but other threads must. */
  private void ended() {
    for (Errand<?> errand : List.copyOf(errands)) {
      errand.refuse();
    }
  }
}
