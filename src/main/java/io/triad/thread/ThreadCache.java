package io.triad.thread;

import io.triad.Body;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads for what blocks, used again and again. A thread that has had nothing to do for a while
 * ends; there is no other bound to their number, that is up to limiters.
 *
 * <p>They are platform threads. What is sent here blocks in the operating system or computes for long,
 * and would hold the carrier of a virtual thread all the same, of which the JDK has one per
 * processor for everybody. They are daemons, because a virtual machine that wants to end need not wait
 * for what nobody waits for.
 *
 * <p>A thread counts as idle from the moment its work is done, before the outcome is delivered: what
 * the delivery sets off may then be given to this very thread, and no second one is made where one
 * is enough. Of several idle threads the one that was busy last gets the work: its caches are warm,
 * and the others are left to end.
 *
 * <p>All methods are for any thread and take no lock.
 */
final class ThreadCache {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The one of this process. */
  static final ThreadCache SHARED =
      new ThreadCache(
          IDLE_NANOS,
          Thread.ofPlatform()
              .daemon()
              .inheritInheritableThreadLocals(false) // nothing of whoever happens to be the first
              .name("triad-worker-", 0)
              .factory());

  private final ConcurrentLinkedDeque<Worker> idle = new ConcurrentLinkedDeque<>();
  private final long idleNanos;
  private final ThreadFactory factory;

  /**
   * Makes an empty cache.
   *
   * @param idleNanos how long a thread lives without work
   * @param factory makes the threads
   */
  ThreadCache(long idleNanos, ThreadFactory factory) {
    this.idleNanos = idleNanos;
    this.factory = factory;
  }

  /**
   * Starts work on a thread.
   *
   * @param name what the thread is called meanwhile
   * @param body what to do
   * @param delivery gets to know afterwards how it ended, on the same thread
   * @throws OutOfMemoryError if the system has no thread left
   */
  <T extends @Nullable Object> void start(
      String name, Body<T, ? extends Exception> body, Consumer<? super Outcome<T>> delivery) {
    Job<?> job =
        new Job<>(name, body, delivery, Thread.currentThread().getContextClassLoader());
    Worker worker = idle.pollFirst();
    if (worker == null) {
      new Worker(job).start();
    } else {
      worker.give(job);
    }
  }

  private record Job<T extends @Nullable Object>(
      String name,
      Body<T, ? extends Exception> body,
      Consumer<? super Outcome<T>> delivery,
      @Nullable ClassLoader loader) {}

  /**
   * A thread of the cache.
   *
   * <pre>
   * state   in idle   job    left by
   * ────────────────────────────────────────────────────────────────────────────
   * busy    no        null   the worker, when its work is done: enters idle
   * idle    yes       null   start, which takes it out; the worker, when it is tired of waiting
   * chosen  no        null   start, which gives it a job
   * given   no        set    the worker, which takes the job
   * </pre>
   *
   * <p>Whoever takes the worker out of the deque has it. A tired worker that does not find itself there
   * was chosen, and waits for its job.
   */
  private final class Worker implements Runnable {
    private final Thread thread = factory.newThread(this);
    private final String idleName = thread.getName();
    private volatile @Nullable Job<?> job;

    Worker(Job<?> first) {
      job = first;
    }

    void start() {
      thread.start();
    }

    void give(Job<?> next) {
      job = next;
      LockSupport.unpark(thread);
    }

    @Override
    public void run() {
      do {
        perform(takeJob());
      } while (awaitJob());
    }

    private Job<?> takeJob() {
      Job<?> taken = Objects.requireNonNull(job);
      job = null;
      return taken;
    }

    private <T extends @Nullable Object> void perform(Job<T> mine) {
      thread.setName(mine.name);
      thread.setContextClassLoader(mine.loader);
      Outcome<T> how = Outcome.of(mine.body);
      thread.setName(idleName);
      thread.setContextClassLoader(ClassLoader.getSystemClassLoader()); // keeps no other one alive
      idle.addFirst(this);
      try {
        mine.delivery.accept(how);
      } catch (Throwable uncaught) {
        report(uncaught);
      }
    }

    /** An error here must not end the thread: somebody may have chosen it already. */
    private void report(Throwable uncaught) {
      try {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, uncaught);
      } catch (Throwable _) {
        // The virtual machine ignores what a handler throws, too.
      }
    }

    /** Waits for the next job; false if there was none for long. */
    private boolean awaitJob() {
      long began = System.nanoTime();
      boolean tired = false;
      Thread.interrupted(); // was meant for the job, and parking would not wait
      while (job == null) {
        if (tired) {
          LockSupport.park(this);
        } else {
          long left = idleNanos - (System.nanoTime() - began);
          if (left <= 0) {
            if (idle.remove(this)) {
              return false;
            }
            tired = true;
          } else {
            LockSupport.parkNanos(this, left);
          }
        }
        Thread.interrupted();
      }
      return true;
    }
  }
}
