package io.triad.loop;

import io.triad.engine.Engine;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine without a kernel: it waits, is woken, and notes how long it was told to wait. */
final class FakeEngine implements Engine {
  final List<Long> timeouts = new ArrayList<>();
  final AtomicInteger wakeUps = new AtomicInteger();
  private final Semaphore wakeUp = new Semaphore(0);
  private Runnable atNextWait = () -> {};

  /** A system that is not called in these tests. */
  static Platform platform() {
    return (Platform) Proxy.newProxyInstance(
        FakeEngine.class.getClassLoader(),
        new Class<?>[] {Platform.class},
        (_, method, _) -> {
          throw new UnsupportedOperationException(method.getName());
        });
  }

  /** Does something when the loop is about to wait for the first time from now. */
  void atNextWait(Runnable action) {
    atNextWait = action;
  }

  @Override
  public boolean poll(long timeoutNanos) {
    timeouts.add(timeoutNanos);
    if (timeoutNanos == 0) {
      return wakeUp.tryAcquire();
    }
    Runnable action = atNextWait;
    atNextWait = () -> {};
    action.run();
    try {
      return wakeUp.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void wake() {
    wakeUps.incrementAndGet();
    wakeUp.release();
  }

  @Override
  public void submit(Operation operation) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void cancel(Operation operation) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void cancelAll() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int operationsInFlight() {
    return 0;
  }

  @Override
  public int buffersLent() {
    return 0;
  }

  @Override
  public boolean buffersAreScarce() {
    return false;
  }

  @Override
  public List<String> describe() {
    return List.of();
  }

  @Override
  public void close() {}
}
