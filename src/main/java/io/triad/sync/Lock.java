package io.triad.sync;

/**
 * Held by at most one task at a time; the others wait in the order of their coming (CORE-66).
 *
 * <p>Tasks of a run switch only at checkpoints, so a lock is needed only around code that contains
 * one: a request and its answer on one connection, for example. It is not re-entrant, and only the
 * task that has it may release it. If that task ends first, the lock is broken for good, and whoever
 * waits or comes later gets a {@link io.triad.BrokenLockException} that names the task (CORE-67).
 *
 * <pre>{@code
 * try (var _ = lock.hold()) {
 *   stream.sendAll(request);
 *   answer = stream.receiveSome();
 * }
 * }</pre>
 *
 * <p>For tasks of one run. A block that finds the lock free, and leaves it so, allocates nothing.
 */
public final class Lock extends FairLock {
  /** Makes a lock that nobody holds. */
  public Lock() {}
}
