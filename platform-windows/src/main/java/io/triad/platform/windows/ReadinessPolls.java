package io.triad.platform.windows;

import io.triad.engine.Operation;
import io.triad.platform.windows.ffi.AFD_POLL_HANDLE_INFO;
import io.triad.platform.windows.ffi.AFD_POLL_INFO;
import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * AWAIT_READY: asks the driver behind the sockets, which completes a request as soon as a socket is
 * ready; select is made of the same. The request is made on a file of the driver and only names the
 * socket, so a socket may be any, also one that is associated with another port or made for blocking
 * calls.
 *
 * <p>The driver knows sockets of its own only. A layered provider (a filter between the program and
 * Winsock) hands out other handles, beneath which lies one of the driver's.
 */
final class ReadinessPolls {
  /** The kernel searches all requests on a file when one of them is cancelled. */
  private static final int POLLS_PER_FILE = 32;

  private static final int FAILED =
      Windows.AFD_POLL_ABORT() | Windows.AFD_POLL_CONNECT_FAIL() | Windows.AFD_POLL_LOCAL_CLOSE();
  private static final int READABLE =
      Windows.AFD_POLL_RECEIVE() | Windows.AFD_POLL_ACCEPT() | Windows.AFD_POLL_DISCONNECT();
  private static final int WRITABLE = Windows.AFD_POLL_SEND();

  private static final int NONE = -1;

  private final PortCalls calls;
  private final int port;

  /** Files of the driver; each serves that many blocks. */
  private int[] drivers = {};

  ReadinessPolls(PortCalls calls, int port) {
    this.calls = calls;
    this.port = port;
  }

  /**
   * The driver's own socket beneath a socket; an error if it is none.
   *
   * @throws IllegalStateException if a layered provider hides it
   */
  int beneath(int socket) {
    int base = calls.beneath(socket, Windows.SIO_BASE_HANDLE());
    if (base >= 0 || base == -Windows.WSAENOTSOCK()) {
      return base;
    }
    // Some providers refuse this on purpose, and forget about the other.
    int next = calls.beneath(socket, Windows.SIO_BSP_HANDLE_POLL());
    if (next >= 0 && next != socket) {
      int found = calls.beneath(next, Windows.SIO_BASE_HANDLE());
      if (found >= 0) {
        return found;
      }
    }
    throw new IllegalStateException(
        "a layered Winsock provider hides the system's own socket beneath this one (SIO_BASE_HANDLE"
            + " answers error "
            + -base
            + "), so nobody can tell when it is ready; \"netsh winsock show catalog\" lists such"
            + " providers");
  }

  /** Asks; the packet tells when it is ready. */
  int poll(Overlapped block, int base) {
    int driver = driverOf(block.index / POLLS_PER_FILE);
    if (driver < 0) {
      return driver;
    }
    MemorySegment question = block.poll();
    AFD_POLL_INFO.Timeout(question, Long.MAX_VALUE);
    AFD_POLL_INFO.NumberOfHandles(question, 1);
    AFD_POLL_INFO.Exclusive(question, 0);
    MemorySegment about = AFD_POLL_INFO.Handles_0(question);
    AFD_POLL_HANDLE_INFO.Handle(about, MemorySegment.ofAddress(base));
    AFD_POLL_HANDLE_INFO.Events(about, FAILED | wanted(block.operation()));
    AFD_POLL_HANDLE_INFO.Status(about, 0);
    block.clear(0);
    block.handle = driver;
    int answer = calls.pollSocket(driver, block.address, block.pollAddress());
    return answer >= 0 ? PortCalls.PENDING : answer; // a packet comes in either case
  }

  private static int wanted(Operation operation) {
    int readiness = operation.readiness();
    return ((readiness & Operation.READABLE) != 0 ? READABLE : 0)
        | ((readiness & Operation.WRITABLE) != 0 ? WRITABLE : 0);
  }

  /** What the packet says: for what it is ready, or an error. */
  int result(Overlapped block, int status) {
    Operation operation = block.operation();
    if (status < 0) {
      return Statuses.result(calls, operation, status, 0);
    }
    int events = AFD_POLL_HANDLE_INFO.Events(AFD_POLL_INFO.Handles_0(block.poll()));
    if ((events & Windows.AFD_POLL_LOCAL_CLOSE()) != 0) {
      return -Windows.WSAEBADF();
    }
    if ((events & FAILED) != 0) {
      return operation.readiness(); // whoever tries sees why
    }
    int readiness =
        ((events & READABLE) != 0 ? Operation.READABLE : 0)
            | ((events & WRITABLE) != 0 ? Operation.WRITABLE : 0);
    return readiness & operation.readiness();
  }

  private int driverOf(int group) {
    if (group >= drivers.length) {
      int before = drivers.length;
      drivers = Arrays.copyOf(drivers, Math.max(group + 1, before * 2));
      Arrays.fill(drivers, before, drivers.length, NONE);
    }
    if (drivers[group] == NONE) {
      int driver = calls.openSocketDriver();
      if (driver < 0) {
        return driver;
      }
      int result = calls.associate(driver, port, Associations.KEY);
      if (result < 0) {
        calls.closeHandle(driver);
        return result;
      }
      drivers[group] = driver;
    }
    return drivers[group];
  }

  /** Gives the files back, on which nothing is in flight. */
  void close() {
    for (int driver : drivers) {
      if (driver != NONE) {
        calls.closeHandle(driver);
      }
    }
  }
}
