package io.triad.engine;

import org.jspecify.annotations.Nullable;

/**
 * Sees what the engines of all runs of this process do. There is one or none; without one, an
 * operation costs the look at a field.
 *
 * <p>Called on the loops' threads, by several at a time; must neither block nor throw, and must not
 * submit or cancel anything.
 */
public abstract class EngineWatcher {
  private static volatile @Nullable EngineWatcher installed;

  /** Has somebody look on from now on, or nobody; any thread. */
  public static void install(@Nullable EngineWatcher watcher) {
    installed = watcher;
  }

  static @Nullable EngineWatcher installed() {
    return installed;
  }

  /** For engines: data has come for an operation, and there was no buffer to put it into. */
  public static void noBufferFor(Operation receive, int lent, boolean waits) {
    EngineWatcher watcher = installed;
    if (watcher != null) {
      watcher.buffersRanOut(receive, lent, waits);
    }
  }

  /**
   * An operation goes in flight.
   *
   * @return who is to be told of its completions; null for nobody
   */
  protected abstract @Nullable OperationWatcher submitted(Operation operation);

  /**
   * Data has come for an operation, and there was no buffer to put it into.
   *
   * @param receive the operation
   * @param lent how many buffers are lent out
   * @param waits whether it waits until one is given back; if not, more are made
   */
  protected abstract void buffersRanOut(Operation receive, int lent, boolean waits);
}
