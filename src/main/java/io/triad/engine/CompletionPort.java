package io.triad.engine;

import java.lang.foreign.MemorySegment;

/**
 * What an engine on a completion port of Windows can do beyond {@link Engine}: it lets the program
 * use the port of the run for handles of its own. Found by {@link Engine#facility}.
 *
 * <p>Handles are {@code int}s, which is all that the kernel looks at. Calls answer a count or handle
 * (≥ 0), or {@code -code} with an error code of the system ({@code GetLastError}); a failure of a
 * handle is a Win32 code such as 6 (ERROR_INVALID_HANDLE) or 109 (ERROR_BROKEN_PIPE), not one of
 * Winsock. Unless said otherwise, a method is for the thread of the loop, and completions come by
 * {@link Engine#poll} on this thread and in no other way.
 *
 * <p><b>How an overlapped call is waited for.</b> The handle has been {@link #associate associated}
 * once in its life. The program fills an {@code OVERLAPPED} in native memory, whose {@code hEvent} is
 * zero, and makes the call. If this answers TRUE or fails with ERROR_IO_PENDING (997), a packet
 * will come, and {@link #await} waits for it; the same OVERLAPPED and the memory of the call stay where
 * they are until then. With any other failure there is no packet, and nothing to wait for.
 */
public interface CompletionPort {
  /**
   * The result of a wait that was cancelled although the kernel knows of no such operation and its
   * packet does not come either: nearly always because nobody associated the handle.
   */
  int NO_PACKET = Integer.MIN_VALUE + 4;

  /** The size of an OVERLAPPED, which is aligned to 8 bytes. */
  int OVERLAPPED_BYTES = 32;

  /** What awaits the end of one overlapped call. */
  @FunctionalInterface
  interface Completion {
    /**
     * Called once, on the loop.
     *
     * @param result how many bytes were moved; {@link Operation#CANCELED} if the call was aborted
     *     before anything was moved, by us or by whoever closed the handle; {@link #NO_PACKET}; or
     *     {@code -code}
     */
    void completed(int result);
  }

  /** What is told of every packet with a certain key. */
  @FunctionalInterface
  interface PacketListener {
    /**
     * Called on the loop; must not throw.
     *
     * @param overlapped the address of the OVERLAPPED, or whatever number was posted in its place
     * @param bytes how many bytes were moved, or whatever number was posted
     */
    void packet(long overlapped, int bytes);
  }

  /** The handle of the port itself; closed with the engine. */
  int handle();

  /**
   * Has the packets of a handle come to this port, for {@link #await}. Once in the life of a handle: a
   * second time is ERROR_INVALID_PARAMETER (87), as the kernel says.
   *
   * @return 0 or {@code -code}
   */
  int associate(int handle);

  /**
   * Begins to read: ReadFile.
   *
   * @param handle an {@link #associate associated} handle
   * @param buffer native memory; as long as an {@code int} can say
   * @param offset where in the file to begin
   * @param overlapped which is filled with zeros and the offset
   * @return 0 if a packet will come; {@code -code} if none will
   */
  int read(int handle, MemorySegment buffer, long offset, MemorySegment overlapped);

  /** Begins to write: WriteFile; see {@link #read}. */
  int write(int handle, MemorySegment data, long offset, MemorySegment overlapped);

  /**
   * Waits for the packet of an overlapped call that has begun. It counts as an operation in flight:
   * {@link Engine#cancelAll} cancels it, and the engine is not closed before it has ended. A packet
   * that came before anybody waited is kept, and delivered by the next poll.
   *
   * @param handle on which the call was made
   * @param overlapped the address of its OVERLAPPED
   * @return whether it waits now; false if somebody waits for this OVERLAPPED already
   */
  boolean await(int handle, long overlapped, Completion completion);

  /**
   * Asks for an overlapped call to end early (CancelIoEx); its completion still comes, and says what
   * became of it. Harmless if nobody {@link #await awaits} it.
   */
  void cancel(long overlapped);

  /**
   * Gives out a completion key of one's own, for packets that the program has posted or for handles
   * that it associates by itself, such as those of jobs.
   *
   * @return the key, never 0
   */
  long openKey(PacketListener listener);

  /** Takes a key back; packets that still come with it are dropped. */
  void closeKey(long key);

  // ---- objects that are signalled: processes, threads, events; any thread ----

  /** Makes an event that stays signalled, and is not yet; for {@link #waitForEither}. */
  int makeEvent();

  /** Signals an event. */
  int signal(int event);

  /** Whether an object is signalled: 1 or 0. */
  int isSignalled(int handle);

  /**
   * Blocks the calling thread, which is not that of the loop, until one of two objects is signalled.
   * Closing a handle does not end the wait.
   *
   * @return 0 if the first one is, whatever the other; 1 if only the other
   */
  int waitForEither(int first, int second);

  /** Closes a handle that is no socket. */
  int closeHandle(int handle);
}
