package io.triad.platform.windows;

import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the kernel to end calls. CancelIoEx that finds the call has it end soon, and its packet tells
 * how; CancelIoEx that finds nothing has come too late, and the packet is there already.
 *
 * <p>Or so it is written. Wine also finds nothing while it is just about to go on with a call, a send
 * that found a little room for example, and then the call goes on. So whoever was not found is asked
 * for again until its packet comes: on Windows that is before anybody could ask.
 */
final class Cancellations {
  private final PortCalls calls;
  private final List<Overlapped> unheard = new ArrayList<>();

  Cancellations(PortCalls calls) {
    this.calls = calls;
  }

  /** Asks a call to end, if the kernel has it. */
  void ask(Overlapped block) {
    if (block.pending) {
      block.leave();
      if (isUnheard(block)) {
        unheard.add(block);
      }
    }
  }

  private boolean isUnheard(Overlapped block) {
    return calls.cancel(block.handle, block.address) == -Windows.ERROR_NOT_FOUND();
  }

  /** Asks again those who were not found; answers whether there still are some. */
  boolean askAgain() {
    if (!unheard.isEmpty()) {
      unheard.removeIf(block -> !isUnheard(block));
    }
    return !unheard.isEmpty();
  }

  /** The packet of a call has come. */
  void ended(Overlapped block) {
    if (!unheard.isEmpty()) {
      unheard.remove(block);
    }
  }
}
