package io.triad.platform.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.triad.engine.EngineUnavailableException;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import io.triad.platform.linux.ffi.io_cqring_offsets;
import io.triad.platform.linux.ffi.io_sqring_offsets;
import io.triad.platform.linux.ffi.io_uring_params;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One pair of rings (io_uring(7)): the submission queue that we fill and the completion queue that
 * we empty, both indices read and written as the kernel expects. Knows entries, not operations.
 *
 * <p>The flags are tried from the best downwards, because distributions patch features in and out:
 * only the kernel's answer tells what it takes.
 *
 * <pre>
 * flags                                                                     first kernel
 * SUBMIT_ALL | SINGLE_ISSUER | DEFER_TASKRUN | TASKRUN_FLAG | NO_SQARRAY    6.6
 * SUBMIT_ALL | SINGLE_ISSUER | DEFER_TASKRUN | TASKRUN_FLAG                 6.1
 * SUBMIT_ALL | COOP_TASKRUN | TASKRUN_FLAG                                  5.19
 * none                                                                      5.11
 * </pre>
 *
 * <p>With DEFER_TASKRUN completions are made only inside {@link #enter} calls that ask for events,
 * which is what a loop wants: no interruption between tasks, one batch per pass. TASKRUN_FLAG
 * tells whether there are any, so that a pass with nothing to submit can spare the call.
 */
final class Ring {
  private static final long OFF_SQ_RING = 0;
  private static final long OFF_SQES = 0x10000000L;
  private static final int SQE_BYTES = 64;
  private static final int CQE_BYTES = 16;
  private static final int SMALLEST_PART = 16;
  private static final int NEEDED =
      Linux.IORING_FEAT_SINGLE_MMAP()
          | Linux.IORING_FEAT_NODROP()
          | Linux.IORING_FEAT_FAST_POLL()
          | Linux.IORING_FEAT_EXT_ARG();

  private static final int KERNEL_HAS_WORK =
      Linux.IORING_SQ_CQ_OVERFLOW() | Linux.IORING_SQ_TASKRUN();

  private final Libc libc;
  private final int descriptor;
  private final int setupFlags;
  private final int features;
  private final int enterDescriptor;
  private final MemorySegment registration;
  private final int enterFlags;

  private final MemorySegment rings;
  private final MemorySegment entries;
  private final long sqHeadAt;
  private final long sqTailAt;
  private final long sqFlagsAt;
  private final long sqFlagsAddress;
  private final int sqMask;
  private final int sqEntries;
  private final long cqHeadAt;
  private final long cqTailAt;
  private final long cqTailAddress;
  private final long cqesAt;
  private final int cqMask;

  private int sqTail;
  private int cqHead;

  /**
   * Opens a ring.
   *
   * @throws EngineUnavailableException if the kernel refuses; the message names the cause
   */
  static Ring open(Libc libc, Arena arena, int submissions, int completions, int forbiddenFlags) {
    MemorySegment params = arena.allocate(io_uring_params.layout());
    int result = -Linux.ENOMEM();
    // Newer kernels count the queues as locked memory, of which containers allow as little as 64K.
    for (int part = 1; part <= SMALLEST_PART && result == -Linux.ENOMEM(); part *= 4) {
      result =
          setup(
              libc,
              params,
              Math.max(1, submissions / part),
              Math.max(1, completions / part),
              forbiddenFlags);
    }
    if (result < 0) {
      throw new EngineUnavailableException(IoUringRefusal.explain("io_uring", -result));
    }
    int missing = NEEDED & ~io_uring_params.features(params);
    if (missing != 0) {
      libc.close(result);
      throw new EngineUnavailableException(
          "io_uring of this kernel is too old: it lacks the features 0x"
              + Integer.toHexString(missing)
              + " (io_uring_setup(2)); Linux 5.11 or later has them");
    }
    int entered = libc.ioUringEnter(result, 0, 0, 0, 0, 0);
    if (entered == -Linux.EPERM() || entered == -Linux.EACCES() || entered == -Linux.ENOSYS()) {
      // A filter lets rings be opened and not used.
      libc.close(result);
      throw new EngineUnavailableException(IoUringRefusal.explain("io_uring_enter", -entered));
    }
    try {
      return new Ring(libc, arena, result, params);
    } catch (Throwable e) {
      libc.close(result);
      throw e;
    }
  }

  /** Climbs down the ladder; the descriptor of a ring, or {@code -errno}. */
  private static int setup(
      Libc libc, MemorySegment params, int submissions, int completions, int forbiddenFlags) {
    int shared = Linux.IORING_SETUP_CLAMP() | Linux.IORING_SETUP_CQSIZE();
    int deferred =
        Linux.IORING_SETUP_SUBMIT_ALL()
            | Linux.IORING_SETUP_SINGLE_ISSUER()
            | Linux.IORING_SETUP_DEFER_TASKRUN()
            | Linux.IORING_SETUP_TASKRUN_FLAG();
    int[] ladder = {
      deferred | Linux.IORING_SETUP_NO_SQARRAY(),
      deferred,
      Linux.IORING_SETUP_SUBMIT_ALL()
          | Linux.IORING_SETUP_COOP_TASKRUN()
          | Linux.IORING_SETUP_TASKRUN_FLAG(),
      0
    };
    int result = -Linux.EINVAL();
    for (int flags : ladder) {
      if ((flags & forbiddenFlags) != 0) {
        continue;
      }
      params.fill((byte) 0);
      io_uring_params.flags(params, flags | shared);
      io_uring_params.cq_entries(params, completions);
      result = libc.ioUringSetup(submissions, params);
      if (result != -Linux.EINVAL()) {
        break;
      }
    }
    return result;
  }

  private Ring(Libc libc, Arena arena, int descriptor, MemorySegment params) {
    this.libc = libc;
    this.descriptor = descriptor;
    setupFlags = io_uring_params.flags(params);
    features = io_uring_params.features(params);
    MemorySegment sq = io_uring_params.sq_off(params);
    MemorySegment cq = io_uring_params.cq_off(params);
    sqEntries = io_uring_params.sq_entries(params);
    int cqEntries = io_uring_params.cq_entries(params);
    long bytes =
        Math.max(
            Integer.toUnsignedLong(io_sqring_offsets.array(sq)) + sqEntries * 4L,
            Integer.toUnsignedLong(io_cqring_offsets.cqes(cq)) + (long) cqEntries * CQE_BYTES);
    rings = RingMemory.mapRing(libc, arena, bytes, descriptor, OFF_SQ_RING);
    entries =
        RingMemory.mapRing(libc, arena, (long) sqEntries * SQE_BYTES, descriptor, OFF_SQES);
    sqHeadAt = io_sqring_offsets.head(sq);
    sqTailAt = io_sqring_offsets.tail(sq);
    sqFlagsAt = io_sqring_offsets.flags(sq);
    sqFlagsAddress = rings.address() + sqFlagsAt;
    sqMask = RingMemory.lpInt(rings, io_sqring_offsets.ring_mask(sq));
    cqHeadAt = io_cqring_offsets.head(cq);
    cqTailAt = io_cqring_offsets.tail(cq);
    cqTailAddress = rings.address() + cqTailAt;
    cqesAt = io_cqring_offsets.cqes(cq);
    cqMask = RingMemory.lpInt(rings, io_cqring_offsets.ring_mask(cq));
    if ((setupFlags & Linux.IORING_SETUP_NO_SQARRAY()) == 0) {
      // Entry i of the indirection always names submission entry i.
      long array = io_sqring_offsets.array(sq);
      for (int i = 0; i < sqEntries; i++) {
        RingMemory.spInt(rings, array + i * 4L, i);
      }
    }
    registration = arena.allocate(16, 8); // struct io_uring_rsrc_update
    int index = registerDescriptor();
    enterDescriptor = index >= 0 ? index : descriptor;
    enterFlags = index >= 0 ? Linux.IORING_ENTER_REGISTERED_RING() : 0;
  }

  /** Spares the kernel the look-up of the descriptor in every call; an index, or an error. */
  private int registerDescriptor() {
    RingMemory.spInt(registration, 0, -1);
    registration.set(JAVA_LONG, 8, descriptor);
    int result =
        libc.ioUringRegister(descriptor, Linux.IORING_REGISTER_RING_FDS(), registration, 1);
    return result < 0 ? result : RingMemory.lpInt(registration, 0);
  }

  int descriptor() {
    return descriptor;
  }

  int setupFlags() {
    return setupFlags;
  }

  int features() {
    return features;
  }

  boolean descriptorRegistered() {
    return enterFlags != 0;
  }

  /**
   * Whether a send that goes on until it is whole (MSG_WAITALL) and is cancelled on the way says how
   * much it had sent. Debian's 5.10, whose io_uring is that of 5.15, goes on as well and then
   * says ECANCELED, as if nothing had been sent. No probe tells; DEFER_TASKRUN came with a later
   * version.
   */
  boolean tellsOfCancelledSends() {
    return (setupFlags & Linux.IORING_SETUP_DEFER_TASKRUN()) != 0;
  }

  int submissionEntries() {
    return sqEntries;
  }

  int completionEntries() {
    return cqMask + 1;
  }

  // ---- submission ----

  /** The memory of the submission entries. */
  MemorySegment entries() {
    return entries;
  }

  /** The offset of a free submission entry in {@link #entries}, or -1 if the queue is full. */
  long nextEntry() {
    if (sqTail - RingMemory.lvInt(rings, sqHeadAt) == sqEntries) {
      return -1;
    }
    return (long) (sqTail++ & sqMask) * SQE_BYTES;
  }

  /** How many entries the kernel has not taken yet. */
  int unsubmitted() {
    return sqTail - RingMemory.lvInt(rings, sqHeadAt);
  }

  /** Whether the kernel wants to be entered although we have nothing to submit. */
  boolean kernelHasWork() {
    return (RingMemory.lvInt(rings, sqFlagsAt) & KERNEL_HAS_WORK) != 0;
  }

  /**
   * Submits all entries and, if asked, waits for a completion.
   *
   * @param minComplete 0 or 1
   * @param argument the address of an io_uring_getevents_arg, or 0
   * @return the entries taken, or {@code -errno}
   */
  int enter(int minComplete, long argument, long argumentSize) {
    RingMemory.soInt(rings, sqTailAt, sqTail);
    int flags = enterFlags | Linux.IORING_ENTER_GETEVENTS();
    if (argument != 0) {
      flags |= Linux.IORING_ENTER_EXT_ARG();
    }
    return libc.ioUringEnter(
        enterDescriptor, unsubmitted(), minComplete, flags, argument, argumentSize);
  }

  // ---- completion ----

  /** Whether a completion waits to be read. */
  boolean hasCompletion() {
    return cqHead != RingMemory.lvInt(rings, cqTailAt);
  }

  /** Whether no completion waits to be read and the kernel does not want to be entered. */
  boolean isQuiet() {
    return cqHead == RingMemory.lvIntAt(cqTailAddress)
        && (RingMemory.lvIntAt(sqFlagsAddress) & KERNEL_HAS_WORK) == 0;
  }

  /** How many completions wait to be read. */
  int completionsReady() {
    return RingMemory.lvInt(rings, cqTailAt) - cqHead;
  }

  /** The offset of the oldest completion in {@link #completions}; there must be one. */
  long completion() {
    return cqesAt + (long) (cqHead & cqMask) * CQE_BYTES;
  }

  /** The memory of the completions. */
  MemorySegment completions() {
    return rings;
  }

  /** Gives the oldest completion's entry back to the kernel. */
  void advance() {
    cqHead++;
    RingMemory.soInt(rings, cqHeadAt, cqHead);
  }

  /**
   * Closes the ring; what is still in flight is cancelled by the kernel some time later. The
   * registration belongs to the thread, which has room for 16, and would keep the ring alive.
   */
  void close() {
    if (descriptorRegistered()) {
      registration.set(JAVA_LONG, 8, 0); // its other field holds the index
      int result =
          libc.ioUringRegister(
              descriptor, Linux.IORING_UNREGISTER_RING_FDS(), registration, 1);
      assert result == 1 : LinuxErrors.name(-result);
    }
    libc.close(descriptor);
  }
}
