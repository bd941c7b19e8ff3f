package io.triad.bench;

import io.triad.Nursery;
import io.triad.Triad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * What a task costs that does nothing but wait: starts many, and prints the live heap and the
 * resident memory that each of them adds. {@code triad N} or {@code jdk N}; run it alone, with {@code
 * -XX:+UseSerialGC}, whose resident memory says what is used.
 */
public final class ParkedTasks {
  private ParkedTasks() {}

  /** Starts the tasks; see the class. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[1]);
    boolean triad = arguments[0].equals("triad");
    measure(triad, 1000); // classes, stacks and queues that come with the first tasks
    long[] added = measure(triad, count);
    System.out.printf(
        "{\"kind\": \"%s\", \"tasks\": %d, \"heapBytesPerTask\": %.1f, \"residentBytesPerTask\":"
            + " %.1f, \"startMillis\": %d}%n",
        arguments[0], count, (double) added[0] / count, (double) added[1] / count, added[2]);
  }

  private static long[] measure(boolean triad, int count) throws Exception {
    return triad ? onTriad(count) : onJdk(count);
  }

  private static long[] onTriad(int count) {
    return Triad.run(
        () -> Nursery.call(
            nursery -> {
              Triad.checkpoint();
              Memory before = Memory.now();
              long began = System.nanoTime();
              for (int i = 0; i < count; i++) {
                nursery.startSoon(Triad::sleepForever);
              }
              Triad.sleep(java.time.Duration.ofNanos(1)); // all of them run before this returns
              long millis = (System.nanoTime() - began) / 1_000_000;
              long[] added = Memory.now().since(before, millis);
              nursery.cancelScope().cancel();
              return added;
            }));
  }

  private static long[] onJdk(int count) throws Exception {
    Memory before = Memory.now();
    long began = System.nanoTime();
    CountDownLatch started = new CountDownLatch(count);
    List<Thread> threads = new ArrayList<>(count);
    boolean[] over = new boolean[1];
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                started.countDown();
                while (!over[0]) {
                  LockSupport.park();
                }
              }));
    }
    started.await();
    long millis = (System.nanoTime() - began) / 1_000_000;
    long[] added = Memory.now().since(before, millis);
    over[0] = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return added;
  }

  /** What is in use at an instant. */
  private record Memory(long heap, long resident) {
    static Memory now() throws IOException {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      Runtime runtime = Runtime.getRuntime();
      return new Memory(runtime.totalMemory() - runtime.freeMemory(), residentBytes());
    }

    long[] since(Memory before, long millis) {
      return new long[] {heap - before.heap, resident - before.resident, millis};
    }

    /** proc_pid_status(5); 0 where there is none. */
    private static long residentBytes() throws IOException {
      Path status = Path.of("/proc/self/status");
      if (!Files.exists(status)) {
        return 0;
      }
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
      return 0;
    }
  }
}
