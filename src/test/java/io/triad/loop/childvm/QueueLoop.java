package io.triad.loop.childvm;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The simplest loop: a queue, and the one thread that runs what is in it. */
final class QueueLoop implements Executor {

  private static final long STALL_SECONDS = 30;

  private final Thread thread = Thread.currentThread();
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();

  /** Tells whether {@code carrier} is the thread that made the loop, and has to run it. */
  @SuppressWarnings("ReferenceEquality") // A thread is itself and nothing else.
  boolean isRunBy(Thread carrier) {
    return carrier == thread;
  }

  @Override
  public void execute(Runnable task) {
    queue.add(task);
  }

  /** Runs tasks until {@code done}, which is asked after each of them. */
  void runUntil(BooleanSupplier done) throws InterruptedException {
    if (!isRunBy(Thread.currentThread())) {
      throw new IllegalStateException("not the thread of the loop");
    }
    while (!done.getAsBoolean()) {
      Runnable task = queue.poll(STALL_SECONDS, TimeUnit.SECONDS);
      if (task == null) {
        throw new IllegalStateException("nothing to run for " + STALL_SECONDS + " s");
      }
      task.run();
    }
  }
}
