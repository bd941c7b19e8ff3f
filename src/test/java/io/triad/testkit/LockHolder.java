package io.triad.testkit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;

/** A thread that Triad knows nothing of, and that holds a lock until it is told to let go. */
public final class LockHolder {
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Thread thread;

  private LockHolder(Lock lock) {
    thread =
        Thread.ofPlatform()
            .unstarted(
                () -> {
                  lock.lock();
                  try {
                    held.countDown();
                    release.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  } finally {
                    lock.unlock();
                  }
                });
  }

  /** Starts a thread that holds this lock; returns when it does. */
  public static LockHolder of(Lock lock) throws InterruptedException {
    LockHolder holder = new LockHolder(lock);
    holder.thread.start();
    holder.held.await();
    return holder;
  }

  /** Has the thread let go of the lock and end. */
  public void release() {
    release.countDown();
  }

  /** Waits until the thread has ended. */
  public void join() throws InterruptedException {
    thread.join();
  }
}
