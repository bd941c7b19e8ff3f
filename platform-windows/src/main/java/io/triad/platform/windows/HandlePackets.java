package io.triad.platform.windows;

import io.triad.engine.CompletionPort;
import io.triad.engine.Operation;
import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The packets of handles that the program has, not the engine: pipes, files, jobs.
 *
 * <p><b>Cancelling what nobody associated.</b> CancelIoEx that finds nothing has come too late: the
 * packet is in the port. Or it never comes, because the handle was not associated. To tell these
 * apart, a marker is posted behind whatever is in the port, and once more when it comes out, because
 * the kernel ends a call before it posts its packet. Who still waits at the second one waits in vain.
 */
final class HandlePackets implements CompletionPort {
  /** What comes with packets of handles that were associated here. */
  static final long KEY = 3;

  /** What comes with markers. */
  static final long MARKER_KEY = 4;

  private static final int OFFSET_AT = 16; // in an OVERLAPPED
  private static final long FIRST_KEY_OF_OTHERS = 16;

  private static final int MARKERS = 2;

  /** As long as the kernel seems to have the call, and nevertheless does not find it. */
  private static final int MOST_MARKERS = 100;

  private final PortCalls calls;
  private final int port;
  private final Map<Long, Wait> waits = new HashMap<>();

  /** Packets that came before anybody waited for them: how many bytes they tell of. */
  private final Map<Long, Integer> early = new HashMap<>();

  private final Map<Long, PacketListener> listeners = new HashMap<>();
  private long nextKey = FIRST_KEY_OF_OTHERS;
  private int waitsBegun;

  /** One who waits. */
  private static final class Wait {
    final int number;
    final int handle;
    final Completion completion;
    boolean cancelled;
    boolean found;
    int markers;

    Wait(int number, int handle, Completion completion) {
      this.number = number;
      this.handle = handle;
      this.completion = completion;
    }
  }

  HandlePackets(PortCalls calls, int port) {
    this.calls = calls;
    this.port = port;
  }

  @Override
  public int handle() {
    return port;
  }

  @Override
  public int associate(int handle) {
    return calls.associate(handle, port, KEY);
  }

  @Override
  public int read(int handle, MemorySegment buffer, long offset, MemorySegment overlapped) {
    clear(overlapped, offset);
    return begun(
        calls.readFile(handle, buffer.address(), length(buffer), overlapped.address()));
  }

  @Override
  public int write(int handle, MemorySegment data, long offset, MemorySegment overlapped) {
    clear(overlapped, offset);
    return begun(calls.writeFile(handle, data.address(), length(data), overlapped.address()));
  }

  private static void clear(MemorySegment overlapped, long offset) {
    overlapped.fill((byte) 0);
    overlapped.set(ValueLayout.JAVA_LONG, OFFSET_AT, offset);
  }

  private static int length(MemorySegment buffer) {
    return Math.toIntExact(buffer.byteSize());
  }

  /** A packet comes whether the call ended at once or not: these handles do not skip it. */
  private static int begun(int result) {
    return result == PortCalls.PENDING ? 0 : Math.min(result, 0);
  }

  @Override
  public boolean await(int handle, long overlapped, Completion completion) {
    if (waits.containsKey(overlapped)) {
      return false;
    }
    waits.put(overlapped, new Wait(waitsBegun++, handle, completion));
    Integer bytes = early.remove(overlapped);
    if (bytes != null) {
      post(bytes, KEY, overlapped); // and comes again
    }
    return true;
  }

  private void post(int bytes, long key, long overlapped) {
    int result = calls.post(port, bytes, key, overlapped);
    if (result < 0) {
      throw new IllegalStateException("PostQueuedCompletionStatus failed");
    }
  }

  @Override
  public void cancel(long overlapped) {
    Wait wait = waits.get(overlapped);
    if (wait != null && !wait.cancelled) {
      wait.cancelled = true;
      wait.found = calls.cancel(wait.handle, overlapped) == 0;
      post(wait.number, MARKER_KEY, overlapped);
    }
  }

  void cancelAll() {
    List<Long> all = new ArrayList<>(waits.keySet());
    all.forEach(this::cancel);
  }

  /** How many wait. */
  int waiting() {
    return waits.size();
  }

  /** A packet has come that is not the engine's. */
  void packet(long key, long overlapped, int bytes) {
    if (key == KEY) {
      Wait wait = waits.remove(overlapped);
      if (wait == null) {
        early.put(overlapped, bytes);
      } else {
        wait.completion.completed(result(Overlapped.statusAt(overlapped), bytes));
      }
    } else if (key == MARKER_KEY) {
      marker(overlapped, bytes);
    } else {
      PacketListener listener = listeners.get(key);
      if (listener != null) {
        listener.packet(overlapped, bytes);
      }
    }
  }

  private int result(int status, int bytes) {
    if (status >= 0 || status == Windows.STATUS_BUFFER_OVERFLOW() || bytes > 0) {
      return bytes;
    }
    return Statuses.wasAborted(status) ? Operation.CANCELED : -calls.win32Error(status);
  }

  private void marker(long overlapped, int number) {
    Wait wait = waits.get(overlapped);
    if (wait == null || wait.number != number) {
      return; // it has had its packet
    }
    boolean goesOn = Overlapped.statusAt(overlapped) == Windows.STATUS_PENDING();
    if (goesOn && !wait.found) {
      wait.found = calls.cancel(wait.handle, overlapped) == 0; // see Cancellations
    }
    if (++wait.markers < (goesOn ? MOST_MARKERS : MARKERS)) {
      post(number, MARKER_KEY, overlapped);
    } else if (!goesOn || !wait.found) {
      waits.remove(overlapped);
      wait.completion.completed(NO_PACKET);
    }
  }

  @Override
  public long openKey(PacketListener listener) {
    long key = nextKey++;
    listeners.put(key, listener);
    return key;
  }

  @Override
  public void closeKey(long key) {
    @Nullable PacketListener listener = listeners.remove(key);
    if (listener == null) {
      throw new IllegalArgumentException("not a key of this port: " + key);
    }
  }

  // ---- objects that are signalled ----

  @Override
  public int makeEvent() {
    return calls.makeEvent();
  }

  @Override
  public int signal(int event) {
    return calls.signal(event);
  }

  @Override
  public int isSignalled(int handle) {
    return calls.isSignalled(handle);
  }

  @Override
  public int waitForEither(int first, int second) {
    return calls.waitForEither(first, second);
  }

  @Override
  public int closeHandle(int handle) {
    return calls.closeHandle(handle);
  }
}
