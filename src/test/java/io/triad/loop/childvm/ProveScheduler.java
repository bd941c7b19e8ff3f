package io.triad.loop.childvm;

import io.triad.loop.SchedulerAccess;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs one virtual thread on a loop of its own, and says which rung made that possible. */
public final class ProveScheduler {

  private ProveScheduler() {}

  /** Takes no arguments. */
  @SuppressWarnings("ThreadPriorityCheck") // To yield is to come back through the scheduler.
  public static void main(String[] arguments) throws InterruptedException {
    System.out.println("rung: " + SchedulerAccess.rung());
    QueueLoop loop = new QueueLoop();
    AtomicInteger onLoop = new AtomicInteger();
    Runnable body =
        () -> {
          for (int i = 0; i < 3; i++) {
            if (Thread.currentThread().isVirtual()
                && loop.isRunBy(SchedulerAccess.currentCarrier())) {
              onLoop.incrementAndGet();
            }
            Thread.yield();
          }
        };
    Thread virtual = SchedulerAccess.builder(loop).name("proof").unstarted(body);
    virtual.start();
    System.out.println("before the loop runs: " + onLoop);
    loop.runUntil(() -> !virtual.isAlive());
    System.out.println("steps on the loop thread: " + onLoop);
    System.out.println("name: " + virtual.getName());
    System.out.println(
        "a platform thread carries itself: "
            + loop.isRunBy(SchedulerAccess.currentCarrier()));
    System.out.println("null scheduler: " + refusalOfNull());
  }

  @SuppressWarnings("NullAway") // What happens to a null is the question.
  private static String refusalOfNull() {
    try {
      return "accepted by " + SchedulerAccess.builder(null);
    } catch (NullPointerException e) {
      return e.getClass().getSimpleName();
    }
  }
}
