package io.triad.loop;

/** What a fiber does, and that knows its fiber. */
public interface FiberBody extends Runnable {
  /** Called once, before anything else. */
  void setFiber(Fiber fiber);

  /** Called as the last thing on the fiber's thread, after its {@link EndHook hooks}. */
  void ended();

  /** The fiber that does it. */
  Fiber fiber();
}
