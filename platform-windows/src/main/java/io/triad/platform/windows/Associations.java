package io.triad.platform.windows;

import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which sockets send their packets to the port.
 *
 * <p>A file of the kernel is associated with a port once in its life, and its number does not tell
 * which file it is: sockets are closed and opened by the platform, by the JDK, by the program, and the
 * number is the same. A wrong belief would be a packet that never comes. So nothing is believed that
 * can be asked: the first operation on a socket asks the kernel to associate it, which takes less than
 * a microsecond and has three answers.
 *
 * <pre>
 * answer                        what we knew          what it is
 * ────────────────────────────────────────────────────────────────────────────────────────────
 * done                          whatever              a file that was never seen, whatever its number
 * ERROR_INVALID_PARAMETER       it is associated      the file that we know
 * ERROR_INVALID_PARAMETER       nothing               associated with another port: moved to ours
 * </pre>
 *
 * <p>Another port is, for example, that of a run that was here before. To move a file is in the power
 * of Windows 8.1 and later, and not in that of Wine; whoever cannot says EOPNOTSUPP.
 *
 * <p>As long as an operation that nobody cancelled is in flight on it, the file is the same, because
 * nobody closes a descriptor before that, and the question is saved. One mistake remains: a number that
 * we know, closed behind our back, and then given to a file that somebody else had associated with a
 * port of his before he gave it to us.
 */
final class Associations {
  /** What comes with the packets of sockets. */
  static final long KEY = 1;

  private final PortCalls calls;
  private final int port;

  /** By handle; these are multiples of four. */
  private @Nullable Association[] known = new @Nullable Association[256];

  private int moved;

  Associations(PortCalls calls, int port) {
    this.calls = calls;
    this.port = port;
  }

  /** Has the packets of a socket come to the port; answers 0 or an error. */
  int associate(int socket) {
    Association before = find(socket);
    if (before != null && before.users > 0) {
      return 0;
    }
    int result = calls.associate(socket, port, KEY);
    if (result == -Windows.ERROR_INVALID_PARAMETER()) {
      if (before != null) {
        return 0;
      }
      if (calls.reassociate(socket, port, KEY) < 0) {
        return -Windows.WSAEOPNOTSUPP();
      }
      moved++;
      result = 0;
    }
    if (result < 0) {
      return result == -Windows.ERROR_INVALID_HANDLE() ? -Windows.WSAEBADF() : result;
    }
    Association fresh = new Association();
    fresh.skips = calls.isKernelHandle(socket) == 1 && calls.skipOnSuccess(socket) == 0;
    keep(socket, fresh);
    return 0;
  }

  /** What is known of a socket that was just {@link #associate associated}. */
  Association of(int socket) {
    Association association = find(socket);
    assert association != null;
    return association;
  }

  /** Whether a call on it that succeeds at once sends no packet. */
  boolean skips(int socket) {
    return of(socket).skips;
  }

  /** The number of this socket is somebody else's from now on. */
  void forget(int socket) {
    if (find(socket) != null) {
      known[socket >>> 2] = null;
    }
  }

  private @Nullable Association find(int socket) {
    int index = socket >>> 2;
    return index < known.length ? known[index] : null;
  }

  private void keep(int socket, Association association) {
    int index = socket >>> 2;
    if (index >= known.length) {
      known = Arrays.copyOf(known, Math.max(index + 1, known.length * 2));
    }
    known[index] = association;
  }

  /** For the description of the engine. */
  String describe() {
    int count = 0;
    int skipping = 0;
    for (Association each : known) {
      count += each == null ? 0 : 1;
      skipping += each == null || !each.skips ? 0 : 1;
    }
    return "sockets known to the port: " + count + ", " + skipping
        + " of them without packets for what succeeds at once, " + moved + " from other ports";
  }
}
