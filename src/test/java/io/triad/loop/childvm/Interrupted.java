package io.triad.loop.childvm;

import io.triad.KeyboardInterrupt;
import io.triad.Triad;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sends itself SIGINT, and says what comes of it. */
public final class Interrupted {
  private Interrupted() {}

  /** Takes what to do: {@code leave}, {@code catch} or {@code ignore}. */
  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "leave" -> interruptedRun();
      case "catch" -> catchAndDieOfTheNext();
      case "ignore" -> Triad.run(Interrupted::ignoreAll);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void interruptedRun() throws IOException {
    Triad.run(
        () -> {
          try {
            interruptMyself();
            Triad.sleepForever();
          } finally {
            Triad.cancelShieldedCheckpoint();
            System.out.println("cleaned up");
          }
        });
  }

  private static void catchAndDieOfTheNext() throws IOException {
    try {
      interruptedRun();
    } catch (KeyboardInterrupt caught) {
      System.out.println("caught");
    }
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> System.out.println("ended by the virtual machine")));
    interruptMyself();
    block();
  }

  /** Without a checkpoint. The signals of the first second are one, whose delivery is due. */
  private static void ignoreAll() throws IOException {
    long began = System.nanoTime();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> System.out.println(
                    System.nanoTime() - began >= Duration.ofSeconds(1).toNanos()
                        ? "ended by the virtual machine"
                        : "too soon")));
    for (;;) {
      interruptMyself();
      long sent = System.nanoTime();
      while (System.nanoTime() - sent < Duration.ofMillis(200).toNanos()) {
        Thread.onSpinWait();
      }
    }
  }

  private static void block() {
    for (;;) {
      LockSupport.park();
    }
  }

  private static void interruptMyself() throws IOException {
    new ProcessBuilder("sh", "-c", "kill -INT " + ProcessHandle.current().pid()).start();
  }
}
