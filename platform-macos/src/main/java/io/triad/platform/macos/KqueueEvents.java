package io.triad.platform.macos;

import io.triad.engine.KernelEvents;
import io.triad.platform.macos.ffi.Darwin;
import io.triad.platform.macos.ffi.Macos;
import io.triad.platform.macos.ffi.kevent;
import io.triad.platform.macos.ffi.timespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The events that users ask for, in a kqueue of their own. The poller's kqueue watches it like any
 * other descriptor, so the two cannot take each other's registrations: of one kqueue each pair of
 * subject and filter has a single one.
 */
final class KqueueEvents implements KernelEvents {
  private static final int MAX_EVENTS = 32;

  private final Arena arena = Arena.ofShared();
  private final Darwin darwin;
  private final MemorySegment change = kevent.allocate(arena);
  private final MemorySegment events = kevent.allocateArray(MAX_EVENTS, arena);
  private final MemorySegment now = timespec.allocate(arena);
  private final int queue;
  private Listener listener = event -> {};

  KqueueEvents(Darwin darwin) {
    this.darwin = darwin;
    queue = MacosErrors.require(darwin, darwin.kqueue(), "kqueue");
    MacosErrors.require(
        darwin, darwin.fcntl(queue, Macos.F_SETFD(), Macos.FD_CLOEXEC()), "fcntl");
  }

  @Override
  public int queue() {
    return queue;
  }

  /** Without a receipt, and with no room for events, the error is that of the call. */
  @Override
  public int change(Event wanted) {
    kevent.ident(change, wanted.subject());
    kevent.filter(change, (short) wanted.filter());
    kevent.flags(change, (short) (wanted.flags() & ~Macos.EV_RECEIPT()));
    kevent.fflags(change, wanted.filterFlags());
    kevent.data(change, wanted.data());
    kevent.udata(change, MemorySegment.NULL);
    int result;
    do {
      result = darwin.kevent(queue, change, 1, MemorySegment.NULL, 0, now);
    } while (result == -Macos.EINTR());
    return result;
  }

  @Override
  public void tell(Listener newListener) {
    listener = newListener;
  }

  /** Takes what there is, once; if more is left the poller's kqueue reports this one again. */
  void deliver() {
    int count = darwin.kevent(queue, MemorySegment.NULL, 0, events, MAX_EVENTS, now);
    if (count < 0 && count != -Macos.EINTR()) {
      throw new IllegalStateException("kevent failed: " + MacosErrors.describe(darwin, -count));
    }
    for (int i = 0; i < count; i++) {
      MemorySegment at = kevent.asSlice(events, i);
      listener.occurred(
          new Event(
              kevent.ident(at),
              kevent.filter(at),
              Short.toUnsignedInt(kevent.flags(at)),
              kevent.fflags(at),
              kevent.data(at)));
    }
  }

  void close() {
    darwin.close(queue);
    arena.close();
  }
}
