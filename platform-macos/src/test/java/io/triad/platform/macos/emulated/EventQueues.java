package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a kqueue waits with: epoll(7), edge-triggered. A descriptor may be in an epoll instance once,
 * and there one edge tells of all that is ready. Filters of a kqueue are independent of each other; so
 * each has an instance of its own, and an outer one holds them, the event counter of EVFILT_USER, and
 * processes.
 */
final class EventQueues {
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int ID_AT = PACKED ? 4 : 8;
  private static final int MAX_EVENTS = 64;

  /** Ids of knotes begin behind those of the instances and of the counter. */
  static final long FIRST_ID = 16;

  private static final long COUNTER = 0;
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int EXCEPT = 3;
  private static final int INSTANCES = 4;

  /** By number; at 0 the outer one, whose descriptor is that of the kqueue. */
  private final int[] instances = new int[INSTANCES];

  private final int counter;

  private EventQueues(int counter) {
    this.counter = counter;
  }

  /**
   * Opens one.
   *
   * @return null if there are not enough descriptors
   */
  static @Nullable EventQueues open(Host host) {
    int counter =
        host.call("eventfd", 0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK());
    EventQueues queues = new EventQueues(counter);
    boolean complete = counter >= 0;
    for (int i = 0; i < INSTANCES; i++) {
      queues.instances[i] = host.call("epoll_create1", i == 0 ? 0 : Linux.EPOLL_CLOEXEC());
      complete &= queues.instances[i] >= 0;
    }
    if (!complete) {
      queues.close(host);
      return null;
    }
    queues.control(
        host, 0, Linux.EPOLL_CTL_ADD(), counter, COUNTER, Linux.EPOLLIN() | Linux.EPOLLET());
    for (int i = READ; i < INSTANCES; i++) {
      queues.control(
          host, 0, Linux.EPOLL_CTL_ADD(), queues.instances[i], i, Linux.EPOLLIN());
    }
    return queues;
  }

  int descriptor() {
    return instances[0];
  }

  void close(Host host) {
    for (int descriptor : instances) {
      closeIfOpen(host, descriptor);
    }
    closeIfOpen(host, counter);
  }

  private static void closeIfOpen(Host host, int descriptor) {
    if (descriptor >= 0) {
      host.call("close", descriptor);
    }
  }

  private int control(
      Host host, int instance, int operation, int descriptor, long id, int events) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_BYTES, 8);
      event.set(JAVA_INT, 0, events);
      event.set(JAVA_LONG_UNALIGNED, ID_AT, id);
      return host.call(
          "epoll_ctl", instances[instance], operation, descriptor, event.address());
    }
  }

  private static int instanceOf(int filter) {
    return switch (filter) {
      case Knote.EVFILT_READ -> READ;
      case Knote.EVFILT_WRITE -> WRITE;
      default -> EXCEPT;
    };
  }

  private static int eventsOf(int instance) {
    int events =
        switch (instance) {
          case READ -> Linux.EPOLLIN() | Linux.EPOLLRDHUP() | Linux.EPOLLPRI();
          case WRITE -> Linux.EPOLLOUT();
          default -> Linux.EPOLLPRI() | Linux.EPOLLRDHUP();
        };
    return events | Linux.EPOLLET();
  }

  /** Watches a descriptor. */
  int add(Host host, int filter, int descriptor, long id) {
    int instance = instanceOf(filter);
    int result =
        control(host, instance, Linux.EPOLL_CTL_ADD(), descriptor, id, eventsOf(instance));
    final int exists = 17; // left behind by a knote that is gone, of a file that is not
    return result == -exists
        ? control(host, instance, Linux.EPOLL_CTL_MOD(), descriptor, id, eventsOf(instance))
        : result;
  }

  /** Watches a descriptor that stands for a process. */
  int addDirectly(Host host, int descriptor, long id) {
    return control(
        host, 0, Linux.EPOLL_CTL_ADD(), descriptor, id, Linux.EPOLLIN() | Linux.EPOLLET());
  }

  /** Whether a descriptor is still watched: the file was not closed since. */
  boolean knows(Host host, int filter, int descriptor, long id) {
    int instance = instanceOf(filter);
    return control(host, instance, Linux.EPOLL_CTL_MOD(), descriptor, id, eventsOf(instance)) >= 0;
  }

  void remove(Host host, int filter, int descriptor) {
    control(host, instanceOf(filter), Linux.EPOLL_CTL_DEL(), descriptor, 0, 0);
  }

  /** Ends the wait that goes on or the next one; any thread. */
  void wake(Host host) {
    host.raw("eventfd_write", counter, 1);
  }

  /**
   * Waits for something to happen.
   *
   * @param nanos 0 to look only; -1 for as long as it takes
   * @param happened is told the ids of knotes
   * @return how many events there were, or {@code -EINTR}
   */
  int await(Host host, long nanos, LongConsumer happened) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate((long) EVENT_BYTES * MAX_EVENTS, 8);
      int count = wait(host, arena, events, nanos);
      for (int i = 0; i < count; i++) {
        long id = events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_BYTES + ID_AT);
        if (id >= FIRST_ID) {
          happened.accept(id);
        } else if (id != COUNTER) {
          drain(host, (int) id, happened, arena.allocate((long) EVENT_BYTES * MAX_EVENTS, 8));
        }
      }
      return count;
    }
  }

  private int wait(Host host, Arena arena, MemorySegment events, long nanos) {
    if (nanos <= 0) {
      return host.call(
          "epoll_wait", instances[0], events.address(), MAX_EVENTS, nanos == 0 ? 0 : -1);
    }
    final long second = 1_000_000_000;
    MemorySegment timeout = arena.allocate(16, 8); // struct timespec
    timeout.set(JAVA_LONG_UNALIGNED, 0, nanos / second);
    timeout.set(JAVA_LONG_UNALIGNED, 8, nanos % second);
    return host.call(
        "syscall",
        Linux.SYS_epoll_pwait2(),
        instances[0],
        events.address(),
        MAX_EVENTS,
        timeout.address(),
        0);
  }

  private void drain(Host host, int instance, LongConsumer happened, MemorySegment events) {
    int count;
    do {
      count =
          host.call("epoll_wait", instances[instance], events.address(), MAX_EVENTS, 0);
      for (int i = 0; i < count; i++) {
        happened.accept(events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_BYTES + ID_AT));
      }
    } while (count == MAX_EVENTS);
  }
}
