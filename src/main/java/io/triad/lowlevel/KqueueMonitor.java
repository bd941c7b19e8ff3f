package io.triad.lowlevel;

import io.triad.ClosedResourceException;
import io.triad.Triad;
import java.util.ArrayDeque;

/**
 * All events of one subject and filter at the kqueue of a run; {@link Kqueue#monitorKevent}. Events
 * wait here without bound until they are taken. For the thread of the run.
 */
public final class KqueueMonitor implements AutoCloseable {
  private final Runnable free;
  private final ArrayDeque<Kqueue.Event> events = new ArrayDeque<>();
  private final ParkingLot waiters = new ParkingLot();
  private boolean closed;

  /** Makes one that does something once when it is closed. */
  KqueueMonitor(Runnable free) {
    this.free = free;
  }

  void occurred(Kqueue.Event event) {
    events.add(event);
    waiters.unpark();
  }

  /**
   * Takes the oldest event, or waits for one. A checkpoint; a cancelled task takes nothing.
   *
   * @return the event
   * @throws ClosedResourceException if this was closed, also meanwhile
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException outside of a task
   */
  public Kqueue.Event receive() throws ClosedResourceException {
    Triad.checkpointIfCancelled();
    boolean slept = false;
    while (!closed && events.isEmpty()) {
      waiters.park();
      slept = true; // another task may have been quicker: then there is nothing yet
    }
    if (closed) {
      throw new ClosedResourceException("this monitor is closed");
    }
    Kqueue.Event event = events.remove();
    if (!slept) {
      Triad.cancelShieldedCheckpoint();
    }
    return event;
  }

  /**
   * Frees the place of subject and filter. Events that are here or still to come are dropped, and who
   * waits for one gets a {@link ClosedResourceException}. A second time does nothing.
   *
   * @throws IllegalStateException if this is not the thread of the run
   */
  @Override
  public void close() {
    if (!closed) {
      free.run();
      closed = true;
      events.clear();
      waiters.unparkAll();
    }
  }
}
