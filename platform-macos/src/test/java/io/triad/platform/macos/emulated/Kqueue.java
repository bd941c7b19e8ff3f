package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.platform.macos.emulated.Knote.Change;
import io.triad.platform.macos.emulated.Knote.Key;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An emulator of one kqueue(2), written from its man page, with the source of XNU as the judge where
 * the page is silent. Its descriptor is that of an epoll instance.
 *
 * <p>Like the original, it keeps a queue of events that have been triggered. When they are to be
 * reported, each filter is asked whether its condition still holds; if so, the event is reported, and
 * stays in the queue unless EV_CLEAR, EV_ONESHOT or EV_DISPATCH say otherwise. So an event without any
 * of them is reported again and again for as long as its condition holds.
 *
 * <p>What a Mac may do differently:
 *
 * <ul>
 *   <li>It triggers a writable socket with each acknowledgement; here that happens only after a send
 *       that found no room.
 *   <li>The counts of bytes ({@code data}) are kept by other rules, those of rooms above all.
 *   <li>A file that is extended triggers its EVFILT_READ; here it is looked at when it is registered,
 *       and as long as it is in the queue.
 *   <li>A descriptor that is closed behind the emulator's back while a duplicate lives is found to be
 *       gone at its next event only.
 *   <li>There are EVFILT_VNODE, EVFILT_SIGNAL, EVFILT_TIMER, EVFILT_MACHPORT and others; here they are
 *       an error of the test.
 * </ul>
 */
final class Kqueue {
  private static final Map<Integer, Kqueue> BY_DESCRIPTOR = new ConcurrentHashMap<>();
  private static final AtomicInteger INTERRUPTIONS = new AtomicInteger();
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long FOREVER = -1;

  /** EVFILT_READ to EVFILT_WORKLOOP. */
  private static final int LAST_FILTER = -17;

  private final EventQueues queues;
  private final Map<Key, Knote> knotes = new HashMap<>();
  private final Map<Long, Knote> byId = new HashMap<>();
  private final LinkedHashSet<Knote> triggered = new LinkedHashSet<>();
  private long nextId = EventQueues.FIRST_ID;

  /**
   * Guards all of the above. A lock that parks would not do: to be parked inside a call of the system
   * is more than a task's scheduler can bear.
   */
  private final AtomicBoolean locked = new AtomicBoolean();

  private Kqueue(EventQueues queues) {
    this.queues = queues;
  }

  // ---- all of them ----

  /** kqueue(2). */
  static int open(Host host) {
    EventQueues queues = EventQueues.open(host);
    if (queues == null) {
      return -Errors.EMFILE;
    }
    BY_DESCRIPTOR.put(queues.descriptor(), new Kqueue(queues));
    return queues.descriptor();
  }

  /** The kqueue of a descriptor; null if it is none. */
  static @Nullable Kqueue of(int descriptor) {
    return BY_DESCRIPTOR.get(descriptor);
  }

  /**
   * Prepares for the end of a descriptor: its events vanish.
   *
   * @return whether it was a kqueue, and is closed
   */
  static boolean closing(Host host, int descriptor) {
    for (Kqueue kqueue : BY_DESCRIPTOR.values()) {
      kqueue.forget(host, descriptor);
    }
    Kqueue itself = BY_DESCRIPTOR.remove(descriptor);
    if (itself == null) {
      return false;
    }
    itself.close(host);
    return true;
  }

  /** Lets so many waits that are to come end with EINTR, as if a signal had been caught. */
  static void interrupt(int times) {
    INTERRUPTIONS.set(times);
  }

  private static boolean interrupted() {
    return INTERRUPTIONS.get() > 0
        && INTERRUPTIONS.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  // ---- the lock ----

  private void lock() {
    while (!locked.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
  }

  private void unlock() {
    locked.set(false);
  }

  private void close(Host host) {
    lock();
    try {
      knotes.values().forEach(knote -> knote.detach(host));
      knotes.clear();
      byId.clear();
      triggered.clear();
    } finally {
      unlock();
    }
    queues.close(host);
  }

  private void forget(Host host, int descriptor) {
    lock();
    try {
      for (int filter : new int[] {Knote.EVFILT_READ, Knote.EVFILT_WRITE, Knote.EVFILT_EXCEPT}) {
        Knote knote = knotes.get(new Key(descriptor, filter));
        if (knote != null) {
          drop(host, knote);
        }
      }
    } finally {
      unlock();
    }
  }

  private void drop(Host host, Knote knote) {
    knotes.remove(knote.key);
    byId.remove(knote.id);
    triggered.remove(knote);
    knote.detach(host);
  }

  // ---- kevent(2) ----

  /** kevent(2), with Darwin's struct kevent and struct timespec. */
  int kevent(Host host, long changes, int changeCount, long events, int capacity, long timeout) {
    long nanos = FOREVER;
    if (timeout != 0) {
      MemorySegment time = Host.at(timeout, 16);
      long seconds = time.get(JAVA_LONG, 0);
      long rest = time.get(JAVA_LONG, 8);
      if (seconds < 0 || rest < 0 || rest >= NANOS_PER_SECOND) {
        return -Errors.EINVAL;
      }
      nanos = saturatedNanos(seconds, rest);
    }
    MemorySegment to = Host.at(events, (long) capacity * Knote.BYTES);
    int count = apply(host, Host.at(changes, (long) changeCount * Knote.BYTES), to);
    if (count != 0 || capacity == 0) {
      return count;
    }
    return await(host, to, nanos);
  }

  private static long saturatedNanos(long seconds, long rest) {
    final long century = 3_000_000_000L;
    return Math.min(seconds, century) * NANOS_PER_SECOND + rest;
  }

  private int apply(Host host, MemorySegment changes, MemorySegment events) {
    long count = 0;
    long capacity = events.byteSize() / Knote.BYTES;
    for (long at = 0; at < changes.byteSize(); at += Knote.BYTES) {
      Change change = Change.read(changes, at);
      int error;
      lock();
      try {
        error = apply(host, change);
      } finally {
        unlock();
      }
      if (error == 0 && !change.has(Knote.EV_RECEIPT)) {
        continue;
      }
      if (count < capacity) {
        change.answer(error, events, count++ * Knote.BYTES);
      } else if (error != 0) {
        return -error;
      }
    }
    return (int) count;
  }

  private int apply(Host host, Change change) {
    int filter = change.key().filter();
    if (filter >= 0 || filter < LAST_FILTER) {
      return Errors.EINVAL;
    }
    Knote knote = knotes.get(change.key());
    if (knote != null && knote.isGone(host)) {
      drop(host, knote);
      knote = null;
    }
    boolean delete = change.has(Knote.EV_DELETE);
    if (knote == null) {
      return change.has(Knote.EV_ADD) && !delete ? attach(host, change) : Errors.ENOENT;
    }
    if (delete) {
      drop(host, knote);
      return 0;
    }
    knote.touch(change);
    if (change.has(Knote.EV_DISABLE)) {
      knote.disabled = true;
    } else if (change.has(Knote.EV_ENABLE)) { // and EV_ADD alone does not, whatever the page says
      knote.disabled = false;
    }
    triggerIfHolding(host, knote);
    return 0;
  }

  private int attach(Host host, Change change) {
    long id = nextId++;
    Knote knote =
        switch (change.key().filter()) {
          case Knote.EVFILT_READ, Knote.EVFILT_WRITE, Knote.EVFILT_EXCEPT ->
              new DescriptorKnote(change, id, queues);
          case Knote.EVFILT_USER -> new UserKnote(change, id);
          case Knote.EVFILT_PROC -> new ProcessKnote(change, id, queues);
          default -> throw new AssertionError("not emulated: filter " + change.key().filter());
        };
    int error = -knote.attach(host);
    if (error == 0) {
      knotes.put(knote.key, knote);
      byId.put(id, knote);
      triggerIfHolding(host, knote);
    }
    return error;
  }

  private void triggerIfHolding(Host host, Knote knote) {
    if (knote instanceof UserKnote ? knote.holds(host) : !knote.active && knote.holds(host)) {
      trigger(knote);
      if (knote instanceof UserKnote) {
        queues.wake(host); // another thread may be waiting
      }
    }
  }

  private void trigger(Knote knote) {
    knote.active = true;
    triggered.add(knote);
  }

  // ---- waiting ----

  private int await(Host host, MemorySegment events, long nanos) {
    long start = System.nanoTime();
    long left = nanos;
    while (true) {
      if (interrupted()) {
        return -Errors.EINTR;
      }
      boolean look = left == 0 || hasReportable();
      int happened = queues.await(host, look ? 0 : left, this::happened);
      if (happened < 0) {
        return happened;
      }
      int count = report(host, events);
      if (count > 0 || left == 0) {
        return count;
      }
      left = nanos == FOREVER ? nanos : Math.max(0, nanos - (System.nanoTime() - start));
    }
  }

  private boolean hasReportable() {
    lock();
    try {
      return triggered.stream().anyMatch(knote -> !knote.disabled);
    } finally {
      unlock();
    }
  }

  /** How many events would be reported now: what another kqueue says of this one. */
  int reportable(Host host) {
    queues.await(host, 0, this::happened);
    lock();
    try {
      return (int) triggered.stream().filter(knote -> !knote.disabled && knote.holds(host)).count();
    } finally {
      unlock();
    }
  }

  private void happened(long id) {
    lock();
    try {
      Knote knote = byId.get(id);
      if (knote != null) { // otherwise of a file that is gone from here, and kept by a duplicate
        trigger(knote);
      }
    } finally {
      unlock();
    }
  }

  private int report(Host host, MemorySegment events) {
    long capacity = events.byteSize() / Knote.BYTES;
    long count = 0;
    lock();
    try {
      Iterator<Knote> inOrder = new LinkedHashSet<>(triggered).iterator();
      while (count < capacity && inOrder.hasNext()) {
        Knote knote = inOrder.next();
        if (!knote.disabled && take(host, knote)) {
          knote.write(events, count++ * Knote.BYTES);
          after(host, knote);
        }
      }
    } finally {
      unlock();
    }
    return (int) count;
  }

  /** Takes a knote out of the queue; answers whether it is to be reported. */
  private boolean take(Host host, Knote knote) {
    triggered.remove(knote);
    knote.active = false;
    if (knote instanceof DescriptorKnote descriptor && descriptor.isOther(host)) {
      drop(host, knote);
      return false;
    }
    return knote.holds(host);
  }

  private void after(Host host, Knote knote) {
    if ((knote.flags & Knote.EV_ONESHOT) != 0) {
      drop(host, knote);
    } else if ((knote.flags & Knote.EV_DISPATCH) != 0) {
      knote.disabled = true;
    } else if ((knote.flags & Knote.EV_CLEAR) != 0) {
      knote.clear();
    } else {
      trigger(knote); // at the end of the queue
    }
  }
}
