package io.triad.sync;

/**
 * A lock that promises to be given to tasks exactly in the order in which they asked, for programs
 * that are only correct then: several tasks that write parts of one message in turn, for example
 * (CORE-66).
 *
 * <p>{@link Lock} is fair as well today, but promises no more than that nobody starves. A {@link
 * Condition} accepts only a plain {@link Lock}: a task that waits there gives up its place, which is
 * not what this class promises.
 *
 * <p>For tasks of one run.
 */
public final class StrictFifoLock extends FairLock {
  /** Makes a lock that nobody holds. */
  public StrictFifoLock() {}
}
