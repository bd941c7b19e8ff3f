package io.triad;

/** What is done inside a nursery. */
@FunctionalInterface
public interface NurseryAction {
  /**
   * Does it.
   *
   * @param nursery starts tasks
   * @throws Exception if it fails; the nursery then cancels its tasks and reports it in a group
   */
  void run(Nursery nursery) throws Exception;
}
