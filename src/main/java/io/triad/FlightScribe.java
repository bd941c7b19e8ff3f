package io.triad;

import io.triad.loop.SchedulerAccess;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Event;
import org.jspecify.annotations.Nullable;

/**
 * Writes events. On the thread of a loop, outside of its tasks, it does so on a virtual thread of its
 * own, which that thread carries meanwhile.
 *
 * <p>The reason is a fault of HotSpot in JDK 25. All that a platform thread carries shares its {@code
 * jdk.jfr.internal.event.EventWriter}. When another thread takes the writer over, code that is not
 * compiled yet stores whether that one is virtual into the field {@code valid}, where it has no
 * business (it belongs into {@code pinVirtualThread}). For a platform thread that is false, and {@code
 * endEvent} throws the event away and sets the field right. So of what the loop itself writes, the
 * first event after each one that a task has written would be lost. Virtual threads lose none.
 */
final class FlightScribe implements Runnable {
  private static final ThreadLocal<@Nullable FlightScribe> OF_LOOP = new ThreadLocal<>();

  /** Resumed where it is made runnable: on the loop's thread, if the recorder has no lock taken. */
  private final Thread thread =
      SchedulerAccess.builder(Runnable::run).name("triad flight scribe").unstarted(this);

  private volatile @Nullable Event event;
  private volatile boolean closed;

  private FlightScribe() {
    thread.start();
  }

  /** Writes an event, whose end must have been set if it has a beginning; any thread. */
  static void write(Event event) {
    if (Thread.currentThread().isVirtual()) {
      event.commit();
      return;
    }
    FlightScribe scribe = OF_LOOP.get();
    if (scribe == null) {
      scribe = new FlightScribe();
      OF_LOOP.set(scribe);
    }
    scribe.commit(event);
  }

  /** Gives up the virtual thread of the calling one, which has written the last event of a run. */
  static void close() {
    FlightScribe scribe = OF_LOOP.get();
    if (scribe != null) {
      OF_LOOP.remove();
      scribe.closed = true;
      LockSupport.unpark(scribe.thread);
    }
  }

  private void commit(Event given) {
    event = given;
    LockSupport.unpark(thread);
    while (event != null) {
      Thread.onSpinWait(); // it waited for a lock of the recorder, and goes on on another thread
    }
  }

  /** The life of the virtual thread. */
  @Override
  public void run() {
    while (!closed) {
      Event given = event;
      if (given != null) {
        try {
          given.commit();
        } finally {
          event = null;
        }
      }
      LockSupport.park();
    }
  }
}
