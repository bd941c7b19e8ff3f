package io.triad.platform.windows;

import static java.util.Map.entry;

import io.triad.engine.Operation;
import io.triad.platform.windows.ffi.PortCalls;
import io.triad.platform.windows.ffi.Windows;
import java.util.Map;

/**
 * What the kernel's last word on an operation on a socket means. A packet carries an NTSTATUS; a
 * blocking call would have told a code of Winsock, and so do we. A status that is not in the table is
 * told as the Win32 code that RtlNtStatusToDosError knows for it.
 */
final class Statuses {
  private static final Map<Integer, Integer> CODES =
      Map.ofEntries(
          entry(Windows.STATUS_INVALID_HANDLE(), Windows.WSAENOTSOCK()),
          entry(Windows.STATUS_OBJECT_TYPE_MISMATCH(), Windows.WSAENOTSOCK()),
          entry(Windows.STATUS_FILE_CLOSED(), Windows.WSAEBADF()),
          entry(Windows.STATUS_HANDLES_CLOSED(), Windows.WSAEBADF()),
          entry(Windows.STATUS_ACCESS_VIOLATION(), Windows.WSAEFAULT()),
          entry(Windows.STATUS_INVALID_PARAMETER(), Windows.WSAEINVAL()),
          entry(Windows.STATUS_ACCESS_DENIED(), Windows.WSAEACCES()),
          entry(Windows.STATUS_NO_MEMORY(), Windows.WSAENOBUFS()),
          entry(Windows.STATUS_INSUFFICIENT_RESOURCES(), Windows.WSAENOBUFS()),
          entry(Windows.STATUS_PAGEFILE_QUOTA(), Windows.WSAENOBUFS()),
          entry(Windows.STATUS_QUOTA_EXCEEDED(), Windows.WSAENOBUFS()),
          entry(Windows.STATUS_WORKING_SET_QUOTA(), Windows.WSAENOBUFS()),
          entry(Windows.STATUS_COMMITMENT_LIMIT(), Windows.WSAENOBUFS()),
          entry(Windows.STATUS_TOO_MANY_ADDRESSES(), Windows.WSAENOBUFS()),
          entry(Windows.STATUS_TOO_MANY_OPENED_FILES(), Windows.WSAEMFILE()),
          entry(Windows.STATUS_NOT_SUPPORTED(), Windows.WSAEOPNOTSUPP()),
          entry(Windows.STATUS_NOT_IMPLEMENTED(), Windows.WSAEOPNOTSUPP()),
          entry(Windows.STATUS_INVALID_DEVICE_REQUEST(), Windows.WSAEOPNOTSUPP()),
          entry(Windows.STATUS_SHARING_VIOLATION(), Windows.WSAEADDRINUSE()),
          entry(Windows.STATUS_ADDRESS_ALREADY_EXISTS(), Windows.WSAEADDRINUSE()),
          entry(Windows.STATUS_INVALID_ADDRESS_COMPONENT(), Windows.WSAEADDRNOTAVAIL()),
          entry(Windows.STATUS_CONNECTION_REFUSED(), Windows.WSAECONNREFUSED()),
          entry(Windows.STATUS_CONNECTION_RESET(), Windows.WSAECONNRESET()),
          entry(Windows.STATUS_CONNECTION_DISCONNECTED(), Windows.WSAECONNRESET()),
          entry(Windows.STATUS_REMOTE_DISCONNECT(), Windows.WSAECONNRESET()),
          entry(Windows.STATUS_LINK_FAILED(), Windows.WSAECONNRESET()),
          entry(Windows.STATUS_PORT_UNREACHABLE(), Windows.WSAECONNRESET()),
          entry(Windows.STATUS_CONNECTION_ABORTED(), Windows.WSAECONNABORTED()),
          entry(Windows.STATUS_LOCAL_DISCONNECT(), Windows.WSAECONNABORTED()),
          entry(Windows.STATUS_TRANSACTION_ABORTED(), Windows.WSAECONNABORTED()),
          entry(Windows.STATUS_GRACEFUL_DISCONNECT(), Windows.WSAEDISCON()),
          entry(Windows.STATUS_CONNECTION_ACTIVE(), Windows.WSAEISCONN()),
          entry(Windows.STATUS_INVALID_CONNECTION(), Windows.WSAENOTCONN()),
          entry(Windows.STATUS_CONNECTION_INVALID(), Windows.WSAENOTCONN()),
          entry(Windows.STATUS_ADDRESS_CLOSED(), Windows.WSAENOTCONN()),
          entry(Windows.STATUS_PIPE_DISCONNECTED(), Windows.WSAESHUTDOWN()),
          entry(Windows.STATUS_PIPE_BROKEN(), Windows.WSAECONNRESET()),
          entry(Windows.STATUS_IO_TIMEOUT(), Windows.WSAETIMEDOUT()),
          entry(Windows.STATUS_LINK_TIMEOUT(), Windows.WSAETIMEDOUT()),
          entry(Windows.STATUS_HOST_UNREACHABLE(), Windows.WSAEHOSTUNREACH()),
          entry(Windows.STATUS_NETWORK_UNREACHABLE(), Windows.WSAENETUNREACH()),
          entry(Windows.STATUS_PROTOCOL_UNREACHABLE(), Windows.WSAENETUNREACH()),
          entry(Windows.STATUS_BAD_NETWORK_PATH(), Windows.WSAENETUNREACH()),
          entry(Windows.STATUS_HOPLIMIT_EXCEEDED(), Windows.WSAENETRESET()),
          entry(Windows.STATUS_NETWORK_BUSY(), Windows.WSAENETDOWN()),
          entry(Windows.STATUS_INVALID_NETWORK_RESPONSE(), Windows.WSAENETDOWN()),
          entry(Windows.STATUS_UNEXPECTED_NETWORK_ERROR(), Windows.WSAENETDOWN()),
          entry(Windows.STATUS_INVALID_BUFFER_SIZE(), Windows.WSAEMSGSIZE()),
          entry(Windows.STATUS_DEVICE_NOT_READY(), Windows.WSAEWOULDBLOCK()));

  private Statuses() {}

  /**
   * The result of an operation.
   *
   * @param status its last word; an error is negative
   * @param bytes how many were moved, which counts for more than an error: whoever sends the rest will
   *     see that
   */
  static int result(PortCalls calls, Operation operation, int status, int bytes) {
    if (isDone(status) || bytes > 0) {
      return bytes;
    }
    if (wasAborted(status) || (operation.cancelRequested() && wasClosed(status))) {
      return Operation.CANCELED;
    }
    if (status == Windows.STATUS_END_OF_FILE()) {
      return 0;
    }
    Integer code = CODES.get(status);
    return code == null ? -calls.win32Error(status) : -code;
  }

  /** A datagram that was cut off, a warning, is received all the same. */
  private static boolean isDone(int status) {
    return status >= 0 || status == Windows.STATUS_BUFFER_OVERFLOW();
  }

  /** Somebody cancelled it: we, or another who closed the socket. */
  static boolean wasAborted(int status) {
    return status == Windows.STATUS_CANCELLED() || status == Windows.STATUS_REQUEST_ABORTED();
  }

  /** What closing a socket may say of an operation that was just about to be aborted. */
  private static boolean wasClosed(int status) {
    return status == Windows.STATUS_HANDLES_CLOSED()
        || status == Windows.STATUS_FILE_CLOSED()
        || status == Windows.STATUS_LOCAL_DISCONNECT()
        || status == Windows.STATUS_CONNECTION_ABORTED()
        || status == Windows.STATUS_INVALID_HANDLE();
  }
}
