package io.triad.loop;

import org.jspecify.annotations.Nullable;

/**
 * Something to be done when a fiber ends. It hangs in an intrusive list of that fiber, so adding and
 * removing costs a few stores; a primitive that is held by a fiber is its own hook.
 */
public abstract class EndHook {
  @Nullable EndHook previousHook;
  @Nullable EndHook nextHook;

  /** Called on the loop as the last thing that the fiber does; must neither block nor throw. */
  protected abstract void ended(Fiber fiber);
}
