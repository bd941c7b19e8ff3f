package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.triad.engine.Engine;
import io.triad.engine.EngineUnavailableException;
import io.triad.engine.Poller;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import io.triad.platform.linux.ffi.epoll_event_natural;
import io.triad.platform.linux.ffi.epoll_event_packed;
import io.triad.platform.linux.ffi.timespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Waiting with epoll(7), edge-triggered.
 *
 * <p>The wake-up is an event counter, edge-triggered too: each signal is an event, whatever the
 * counter says, so nobody ever reads it.
 *
 * <p>epoll_wait(2) counts in milliseconds. epoll_pwait2(2) counts in nanoseconds, and is there since
 * Linux 5.11 unless a filter of system calls does not know it; so it is tried once.
 */
final class EpollPoller implements Poller {

  /**
   * Reports at a time. What has been received for one is in the cache while the answer goes out, and
   * with hundreds of them it no longer is: echoing over 512 connections, 32 at a time brought 0.98 of
   * what io_uring did, and 512 at a time 0.80.
   */
  private static final int MAX_EVENTS = 32;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** The one struct of Linux whose layout depends on the architecture: epoll_ctl(2), NOTES. */
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

  private static final long EVENT_BYTES =
      PACKED ? epoll_event_packed.sizeof() : epoll_event_natural.sizeof();
  private static final long DATA_AT =
      PACKED ? epoll_event_packed.data$offset() : epoll_event_natural.data$offset();

  /** The stamp of the wake-up's event counter; those of others count up from 1. */
  private static final int WAKE_STAMP = 0;

  private final Libc libc;
  private final MemorySegment events;
  private final MemorySegment event;
  private final MemorySegment timeout;
  private final int epoll;
  private final int wakeDescriptor;
  private final boolean precise;
  private boolean woken;

  /**
   * Opens one.
   *
   * @throws EngineUnavailableException if the system has no descriptor or no memory for it
   */
  EpollPoller(Libc libc, Arena arena) {
    this.libc = libc;
    events = arena.allocate(EVENT_BYTES * MAX_EVENTS, 8);
    event = arena.allocate(EVENT_BYTES, 8);
    timeout = arena.allocate(timespec.layout());
    epoll = required("epoll_create1", libc.epollCreate(Linux.EPOLL_CLOEXEC()));
    int counter = libc.eventfd(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK());
    int added =
        counter < 0
            ? counter
            : control(
                Linux.EPOLL_CTL_ADD(), counter, WAKE_STAMP, Linux.EPOLLIN() | Linux.EPOLLET());
    if (added < 0) {
      libc.close(epoll);
      if (counter >= 0) {
        libc.close(counter);
      }
      required(counter < 0 ? "eventfd" : "epoll_ctl", added);
    }
    wakeDescriptor = counter;
    precise = libc.epollPwait2(epoll, events, MAX_EVENTS, timeout) >= 0;
  }

  private static int required(String call, int result) {
    if (result < 0) {
      throw new EngineUnavailableException(
          call + " failed: " + LinuxErrors.name(-result) + " (" + Libc.strerror(-result) + ")");
    }
    return result;
  }

  // ---- registering ----

  @Override
  public int watch(int descriptor, int stamp, int interest, boolean known) {
    int wanted = Linux.EPOLLET() | Linux.EPOLLRDHUP() | Linux.EPOLLPRI();
    if ((interest & READABLE) != 0) {
      wanted |= Linux.EPOLLIN();
    }
    if ((interest & WRITABLE) != 0) {
      wanted |= Linux.EPOLLOUT();
    }
    int result;
    if (known) {
      result = control(Linux.EPOLL_CTL_MOD(), descriptor, stamp, wanted);
      if (result != -Linux.ENOENT()) {
        return result < 0 ? result : FOUND;
      }
    }
    result = control(Linux.EPOLL_CTL_ADD(), descriptor, stamp, wanted);
    if (result == -Linux.EEXIST()) { // this file had this number before, and kept a duplicate
      result = control(Linux.EPOLL_CTL_MOD(), descriptor, stamp, wanted);
      return result < 0 ? result : FOUND;
    }
    if (result == -Linux.EPERM()) {
      return ALWAYS_READY; // a regular file or a folder: epoll_ctl(2)
    }
    return result < 0 ? result : MADE;
  }

  private int control(int operation, int descriptor, int stamp, int wanted) {
    event.set(JAVA_INT, 0, wanted);
    event.set(
        JAVA_LONG_UNALIGNED, DATA_AT, (long) stamp << 32 | Integer.toUnsignedLong(descriptor));
    return libc.epollCtl(epoll, operation, descriptor, event);
  }

  // ---- waiting ----

  @Override
  public int await(long timeoutNanos) {
    woken = false;
    int count = waitForEvents(timeoutNanos);
    if (count < 0) {
      if (count != -Linux.EINTR()) {
        throw new IllegalStateException("epoll_wait failed: " + LinuxErrors.name(-count));
      }
      return 0;
    }
    for (int i = 0; i < count; i++) {
      woken |= stamp(i) == WAKE_STAMP;
    }
    return count;
  }

  private int waitForEvents(long timeoutNanos) {
    if (timeoutNanos == 0 || timeoutNanos == Engine.FOREVER) {
      return libc.epollWait(epoll, events, MAX_EVENTS, timeoutNanos == 0 ? 0 : -1);
    }
    if (precise) {
      timeout.set(JAVA_LONG, 0, timeoutNanos / NANOS_PER_SECOND);
      timeout.set(JAVA_LONG, 8, timeoutNanos % NANOS_PER_SECOND);
      return libc.epollPwait2(epoll, events, MAX_EVENTS, timeout);
    }
    long millis = Math.ceilDiv(timeoutNanos, NANOS_PER_MILLI);
    return libc.epollWait(epoll, events, MAX_EVENTS, (int) Math.min(millis, Integer.MAX_VALUE));
  }

  @Override
  public int descriptor(int index) {
    return (int) data(index);
  }

  @Override
  public int stamp(int index) {
    return (int) (data(index) >>> 32);
  }

  private long data(int index) {
    return events.get(JAVA_LONG_UNALIGNED, index * EVENT_BYTES + DATA_AT);
  }

  /** An error or a hang-up is for both directions: who tries will be told (poll(2)). */
  @Override
  public int readiness(int index) {
    int seen = events.get(JAVA_INT, index * EVENT_BYTES);
    int readiness = 0;
    if ((seen & (Linux.EPOLLIN() | Linux.EPOLLRDHUP())) != 0) {
      readiness |= READABLE;
    }
    if ((seen & Linux.EPOLLOUT()) != 0) {
      readiness |= WRITABLE;
    }
    if ((seen & (Linux.EPOLLERR() | Linux.EPOLLHUP())) != 0) {
      readiness |= READABLE | WRITABLE | UNEVEN;
    }
    if ((seen & (Linux.EPOLLRDHUP() | Linux.EPOLLPRI())) != 0) {
      readiness |= UNEVEN;
    }
    return readiness;
  }

  @Override
  public boolean woken() {
    return woken;
  }

  @Override
  public void wake() {
    Libc.eventfdSignal(wakeDescriptor);
  }

  @Override
  public List<String> describe() {
    return List.of(
        "waiting: "
            + (precise ? "epoll_pwait2, to the nanosecond" : "epoll_wait, to the millisecond"));
  }

  @Override
  public void close() {
    libc.close(wakeDescriptor);
    libc.close(epoll);
  }
}
