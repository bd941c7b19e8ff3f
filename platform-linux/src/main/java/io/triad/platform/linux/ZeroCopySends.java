package io.triad.platform.linux;

import io.triad.engine.Operation;
import io.triad.platform.linux.ffi.Linux;
import java.util.Arrays;

/**
 * Sends whose memory the network card reads (io_uring_enter(2), IORING_OP_SEND_ZC). They complete
 * twice: with the result, and with the notification that the kernel needs the memory no more. The
 * operation ends with the second, and has the result of the first.
 */
final class ZeroCopySends {
  private int[] results = new int[16];
  private boolean[] plain = new boolean[16];
  private long sends;
  private long copies;
  private boolean unavailable;

  /** Whether a send is to be a plain one, because the kernel refused another or this one. */
  boolean mustCopy(Operation operation) {
    return unavailable || (operation.slot() < plain.length && plain[operation.slot()]);
  }

  /**
   * Takes a completion.
   *
   * @return whether it is the last one
   */
  boolean completed(Operation operation, int result, int flags) {
    int slot = operation.slot();
    if (slot >= results.length) {
      results = Arrays.copyOf(results, Math.max(slot + 1, results.length * 2));
      plain = Arrays.copyOf(plain, results.length);
    }
    if ((flags & Linux.IORING_CQE_F_NOTIF()) != 0) {
      sends++;
      if ((result & Linux.IORING_NOTIF_USAGE_ZC_COPIED()) != 0) {
        copies++;
      }
      return true;
    }
    results[slot] = result;
    return (flags & Linux.IORING_CQE_F_MORE()) == 0;
  }

  /** The result of a send whose last completion has come. */
  int resultOf(Operation operation) {
    return results[operation.slot()];
  }

  /** Whether a result says that the kernel, or this kind of socket, knows no such send. */
  boolean refused(Operation operation, int result) {
    if (result == -Linux.EINVAL()) {
      unavailable = true; // an opcode or a flag that this kernel has not
    } else if (result != -Linux.EOPNOTSUPP()) {
      return false;
    }
    plain[operation.slot()] = true;
    return true;
  }

  /** Takes note that an operation has ended. */
  void forget(Operation operation) {
    if (operation.slot() < plain.length) {
      plain[operation.slot()] = false;
    }
  }

  /** What has come of it, for a person. */
  String describe() {
    return unavailable
        ? "not available"
        : sends == 0
            ? "on request"
        : "on request; " + sends + " so far, of which the kernel copied " + copies;
  }
}
