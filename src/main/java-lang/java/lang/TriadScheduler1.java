package java.lang;

import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes builders of virtual threads with a scheduler of the caller's choice, and tells which
 * platform thread carries the current virtual thread.
 *
 * <p>This class is no part of the JDK. Triad defines it in {@code java.lang}, in the boot class
 * loader, because the two things it reaches are package-private there: the constructor of {@code
 * ThreadBuilders.VirtualThreadBuilder} that takes an executor, and {@link
 * Thread#currentCarrierThread()}. Why and how is told in {@code io.triad.loop.SchedulerAccess}.
 *
 * <p>Every copy of Triad in a virtual machine shares the first definition, whichever version of
 * Triad made it. So what it does never changes: a change of behaviour takes a new class with the
 * next number at the end of its name. It refers to nothing outside {@code java.base}, and its
 * callers know it by the two interfaces only.
 */
public final class TriadScheduler1
    implements Function<Executor, Thread.Builder.OfVirtual>, Supplier<Thread> {

  /** Makes an instance; it has no state. */
  public TriadScheduler1() {}

  /**
   * Returns a builder of virtual threads that {@code scheduler} runs.
   *
   * @throws NullPointerException if {@code scheduler} is null
   * @throws UnsupportedOperationException if this virtual machine has no continuations
   */
  @Override
  public Thread.Builder.OfVirtual apply(Executor scheduler) {
    return new ThreadBuilders.VirtualThreadBuilder(scheduler);
  }

  /** Returns the carrier of the current virtual thread, or the current platform thread itself. */
  @Override
  public Thread get() {
    return Thread.currentCarrierThread();
  }
}
