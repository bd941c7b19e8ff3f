package io.triad.loop.childvm;

import io.triad.loop.SchedulerAccess;

/** Climbs the rungs on a virtual thread of the JDK's own scheduler. */
public final class FirstUseOnVirtualThread {

  private FirstUseOnVirtualThread() {}

  /** Takes no arguments. */
  @SuppressWarnings("ReferenceEquality") // A thread is itself and nothing else.
  public static void main(String[] arguments) throws InterruptedException {
    Thread.ofVirtual()
        .start(
            () -> {
              System.out.println("rung: " + SchedulerAccess.rung());
              Thread carrier = SchedulerAccess.currentCarrier();
              System.out.println("carrier is virtual: " + carrier.isVirtual());
              System.out.println(
                  "carrier is the current thread: " + (carrier == Thread.currentThread()));
            })
        .join();
  }
}
