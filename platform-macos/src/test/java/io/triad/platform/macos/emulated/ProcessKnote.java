package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** EVFILT_PROC with NOTE_EXIT: a process ends. Linux tells by a descriptor, pidfd_open(2). */
final class ProcessKnote extends Knote {
  private static final int NOTE_EXIT = 0x80000000;
  private static final int NOTE_EXITSTATUS = 0x04000000;
  private static final int P_PIDFD = 3;
  private static final int WAIT_FOR_EXIT_AND_LEAVE_IT = 4 | 0x01000000; // WEXITED | WNOWAIT

  private final EventQueues queues;
  private int descriptor = -1;

  ProcessKnote(Change change, long id, EventQueues queues) {
    super(change, id);
    this.queues = queues;
  }

  @Override
  int attach(Host host) {
    if ((wanted & ~(NOTE_EXIT | NOTE_EXITSTATUS)) != 0) {
      throw new AssertionError("the emulator knows NOTE_EXIT and NOTE_EXITSTATUS only");
    }
    int opened = host.call("syscall", Linux.SYS_pidfd_open(), key.ident(), 0);
    if (opened < 0) {
      return opened == -Errors.EINVAL ? -Errors.ESRCH : opened;
    }
    descriptor = opened;
    int added = queues.addDirectly(host, descriptor, id);
    if (added < 0) {
      detach(host);
    }
    return added;
  }

  @Override
  void detach(Host host) {
    host.call("close", descriptor);
  }

  @Override
  boolean holds(Host host) {
    if (host.poll(descriptor, LinuxNumbers.POLLIN) <= 0) {
      return false;
    }
    filterFlags = wanted;
    flags |= EV_EOF | EV_ONESHOT;
    data = (wanted & NOTE_EXITSTATUS) != 0 ? status(host) : 0;
    return true;
  }

  /** The status as wait(2) would tell it, for a child that has not been waited for. */
  private long status(Host host) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(128, 8); // siginfo_t: si_code at 8, si_status at 24
      int result =
          host.call("waitid", P_PIDFD, descriptor, info.address(), WAIT_FOR_EXIT_AND_LEAVE_IT);
      if (result < 0) {
        return 0; // not our child
      }
      int status = info.get(JAVA_INT, 24);
      final int exited = 1;
      return info.get(JAVA_INT, 8) == exited ? (status & 0xFF) << 8 : status & 0x7F;
    }
  }
}
