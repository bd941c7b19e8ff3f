package io.triad.platform.linux;

import io.triad.engine.Engine;
import io.triad.platform.linux.ffi.Linux;

/** The ways in which the engine runs, from the newest kernel's to the oldest's. */
enum EngineMode {
  /** Whatever this kernel has. */
  BEST(0, true),

  /** As before 6.6. */
  WITH_SUBMISSION_ARRAY(Linux.IORING_SETUP_NO_SQARRAY(), true),

  /** As before 6.1: completions are made at any time, not only inside our calls. */
  WITHOUT_DEFERRED_WORK(Linux.IORING_SETUP_DEFER_TASKRUN(), true),

  /** As before 5.19. */
  WITHOUT_SETUP_FLAGS(Linux.IORING_SETUP_SUBMIT_ALL(), true),

  /** One accept at a time, and a receive is a poll followed by recv(2). */
  WITHOUT_MULTISHOT(0, false),

  /** All of that together. */
  OLDEST(Linux.IORING_SETUP_SUBMIT_ALL(), false),

  /** The other engine: readiness on epoll. */
  EPOLL(0, false);

  private final int forbiddenSetupFlags;
  private final boolean multishot;

  EngineMode(int forbiddenSetupFlags, boolean multishot) {
    this.forbiddenSetupFlags = forbiddenSetupFlags;
    this.multishot = multishot;
  }

  /** Whether this is the engine on io_uring. */
  boolean isRing() {
    return this != EPOLL;
  }

  int forbiddenSetupFlags() {
    return forbiddenSetupFlags;
  }

  boolean multishot() {
    return multishot;
  }

  /** Whether completions are made only inside calls of the loop. */
  boolean deferred() {
    return (forbiddenSetupFlags
        & (Linux.IORING_SETUP_DEFER_TASKRUN() | Linux.IORING_SETUP_SUBMIT_ALL()))
        == 0;
  }

  /** Opens an engine; the sizes of queues are for those that have some. */
  Engine open(
      LinuxPlatform platform,
      int submissionEntries,
      int completionEntries,
      int maxReceiveBuffers) {
    return isRing()
        ? platform.openEngine(options(submissionEntries, completionEntries, maxReceiveBuffers))
        : platform.openEpoll(maxReceiveBuffers);
  }

  IoUringOptions options(int submissionEntries, int completionEntries, int maxReceiveBuffers) {
    return new IoUringOptions(
        submissionEntries, completionEntries, maxReceiveBuffers, forbiddenSetupFlags, multishot);
  }
}
