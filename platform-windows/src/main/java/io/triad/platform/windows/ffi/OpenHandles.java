package io.triad.platform.windows.ffi;

import java.util.BitSet;

/**
 * The sockets and other handles that this call layer has opened and not closed yet; any thread.
 *
 * <p>Windows would tell how many handles the process has, but most of these are the virtual machine's:
 * several for each of its threads, some for each of its files, opened and closed when it likes. So the
 * layer notes by itself what it opens, wherever a handle comes to be or goes.
 */
public final class OpenHandles {
  /** By number; a handle is a multiple of 4. */
  private static final BitSet OPEN = new BitSet();

  private OpenHandles() {}

  /** How many there are; for leak checks. */
  public static int count() {
    synchronized (OPEN) {
      return OPEN.cardinality();
    }
  }

  /** Whether this layer has opened a handle, and nobody else. */
  public static boolean contains(int handle) {
    synchronized (OPEN) {
      return handle >= 0 && OPEN.get(handle / 4);
    }
  }

  /** Notes a handle that came to be, if it is one and no error; answers it. */
  static int opened(int handle) {
    if (handle >= 0) {
      synchronized (OPEN) {
        OPEN.set(handle / 4);
      }
    }
    return handle;
  }

  /**
   * Notes that a handle is about to be closed: afterwards its number may belong to somebody else's at
   * once. Who closes it is the last to know it, whether or not that succeeds.
   */
  static void closing(int handle) {
    if (handle >= 0) {
      synchronized (OPEN) {
        OPEN.clear(handle / 4);
      }
    }
  }
}
