package io.triad.bench;

import io.triad.CancelScope;
import io.triad.Nursery;
import io.triad.Triad;
import io.triad.sync.Lock;
import io.triad.sync.MemoryChannel;
import io.triad.sync.MemoryReceiveChannel;
import io.triad.sync.MemorySendChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the core costs beside what the JDK offers for the same purpose, both in one table: {@code
 * xTriad} and {@code xJdk} are a pair. {@code ci/bench-core} prints the ratios. Virtual threads of the
 * JDK have one carrier thread, as the tasks of a run have.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--enable-native-access=ALL-UNNAMED",
      "--enable-preview",
      "-Djdk.virtualThreadScheduler.parallelism=1"
    })
public class CoreBenchmark {
  private static final int STEPS = 200_000;
  private static final int CHILDREN = 10;
  private static final int NURSERIES = STEPS / CHILDREN;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  // ---- two that take turns ----

  /** A checkpoint of two tasks that alternate. */
  @Benchmark
  @OperationsPerInvocation(2 * STEPS)
  public void checkpointTriad() {
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              nursery.startSoon(CoreBenchmark::checkpoints);
              nursery.startSoon(CoreBenchmark::checkpoints);
            }));
  }

  private static void checkpoints() {
    for (int i = 0; i < STEPS; i++) {
      Triad.checkpoint();
    }
  }

  /** A yield of two virtual threads that alternate. */
  @Benchmark
  @OperationsPerInvocation(2 * STEPS)
  public void checkpointJdk() throws InterruptedException {
    Thread first = Thread.ofVirtual().unstarted(CoreBenchmark::yields);
    Thread second = Thread.startVirtualThread(
        () -> {
          first.start();
          yields();
        });
    first.join();
    second.join();
  }

  private static void yields() {
    for (int i = 0; i < STEPS; i++) {
      Thread.yield();
    }
  }

  /** A checkpoint of the only task. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void checkpointAloneTriad() {
    Triad.run(() -> checkpoints());
  }

  /** A yield of the only virtual thread. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void checkpointAloneJdk() throws InterruptedException {
    onVirtualThread(CoreBenchmark::yields);
  }

  // ---- starting ----

  /** A task is started, and its nursery waits for it. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void spawnAndJoinTriad() {
    Triad.run(
        () -> {
          for (int i = 0; i < STEPS; i++) {
            Nursery.open(nursery -> nursery.startSoon(() -> {}));
          }
        });
  }

  /** A virtual thread is started and joined by another one. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void spawnAndJoinJdk() throws InterruptedException {
    onVirtualThread(
        () -> {
          for (int i = 0; i < STEPS; i++) {
            Thread.startVirtualThread(() -> {}).join();
          }
        });
  }

  /** A nursery with ten tasks. */
  @Benchmark
  @OperationsPerInvocation(NURSERIES)
  public void nurseryOfTenTriad() {
    Triad.run(
        () -> {
          for (int i = 0; i < NURSERIES; i++) {
            Nursery.open(
                nursery -> {
                  for (int child = 0; child < CHILDREN; child++) {
                    nursery.startSoon(() -> {});
                  }
                });
          }
        });
  }

  /** A structured scope with ten threads. */
  @Benchmark
  @OperationsPerInvocation(NURSERIES)
  public void nurseryOfTenJdk() throws InterruptedException {
    onVirtualThread(
        () -> {
          for (int i = 0; i < NURSERIES; i++) {
            try (var scope = StructuredTaskScope.open()) {
              for (int child = 0; child < CHILDREN; child++) {
                scope.fork(() -> {});
              }
              scope.join();
            }
          }
        });
  }

  // ---- deadlines ----

  /** A scope with a deadline that does not pass. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void deadlineTriad() {
    Triad.run(
        () -> {
          for (int i = 0; i < STEPS; i++) {
            CancelScope.open(scope -> scope.setTimeout(MINUTE));
          }
        });
  }

  /** A timer that is set and cancelled. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void deadlineJdk() throws InterruptedException {
    ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    timers.setRemoveOnCancelPolicy(true);
    onVirtualThread(
        () -> {
          for (int i = 0; i < STEPS; i++) {
            timers.schedule(() -> {}, MINUTE.toNanos(), TimeUnit.NANOSECONDS).cancel(false);
          }
        });
    timers.shutdownNow();
  }

  // ---- passing something on ----

  /** An object goes from a task to another one that waits for it. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void channelHopTriad() {
    Triad.run(
        () -> {
          MemoryChannel<Integer> channel = MemoryChannel.open(0);
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> sendAll(channel.sender()));
                nursery.startSoon(() -> receiveAll(channel.receiver()));
              });
        });
  }

  private static void sendAll(MemorySendChannel<Integer> sender) throws Exception {
    for (int i = 0; i < STEPS; i++) {
      sender.send(1);
    }
  }

  private static void receiveAll(MemoryReceiveChannel<Integer> receiver) throws Exception {
    for (int i = 0; i < STEPS; i++) {
      receiver.receive();
    }
  }

  /** An object goes from a virtual thread to another one that waits for it. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public void channelHopJdk() throws InterruptedException {
    SynchronousQueue<Integer> queue = new SynchronousQueue<>();
    Thread receiver = startVirtualThread(
        () -> {
          for (int i = 0; i < STEPS; i++) {
            queue.take();
          }
        });
    onVirtualThread(
        () -> {
          for (int i = 0; i < STEPS; i++) {
            queue.put(1);
          }
        });
    receiver.join();
  }

  // ---- locks ----

  /** A lock that nobody else wants. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int lockTriad() {
    Lock lock = new Lock();
    return Triad.run(
        () -> {
          int inside = 0;
          for (int i = 0; i < STEPS; i++) {
            lock.acquire();
            inside++;
            lock.release();
          }
          return inside;
        });
  }

  /** A lock of the JDK that nobody else wants. */
  @Benchmark
  @OperationsPerInvocation(STEPS)
  public int lockJdk() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    int[] inside = new int[1];
    onVirtualThread(
        () -> {
          int count = 0;
          for (int i = 0; i < STEPS; i++) {
            lock.lock();
            count++;
            lock.unlock();
          }
          inside[0] = count;
        });
    return inside[0];
  }

  // ---- virtual threads of the JDK ----

  private interface Step {
    void run() throws InterruptedException;
  }

  private static void onVirtualThread(Step body) throws InterruptedException {
    startVirtualThread(body).join();
  }

  private static Thread startVirtualThread(Step body) {
    return Thread.startVirtualThread(
        () -> {
          try {
            body.run();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
