package io.triad.loop.childvm;

import io.triad.loop.SchedulerAccess;
import java.util.concurrent.locks.LockSupport;

/**
 * Parks many virtual threads on one loop, collects garbage while all are parked, wakes them.
 *
 * <p>The counters are plain fields on purpose: they are right only if one thread at a time runs.
 */
public final class ManyThreads {

  private final QueueLoop loop = new QueueLoop();
  private int parked;
  private int finished;
  private int strayed;
  private boolean awake;

  private ManyThreads() {}

  /** Takes the number of threads. */
  public static void main(String[] arguments) throws InterruptedException {
    new ManyThreads().run(Integer.parseInt(arguments[0]));
  }

  private void run(int count) throws InterruptedException {
    Thread.Builder.OfVirtual builder = SchedulerAccess.builder(loop).name("task-", 0);
    Thread[] threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      threads[i] = builder.start(this::parkOnce);
    }
    loop.runUntil(() -> parked == count);
    System.gc();
    awake = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    loop.runUntil(() -> finished == count);
    System.out.println(
        "parked " + parked + ", finished " + finished + ", off the loop thread " + strayed);
  }

  private void parkOnce() {
    checkCarrier();
    parked++;
    while (!awake) {
      LockSupport.park();
    }
    checkCarrier();
    finished++;
  }

  private void checkCarrier() {
    if (!loop.isRunBy(SchedulerAccess.currentCarrier())) {
      strayed++;
    }
  }
}
