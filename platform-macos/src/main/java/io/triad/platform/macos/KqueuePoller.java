package io.triad.platform.macos;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.KernelEvents;
import io.triad.engine.Poller;
import io.triad.platform.macos.ffi.Darwin;
import io.triad.platform.macos.ffi.Macos;
import io.triad.platform.macos.ffi.kevent;
import io.triad.platform.macos.ffi.timespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waiting with kqueue(2), edge-triggered.
 *
 * <p><b>EV_CLEAR, and not one-shot.</b> With EV_CLEAR an event is reported when something has come, and
 * not again before more comes, which is what the engine calls an edge; a registration serves a
 * descriptor for as long as it is open. One-shot events would have to be asked for before every wait.
 *
 * <p><b>Registrations</b> belong to the number of a descriptor and a direction: EVFILT_READ and
 * EVFILT_WRITE know nothing of each other, and closing the number drops both, whatever duplicates there
 * are. So unlike with epoll(7) no state of an earlier file can be met. EV_ADD changes a registration
 * that exists or makes one, and does not tell which; in both cases the kernel looks whether the
 * descriptor is ready, and says so. What does tell is EV_ENABLE, which finds a registration or fails
 * with ENOENT, and so does EV_DELETE for the direction that nobody waits for any more. All of it is one
 * call.
 *
 * <p><b>Receipts.</b> With EV_RECEIPT each change is answered by an event of its own with an error
 * number, 0 included, and none of the events that wait to be reported is taken out by that call.
 *
 * <p><b>The wake-up</b> is an event of the user's own (EVFILT_USER), which any thread triggers.
 * EVFILT_TIMER is of no use: the time-out of kevent(2) counts in nanoseconds.
 */
final class KqueuePoller implements Poller {
  /** Reports at a time; see EpollPoller, where 32 were measured. A descriptor may have two here. */
  private static final int MAX_EVENTS = 64;

  /** At most two changes for each of two directions. */
  private static final int MAX_CHANGES = 4;

  private static final long EVENT_BYTES = kevent.sizeof();
  private static final long IDENT_AT = kevent.ident$offset();
  private static final long FILTER_AT = kevent.filter$offset();
  private static final long FLAGS_AT = kevent.flags$offset();
  private static final long DATA_AT = kevent.data$offset();
  private static final long STAMP_AT = kevent.udata$offset();
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** The kernel refuses time-outs of more than three years. Who waits longer waits in a loop. */
  private static final long MAX_SECONDS = 365 * 86_400L;

  /** The stamp of the poller's own events; those of others count up from 1. */
  private static final int OWN_STAMP = 0;

  private static final int CHANGE = Macos.EV_ADD() | Macos.EV_CLEAR() | Macos.EV_RECEIPT();

  private final Darwin darwin;

  /** For other threads, which do not look at what comes of it. */
  private final Darwin waker;

  private final MemorySegment trigger;
  private final MemorySegment events;
  private final MemorySegment changes;
  private final MemorySegment receipts;
  private final MemorySegment timeout;
  private final int queue;
  private @Nullable KqueueEvents foreign;
  private boolean woken;

  /**
   * Opens one.
   *
   * @throws EngineUnavailableException if the system has no descriptor or no memory for it
   */
  KqueuePoller(Darwin darwin, Arena arena) {
    this.darwin = darwin;
    waker = darwin.in(arena);
    trigger = kevent.allocate(arena);
    kevent.filter(trigger, (short) Macos.EVFILT_USER());
    kevent.fflags(trigger, Macos.NOTE_TRIGGER());
    events = kevent.allocateArray(MAX_EVENTS, arena);
    changes = kevent.allocateArray(MAX_CHANGES, arena);
    receipts = kevent.allocateArray(MAX_CHANGES, arena);
    timeout = timespec.allocate(arena);
    queue = required("kqueue", darwin.kqueue());
    try {
      required("fcntl", darwin.fcntl(queue, Macos.F_SETFD(), Macos.FD_CLOEXEC()));
      prepare(0, 0, Macos.EVFILT_USER(), CHANGE, OWN_STAMP);
      int result = change(1);
      required("kevent", result < 0 ? result : -error(0));
    } catch (Throwable e) {
      darwin.close(queue);
      throw e;
    }
  }

  private int required(String call, int result) {
    if (result < 0) {
      throw new EngineUnavailableException(
          call + " failed: " + MacosErrors.describe(darwin, -result));
    }
    return result;
  }

  // ---- registering ----

  @Override
  public int watch(int descriptor, int stamp, int interest, boolean known) {
    if (!known && (interest & READABLE) != 0 && darwin.preadNothing(descriptor) >= 0) {
      return ALWAYS_READY; // a file with positions; of those kqueue would report only a growing one
    }
    int count =
        prepareDirection(0, descriptor, Macos.EVFILT_READ(), stamp, interest & READABLE, known);
    count =
        prepareDirection(
            count, descriptor, Macos.EVFILT_WRITE(), stamp, interest & WRITABLE, known);
    int result = change(count);
    if (result < 0) {
      return result;
    }
    int found = MADE;
    for (int i = 0; i < count; i++) {
      int error = error(i);
      boolean added = (changes.get(JAVA_SHORT_UNALIGNED, i * EVENT_BYTES + FLAGS_AT) & 1) != 0;
      if (added && error == Macos.EPIPE()) {
        return ALWAYS_READY; // a pipe that nobody reads from any more: writing fails at once
      }
      if (added ? error != 0 : error != 0 && error != Macos.ENOENT()) {
        return -error;
      }
      if (!added && error == 0) {
        found = FOUND;
      }
    }
    return found;
  }

  /** Adds the changes for one direction, and answers how many there are then. */
  private int prepareDirection(
      int at, int descriptor, int filter, int stamp, int wanted, boolean known) {
    int count = at;
    if (known) {
      int probe = wanted != 0 ? Macos.EV_ENABLE() : Macos.EV_DELETE();
      prepare(count++, descriptor, filter, probe | Macos.EV_RECEIPT(), stamp);
    }
    if (wanted != 0) {
      prepare(count++, descriptor, filter, CHANGE, stamp);
    }
    return count;
  }

  private void prepare(int index, int descriptor, int filter, int flags, int stamp) {
    MemorySegment change = changes.asSlice(index * EVENT_BYTES, EVENT_BYTES);
    kevent.ident(change, descriptor);
    kevent.filter(change, (short) filter);
    kevent.flags(change, (short) flags);
    kevent.fflags(change, 0);
    kevent.data(change, 0);
    kevent.udata(change, MemorySegment.ofAddress(Integer.toUnsignedLong(stamp)));
  }

  /** Hands in the changes; there are as many receipts then. */
  private int change(int count) {
    timeout.fill((byte) 0);
    int result;
    do {
      result = darwin.kevent(queue, changes, count, receipts, count, timeout);
    } while (result == -Macos.EINTR()); // doing it twice does no harm
    if (result >= 0 && result != count) {
      throw new IllegalStateException(
          "kevent gave " + result + " receipts for " + count + " changes");
    }
    return result;
  }

  /** What a receipt says: an error number, or 0. */
  private int error(int index) {
    return (int) receipts.get(JAVA_LONG_UNALIGNED, index * EVENT_BYTES + DATA_AT);
  }

  // ---- waiting ----

  @Override
  public int await(long timeoutNanos) {
    woken = false;
    int count =
        darwin.kevent(
            queue, MemorySegment.NULL, 0, events, MAX_EVENTS, timeout(timeoutNanos));
    if (count < 0) {
      if (count != -Macos.EINTR()) {
        throw new IllegalStateException(
            "kevent failed: " + MacosErrors.describe(darwin, -count));
      }
      return 0;
    }
    for (int i = 0; i < count; i++) {
      if (stamp(i) == OWN_STAMP) {
        woken = true;
        if (filter(i) == Macos.EVFILT_READ() && foreign != null) {
          foreign.deliver();
        }
      }
    }
    return count;
  }

  private MemorySegment timeout(long nanos) {
    if (nanos == Engine.FOREVER) {
      return MemorySegment.NULL;
    }
    timeout.set(JAVA_LONG, 0, Math.min(nanos / NANOS_PER_SECOND, MAX_SECONDS));
    timeout.set(JAVA_LONG, Long.BYTES, nanos % NANOS_PER_SECOND);
    return timeout;
  }

  /** For the poller's own events too, whose stamp tells them apart. */
  @Override
  public int descriptor(int index) {
    return (int) events.get(JAVA_LONG_UNALIGNED, index * EVENT_BYTES + IDENT_AT);
  }

  @Override
  public int stamp(int index) {
    return events.get(JAVA_INT_UNALIGNED, index * EVENT_BYTES + STAMP_AT);
  }

  private int filter(int index) {
    return events.get(JAVA_SHORT_UNALIGNED, index * EVENT_BYTES + FILTER_AT);
  }

  /**
   * One direction. The end of what comes (EV_EOF of EVFILT_READ) is for who receives; that nothing can
   * be sent any more (EV_EOF of EVFILT_WRITE) is for both, because the error may be either's to find,
   * and it comes with the error of the socket in the filter's flags, which a call will report.
   */
  @Override
  public int readiness(int index) {
    int flags = events.get(JAVA_SHORT_UNALIGNED, index * EVENT_BYTES + FLAGS_AT);
    boolean end = (flags & (Macos.EV_EOF() | Macos.EV_ERROR())) != 0;
    if (filter(index) == Macos.EVFILT_WRITE()) {
      return end ? READABLE | WRITABLE | UNEVEN : WRITABLE;
    }
    boolean uneven = end || (flags & Macos.EV_FLAG1()) != 0; // EV_OOBAND: urgent data
    return uneven ? READABLE | UNEVEN : READABLE;
  }

  @Override
  public boolean woken() {
    return woken;
  }

  @Override
  public void wake() {
    waker.kevent(queue, trigger, 1, MemorySegment.NULL, 0, MemorySegment.NULL);
  }

  // ---- other events ----

  @Override
  public <T> @Nullable T facility(Class<T> type) {
    return type == KernelEvents.class ? type.cast(foreignEvents()) : null;
  }

  private KqueueEvents foreignEvents() {
    if (foreign == null) {
      KqueueEvents made = new KqueueEvents(darwin);
      prepare(
          0,
          made.queue(),
          Macos.EVFILT_READ(),
          Macos.EV_ADD() | Macos.EV_RECEIPT(), // reported for as long as there are events in it
          OWN_STAMP);
      int result = change(1);
      int error = result < 0 ? -result : error(0);
      if (error != 0) {
        made.close();
        throw new IllegalStateException(
            "a kqueue cannot watch another: " + MacosErrors.describe(darwin, error));
      }
      foreign = made;
    }
    return foreign;
  }

  @Override
  public List<String> describe() {
    return List.of("waiting: kevent, to the nanosecond");
  }

  @Override
  public void close() {
    if (foreign != null) {
      foreign.close();
    }
    darwin.close(queue);
  }
}
