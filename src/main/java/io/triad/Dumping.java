package io.triad;

import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks runs what their tasks do: the caller's own directly, others by a message. */
final class Dumping {
  private static final long PATIENCE_NANOS = 1_000_000_000;

  /** One run's answer. It is waited for with patience until it is begun, and then to its end. */
  private static final class Answer {
    private final Run<?> run;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<TaskDump.RunPart> part = new CompletableFuture<>();

    Answer(Run<?> run) {
      this.run = run;
    }

    /** Runs on the loop, where nothing may be thrown. */
    void give() {
      begun.countDown();
      if (part.isDone()) {
        return; // nobody waits any more
      }
      try {
        part.complete(Snapshot.of(run, run.loop()));
      } catch (RuntimeException | Error e) {
        part.completeExceptionally(e);
      }
    }

    TaskDump.RunPart await(long patienceNanos) {
      try {
        if (begun.await(patienceNanos, TimeUnit.NANOSECONDS)) {
          return part.get();
        }
      } catch (ExecutionException e) {
        throw new TriadInternalError("the dump of a run failed", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the caller's concern; he gets what is known by now
      }
      part.cancel(false);
      return stalled(run.loop());
    }
  }

  private Dumping() {}

  static TaskDump dump() {
    if (Triad.inRun()) {
      Run<?> run = Run.current();
      return new TaskDump(Instant.now(), List.of(Snapshot.of(run, run.loop())));
    }
    return ask(PATIENCE_NANOS);
  }

  /** Asks all runs at once, and waits for their answers. */
  static TaskDump ask(long patienceNanos) {
    Instant time = Instant.now();
    List<Answer> asked = new ArrayList<>();
    for (Run<?> run : Run.active()) {
      Answer answer = new Answer(run);
      if (run.loop().offer(answer::give)) {
        asked.add(answer);
      }
    }
    long deadline = System.nanoTime() + patienceNanos;
    List<TaskDump.RunPart> parts = new ArrayList<>();
    asked.forEach(answer -> parts.add(answer.await(deadline - System.nanoTime())));
    return new TaskDump(time, parts);
  }

  private static TaskDump.RunPart stalled(Loop loop) {
    Fiber fiber = loop.glimpse();
    TaskDump.Stall stall =
        fiber == null
            ? new TaskDump.Stall(null, 0, List.of())
            : new TaskDump.Stall(
                fiber.toString(),
                fiber.thread().threadId(),
                new StackFilter().cleaned(fiber.thread().getStackTrace()));
    return new TaskDump.RunPart(loop.threadName(), "", stall, List.of());
  }
}
