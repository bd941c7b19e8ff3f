package io.triad.loop.childvm;

import io.triad.loop.SchedulerAccess;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** Sixteen threads use the scheduler access for the first time, at the same time. */
public final class RaceFirstUse {

  private static final int THREADS = 16;

  private RaceFirstUse() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    Map<String, Integer> outcomes = new TreeMap<>();
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      threads[i] =
          new Thread(
              () -> {
                String outcome = outcome(start);
                synchronized (outcomes) {
                  outcomes.merge(outcome, 1, Integer::sum);
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println(outcomes);
  }

  private static String outcome(CyclicBarrier start) {
    try {
      start.await();
      QueueLoop loop = new QueueLoop();
      boolean[] onLoop = new boolean[1];
      Thread virtual =
          SchedulerAccess.builder(loop)
              .start(() -> onLoop[0] = loop.isRunBy(SchedulerAccess.currentCarrier()));
      loop.runUntil(() -> !virtual.isAlive());
      return SchedulerAccess.rung() + (onLoop[0] ? " on its loop" : " elsewhere");
    } catch (InterruptedException | BrokenBarrierException | RuntimeException e) {
      return e.toString();
    }
  }
}
