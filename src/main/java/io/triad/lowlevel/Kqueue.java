package io.triad.lowlevel;

import io.triad.BusyResourceException;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.Task;
import io.triad.Triad;
import io.triad.engine.KernelEvents;
import io.triad.engine.Platform;
import io.triad.loop.Loop;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The kqueue(2) of a run, on macOS: events of the kernel of any kind, of processes, files, timers and
 * so on, for tasks to wait for (LOW-29, LOW-30). On other systems there is none, and {@link
 * #currentKqueue} says so.
 *
 * <p>The kernel is told by {@link #control} which events to report. What it reports goes to the task
 * that waits for this subject and filter, or to the monitor of the two, or nowhere. The queue is not the
 * one with which the run waits for its own descriptors, so nothing that is done here disturbs them.
 *
 * <pre>{@code
 * Kqueue kqueue = Kqueue.currentKqueue();
 * int process = kqueue.constant("EVFILT_PROC");
 * kqueue.control(new Kqueue.Event(
 *     pid, process, kqueue.constant("EV_ADD") | kqueue.constant("EV_ONESHOT"),
 *     kqueue.constant("NOTE_EXIT"), 0));
 * kqueue.waitKevent(pid, process, () -> AbortFunction.Result.SUCCEEDED);
 * }</pre>
 *
 * <p>All methods are for the thread of the run.
 */
public final class Kqueue {
  private final Loop loop;
  private final KernelEvents events;
  private final Map<Pair, Receiver> receivers = new HashMap<>();

  /** Of one kqueue, each has a single registration. */
  private record Pair(long subject, int filter) {}

  /** Who has the place of a pair. */
  private sealed interface Receiver {}

  /** A task that waits for one event. */
  private record Sleeper(Task task) implements Receiver {}

  /** A monitor. */
  private record Monitoring(KqueueMonitor monitor) implements Receiver {}

  /**
   * An event, or a change of what is reported: struct kevent of kqueue(2), without the data of the
   * user's own. The numbers are those of the system; see {@link #constant}.
   *
   * @param subject what it is about: a descriptor, a process, a signal, by the filter (ident)
   * @param filter what kind of event (EVFILT_…)
   * @param flags what is to be done, or what was seen (EV_…)
   * @param filterFlags what the filter makes of it (NOTE_…, fflags)
   * @param data depends on the filter
   */
  public record Event(long subject, int filter, int flags, int filterFlags, long data) {}

  /**
   * Figures about a kqueue; {@link #statistics}.
   *
   * @param tasksWaiting how many tasks are in {@link #waitKevent}
   * @param monitors how many monitors are open
   */
  public record Statistics(int tasksWaiting, int monitors) {}

  private Kqueue(Loop loop, KernelEvents events) {
    this.loop = loop;
    this.events = events;
    events.tell(this::occurred);
  }

  /**
   * Returns the kqueue of the run.
   *
   * @return the kqueue, always the same one in a run
   * @throws UnsupportedOperationException if the engine of the run is of another kind
   * @throws IllegalStateException outside of a run
   */
  public static Kqueue currentKqueue() {
    Loop loop = Loop.current();
    if (loop == null) {
      throw new IllegalStateException(
          "must be called from inside a run: inside Triad.run, on the thread of the run");
    }
    KernelEvents events = Facilities.require(loop, KernelEvents.class, "a kqueue of macOS");
    Readiness readiness = Readiness.of(loop);
    if (readiness.kqueue == null) {
      readiness.kqueue = new Kqueue(loop, events);
    }
    return readiness.kqueue;
  }

  /**
   * Returns the descriptor of the kqueue, for native calls. It belongs to the run.
   *
   * @return its number
   */
  public int descriptor() {
    return events.queue();
  }

  /**
   * Returns a number that the system's headers give a name.
   *
   * @param name {@code EVFILT_PROC}, {@code EV_ADD}, {@code NOTE_EXIT} for example
   * @return the number
   * @throws UnsupportedOperationException if the system has no such name
   */
  public int constant(String name) {
    OptionalInt number = loop.platform().constant(Objects.requireNonNull(name, "name"));
    return number.orElseThrow(
        () -> new UnsupportedOperationException("this system has no " + name));
  }

  /**
   * Changes which events are reported.
   *
   * @param change the change
   * @throws OsException if the system refuses it
   * @throws IllegalStateException if this is not the thread of the run; so do the other methods
   */
  public void control(Event change) throws OsException {
    requireOwnThread();
    int result =
        events.change(
            new KernelEvents.Event(
                change.subject(),
                change.filter(),
                change.flags(),
                change.filterFlags(),
                change.data()));
    if (result < 0) {
      Platform platform = loop.platform();
      throw new OsException(
          -result, platform.errorName(-result), "kevent", platform.errorMessage(-result));
    }
  }

  /**
   * Waits for one event that was asked for by {@link #control} before, with EV_ONESHOT: the place of the
   * pair is free as soon as the event has come. A checkpoint; never returns by itself.
   *
   * @param subject of which subject
   * @param filter with which filter
   * @param abortFunction takes the change back when the wait is cancelled
   * @return the event
   * @throws BusyResourceException if another task waits for the same, or a monitor is there
   * @throws ClosedResourceException if the subject is a descriptor that is being closed, by {@link
   *     Lowlevel#notifyClosing}
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  public Event waitKevent(long subject, int filter, AbortFunction abortFunction)
      throws ClosedResourceException {
    Objects.requireNonNull(abortFunction, "abortFunction");
    Pair pair = new Pair(subject, filter);
    Sleeper sleeper = new Sleeper(Triad.currentTask());
    enter(pair, sleeper);
    try {
      Object event =
          Lowlevel.waitTaskRescheduled(
              () -> {
                AbortFunction.Result result = abortFunction.abort();
                if (result == AbortFunction.Result.SUCCEEDED) {
                  receivers.remove(pair, sleeper); // an event that comes now would wake it again
                }
                return result;
              });
      assert event != null;
      return (Event) event;
    } finally {
      receivers.remove(pair, sleeper); // another may be there by now
    }
  }

  /**
   * Takes all events of one pair until the monitor is closed: those that come while nobody looks are
   * kept. The change that asks for them is the caller's, and so is the one that takes it back.
   *
   * @param subject of which subject
   * @param filter with which filter
   * @return the monitor, to be closed
   * @throws BusyResourceException if a task waits for the same, or another monitor is there
   */
  public KqueueMonitor monitorKevent(long subject, int filter) {
    Pair pair = new Pair(subject, filter);
    KqueueMonitor monitor =
        new KqueueMonitor(
            () -> {
              requireOwnThread();
              receivers.remove(pair);
            });
    enter(pair, new Monitoring(monitor));
    return monitor;
  }

  /**
   * Returns figures about this kqueue at this instant.
   *
   * @return the figures
   */
  public Statistics statistics() {
    int monitors = 0;
    for (Receiver receiver : receivers.values()) {
      if (receiver instanceof Monitoring) {
        monitors++;
      }
    }
    return new Statistics(receivers.size() - monitors, monitors);
  }

  private void requireOwnThread() {
    if (!loop.onLoop()) {
      throw new IllegalStateException("a kqueue is for the thread of its run");
    }
  }

  private void enter(Pair pair, Receiver receiver) {
    requireOwnThread();
    if (receivers.putIfAbsent(pair, receiver) != null) {
      throw new BusyResourceException(
          "another task listens for the same kevent already: subject "
              + pair.subject
              + ", filter "
              + pair.filter);
    }
  }

  private void occurred(KernelEvents.Event seen) {
    Event event =
        new Event(
            seen.subject(), seen.filter(), seen.flags(), seen.filterFlags(), seen.data());
    Pair pair = new Pair(event.subject, event.filter);
    switch (receivers.get(pair)) {
      case Sleeper sleeper -> {
        receivers.remove(pair);
        Lowlevel.reschedule(sleeper.task, event);
      }
      case Monitoring monitoring -> monitoring.monitor.occurred(event);
      case null -> {} // nobody is there any more, and whoever comes asks anew
    }
  }

  /** {@link Lowlevel#notifyClosing}: wakes the tasks; a monitor cannot be told. */
  void notifyClosing(int descriptor) {
    closing(new Pair(descriptor, constant("EVFILT_READ")));
    closing(new Pair(descriptor, constant("EVFILT_WRITE")));
  }

  private void closing(Pair pair) {
    switch (receivers.get(pair)) {
      case Sleeper sleeper -> {
        receivers.remove(pair);
        Lowlevel.rescheduleThrowing(
            sleeper.task, new ClosedResourceException("another task closed this descriptor"));
      }
      case Monitoring _ ->
          throw new UnsupportedOperationException(
              "descriptor " + pair.subject + " cannot be closed while a monitor of it is open");
      case null -> {}
    }
  }
}
