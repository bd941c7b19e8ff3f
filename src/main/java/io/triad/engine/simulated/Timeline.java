package io.triad.engine.simulated;

import java.util.PriorityQueue;

/**
 * The time of a world and what will happen in it. Virtual time stands still until somebody goes on
 * with it; real time is {@link System#nanoTime}, read when somebody looks.
 */
final class Timeline {
  /** The time at which nothing happens. */
  static final long NEVER = Long.MAX_VALUE;

  /** What happens at one time happens in the order in which it was asked for. */
  private record Event(long time, long order, boolean timer, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return time != other.time ? Long.compare(time, other.time) : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final boolean virtual;
  private final long origin = System.nanoTime();
  private long count;
  private long now;
  private int onTheWay;

  /** The earliest event when somebody was last told of it. */
  private long announced = NEVER;

  Timeline(boolean virtual) {
    this.virtual = virtual;
  }

  boolean isVirtual() {
    return virtual;
  }

  /** Nanoseconds since the world was made. */
  long now() {
    return now;
  }

  /** Looks at the real time; of no effect on the virtual one. */
  void look() {
    if (!virtual) {
      now = System.nanoTime() - origin;
    }
  }

  /** Goes on to a time, but not back. */
  void advanceTo(long nanos) {
    assert virtual;
    now = Math.max(now, nanos);
  }

  /** Something is on its way and arrives at a time. */
  void at(long nanos, Runnable arrival) {
    events.add(new Event(Math.max(now, nanos), count++, false, arrival));
    onTheWay++;
  }

  /** Something is on its way and arrives after a delay. */
  void after(long delayNanos, Runnable arrival) {
    at(now + delayNanos, arrival);
  }

  /** Somebody waits for nothing to happen: a deadline of the network's own. */
  void timer(long delayNanos, Runnable action) {
    events.add(new Event(now + delayNanos, count++, true, action));
  }

  /** When the next thing happens, or {@link #NEVER}. */
  long next() {
    Event first = events.peek();
    return first == null ? NEVER : first.time;
  }

  /** Whether the next thing is an arrival. */
  boolean nextIsArrival() {
    Event first = events.peek();
    return first != null && !first.timer;
  }

  boolean anythingOnTheWay() {
    return onTheWay > 0;
  }

  /** Has everything happen that is due, and what that causes without delay. */
  void runDue() {
    while (next() <= now) {
      Event event = events.remove();
      if (!event.timer) {
        onTheWay--;
      }
      event.action.run();
    }
  }

  /** Whether the next thing is now earlier than when this was last asked. */
  boolean becameEarlier() {
    long next = next();
    boolean earlier = next < announced;
    announced = next;
    return earlier;
  }
}
