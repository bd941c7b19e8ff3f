package io.triad.engine;

/** Sees the completions of one operation; on its loop's thread. */
public interface OperationWatcher {
  /**
   * Called before {@link Operation#completed}, with the same arguments.
   *
   * @param operation the operation
   * @param result a count, a descriptor, {@link Operation#CANCELED}, or an error as {@code -code}
   * @param more whether further completions will follow
   */
  void completed(Operation operation, int result, boolean more);
}
