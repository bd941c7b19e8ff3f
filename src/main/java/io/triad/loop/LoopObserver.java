package io.triad.loop;

/**
 * Sees what a loop does, on the loop's thread. Must neither block nor throw, and must not start,
 * resume or cancel fibers.
 */
public interface LoopObserver {
  /** A fiber was made. */
  void spawned(Fiber fiber);

  /** A fiber is going to run in the next pass. */
  void scheduled(Fiber fiber);

  /** The turn of a fiber has come. */
  void beforeStep(Fiber fiber);

  /** A fiber has gone to sleep, has yielded, or has ended. */
  void afterStep(Fiber fiber);

  /** A fiber has ended. */
  void exited(Fiber fiber);

  /** The loop looks for events, and waits at most so many nanoseconds for one. */
  void beforeWait(long timeoutNanos);

  /** The loop has looked for events. */
  void afterWait(long timeoutNanos);
}
