package io.triad.lowlevel;

import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.engine.CompletionPort;
import io.triad.engine.Platform;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What tasks can do with handles of Windows that Triad has not opened: wait for objects, and make
 * overlapped calls that end at the completion port of the run. All methods are for tasks of a run.
 *
 * <p>To make an overlapped call of one's own, through the linker of the JDK for example:
 *
 * <pre>{@code
 * WindowsIo.registerWithIocp(handle);                      // once in the life of the handle
 * MemorySegment overlapped = arena.allocate(32, 8);        // zeros; no event in it
 * if (deviceIoControl(handle, ..., overlapped) != 0 || lastError() == ERROR_IO_PENDING) {
 *   int bytes = WindowsIo.waitOverlapped(handle, overlapped);
 * }
 * }</pre>
 *
 * <p>Handles are 64-bit numbers of which the kernel looks at 32. On other systems every method throws
 * {@link UnsupportedOperationException}.
 */
public final class WindowsIo {
  private WindowsIo() {}

  /**
   * Waits until an object is signalled: a process or thread has ended, an event was set, a semaphore
   * has a unit left, which is then taken. A checkpoint, also if the object is signalled already; when
   * a cancellation and the object come together, either may win, and nothing is taken if the
   * cancellation does (LOW-21).
   *
   * <p>Whoever closes the handle does not end the wait (LOW-22). A mutex would belong to a thread that
   * the caller does not know, and is nothing to wait for here.
   *
   * @param handle the handle; it needs the right to synchronise
   * @throws OsException if there is no such handle, or the system cannot wait for it
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException outside of a task
   * @throws UnsupportedOperationException if this is not Windows
   */
  public static void waitForSingleObject(long handle) throws OsException {
    Fiber fiber = Loop.requireFiber();
    ObjectWait.await(fiber, port(fiber.loop()), number(handle));
  }

  /**
   * Has the overlapped calls on a handle end at the completion port of this run. Needed once in the
   * life of a handle, before the first of them; it cannot be taken back (LOW-23).
   *
   * @param handle a file, pipe or device that was opened for overlapped calls
   * @throws OsException if there is no such handle, or it belongs to a completion port already
   * @throws IllegalStateException outside of a task
   * @throws UnsupportedOperationException if this is not Windows
   */
  public static void registerWithIocp(long handle) throws OsException {
    Loop loop = Loop.requireFiber().loop();
    int result = port(loop).associate(number(handle));
    if (result < 0) {
      throw failure(loop, result, "registerWithIocp(" + handle + ")");
    }
  }

  /**
   * Waits for the end of an overlapped call that has begun: that answered TRUE, or failed with
   * ERROR_IO_PENDING. A cancellation asks the system to end the call and then waits for its answer: if
   * the call had succeeded by then, this returns as if nothing had been cancelled (LOW-24).
   *
   * <p>Until this has returned or thrown, the system may write to the OVERLAPPED and to the memory of
   * the call.
   *
   * <p>If the handle was never {@linkplain #registerWithIocp registered}, nothing comes. When such a
   * wait is cancelled, the run ends with a {@link io.triad.TriadInternalError}.
   *
   * @param handle on which the call was made
   * @param overlapped its OVERLAPPED, in native memory, without an event
   * @return how many bytes were moved
   * @throws ClosedResourceException if somebody else ended the call, nearly always by closing the
   *     handle
   * @throws OsException if the call failed
   * @throws io.triad.BusyResourceException if another task waits for the same OVERLAPPED
   * @throws io.triad.Cancelled if a scope around the caller was cancelled, and the call was ended by
   *     that
   * @throws IllegalStateException outside of a task
   * @throws UnsupportedOperationException if this is not Windows
   */
  public static int waitOverlapped(long handle, MemorySegment overlapped)
      throws ClosedResourceException, OsException {
    requireNative(overlapped, "overlapped", CompletionPort.OVERLAPPED_BYTES);
    Fiber fiber = Loop.requireFiber();
    return new OverlappedWait(
        fiber, port(fiber.loop()), "waitOverlapped", number(handle), overlapped, overlapped)
        .await();
  }

  /**
   * Reads once: ReadFile. Several tasks may read at once, at their own offsets.
   *
   * @param handle a {@linkplain #registerWithIocp registered} handle
   * @param buffer where to, in native memory; belongs to the system until this has returned or thrown
   * @param offset where in the file to begin; 0 for what is no file
   * @return how many bytes were read
   * @throws ClosedResourceException if somebody else ended the call
   * @throws OsException if reading fails; at the end of a file with ERROR_HANDLE_EOF
   * @throws io.triad.Cancelled if a scope around the caller is cancelled, and nothing was read
   * @throws IllegalArgumentException if the buffer is not native or must not be written to
   * @throws IllegalStateException outside of a task
   * @throws UnsupportedOperationException if this is not Windows
   */
  public static int readIntoOverlapped(long handle, MemorySegment buffer, long offset)
      throws ClosedResourceException, OsException {
    requireNative(buffer, "buffer", 0);
    if (buffer.isReadOnly()) {
      throw new IllegalArgumentException("buffer is read-only");
    }
    Fiber fiber = Loop.requireFiber();
    CompletionPort port = port(fiber.loop());
    fiber.checkpointIfCancelled();
    MemorySegment overlapped = overlapped();
    OverlappedWait wait =
        new OverlappedWait(fiber, port, "ReadFile", number(handle), overlapped, buffer);
    return wait.await(port.read(number(handle), buffer, offset, overlapped));
  }

  /**
   * Writes once: WriteFile. Several tasks may write at once, at their own offsets.
   *
   * @param handle a {@linkplain #registerWithIocp registered} handle
   * @param data what to write, in native memory; must not change until this has returned or thrown
   * @param offset where in the file to begin; 0 for what is no file
   * @return how many bytes were written
   * @throws ClosedResourceException if somebody else ended the call
   * @throws OsException if writing fails
   * @throws io.triad.Cancelled if a scope around the caller is cancelled, and nothing was written
   * @throws IllegalArgumentException if the data is not in native memory
   * @throws IllegalStateException outside of a task
   * @throws UnsupportedOperationException if this is not Windows
   */
  public static int writeOverlapped(long handle, MemorySegment data, long offset)
      throws ClosedResourceException, OsException {
    requireNative(data, "data", 0);
    Fiber fiber = Loop.requireFiber();
    CompletionPort port = port(fiber.loop());
    fiber.checkpointIfCancelled();
    MemorySegment overlapped = overlapped();
    OverlappedWait wait =
        new OverlappedWait(fiber, port, "WriteFile", number(handle), overlapped, data);
    return wait.await(port.write(number(handle), data, offset, overlapped));
  }

  /**
   * Returns the completion port of this run, for packets posted to it with a key of {@link
   * #monitorCompletionKey}. It is closed with the run.
   *
   * @return its handle
   * @throws IllegalStateException outside of a task
   * @throws UnsupportedOperationException if this is not Windows
   */
  public static long currentIocp() {
    return port(Loop.requireFiber().loop()).handle();
  }

  /**
   * Opens a completion key: a number by which packets at the port of this run are told apart from all
   * others, for a job object or for PostQueuedCompletionStatus (LOW-26).
   *
   * @return the key, to be closed in the same run
   * @throws IllegalStateException outside of a task
   * @throws UnsupportedOperationException if this is not Windows
   */
  public static CompletionKey monitorCompletionKey() {
    Loop loop = Loop.requireFiber().loop();
    return new CompletionKey(loop, port(loop));
  }

  // ---- what these have in common ----

  private static CompletionPort port(Loop loop) {
    return Facilities.require(loop, CompletionPort.class, "a completion port of Windows");
  }

  /** Of a handle the kernel looks at 32 bits; whether they were widened with a sign is all the same. */
  private static int number(long handle) {
    if (handle != (int) handle && handle >>> Integer.SIZE != 0) {
      throw new IllegalArgumentException("no handle: " + handle);
    }
    return (int) handle;
  }

  private static void requireNative(MemorySegment segment, String name, long least) {
    if (!Objects.requireNonNull(segment, name).isNative()) {
      throw new IllegalArgumentException(name + " must be in native memory");
    }
    if (segment.byteSize() < least) {
      throw new IllegalArgumentException(name + " must have " + least + " bytes at least");
    }
  }

  /** Collected when nobody knows of it any more; the engine does until the packet has come. */
  private static MemorySegment overlapped() {
    return Arena.ofAuto().allocate(CompletionPort.OVERLAPPED_BYTES, Long.BYTES);
  }

  static OsException failure(Loop loop, int result, String call) {
    Platform platform = loop.platform();
    return new OsException(
        -result, platform.errorName(-result), call, platform.errorMessage(-result));
  }
}
