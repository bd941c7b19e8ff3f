package io.triad.platform.windows;

import io.triad.platform.windows.ffi.Kernel32;
import io.triad.platform.windows.ffi.Windows;
import java.util.HashMap;
import java.util.Map;

/**
 * The error numbers of Windows by the names that other systems give the same thing: those of sockets
 * (10004 and up) and those of Win32. A few have no counterpart and keep their own name.
 */
final class WindowsErrors {
  private static final Map<Integer, String> NAMES = names();

  private WindowsErrors() {}

  /** The symbolic name, or {@code error N} for a number that is none of those. */
  static String name(int code) {
    return NAMES.getOrDefault(code, "error " + code);
  }

  /** The system's own text. */
  static String message(int code) {
    String text = Kernel32.message(code);
    return text.isEmpty() ? "unknown error " + code : text;
  }

  private static void put(Map<Integer, String> names, String name, int... codes) {
    for (int code : codes) {
      if (names.put(code, name) != null) {
        throw new AssertionError("two names for " + code);
      }
    }
  }

  private static Map<Integer, String> names() {
    Map<Integer, String> names = new HashMap<>();
    putSockets(names);
    putConnections(names);
    putFiles(names);
    putResources(names);
    putOwn(names);
    return Map.copyOf(names);
  }

  private static void putSockets(Map<Integer, String> names) {
    put(names, "EADDRINUSE", Windows.WSAEADDRINUSE());
    put(names, "EADDRNOTAVAIL", Windows.WSAEADDRNOTAVAIL());
    put(names, "EAFNOSUPPORT", Windows.WSAEAFNOSUPPORT());
    put(names, "EAGAIN", Windows.WSAEWOULDBLOCK(), Windows.ERROR_IO_INCOMPLETE());
    put(names, "EALREADY", Windows.WSAEALREADY());
    put(names, "EDESTADDRREQ", Windows.WSAEDESTADDRREQ());
    put(names, "EDQUOT", Windows.WSAEDQUOT());
    put(names, "EFAULT", Windows.WSAEFAULT(), Windows.ERROR_NOACCESS());
    put(names, "EINPROGRESS", Windows.WSAEINPROGRESS(), Windows.ERROR_IO_PENDING());
    put(names, "EINTR", Windows.WSAEINTR());
    put(names, "EISCONN", Windows.WSAEISCONN());
    put(names, "EMSGSIZE", Windows.WSAEMSGSIZE(), Windows.ERROR_MORE_DATA());
    put(names, "ENOPROTOOPT", Windows.WSAENOPROTOOPT());
    put(
        names, "ENOTCONN", Windows.WSAENOTCONN(), Windows.ERROR_CONNECTION_INVALID(),
        Windows.ERROR_NOT_CONNECTED());
    put(names, "ENOTSOCK", Windows.WSAENOTSOCK());
    put(names, "EOPNOTSUPP", Windows.WSAEOPNOTSUPP(), Windows.ERROR_NOT_SUPPORTED());
    put(names, "EPFNOSUPPORT", Windows.WSAEPFNOSUPPORT());
    put(names, "EPROTONOSUPPORT", Windows.WSAEPROTONOSUPPORT());
    put(names, "EPROTOTYPE", Windows.WSAEPROTOTYPE());
    put(names, "EREMOTE", Windows.WSAEREMOTE());
    put(names, "ESOCKTNOSUPPORT", Windows.WSAESOCKTNOSUPPORT());
    put(names, "ESTALE", Windows.WSAESTALE());
    put(names, "ETOOMANYREFS", Windows.WSAETOOMANYREFS());
    put(names, "EUSERS", Windows.WSAEUSERS());
  }

  /** Sending after a shutdown is EPIPE elsewhere, ESHUTDOWN being for other things. */
  private static void putConnections(Map<Integer, String> names) {
    put(
        names, "ECANCELED", Windows.WSAECANCELLED(), Windows.WSA_E_CANCELLED(),
        Windows.ERROR_OPERATION_ABORTED(), Windows.ERROR_CANCELLED());
    put(
        names, "ECONNABORTED", Windows.WSAECONNABORTED(), Windows.ERROR_CONNECTION_ABORTED(),
        Windows.ERROR_REQUEST_ABORTED());
    put(
        names, "ECONNREFUSED", Windows.WSAECONNREFUSED(), Windows.WSAEREFUSED(),
        Windows.ERROR_CONNECTION_REFUSED(), Windows.ERROR_PORT_UNREACHABLE());
    put(names, "ECONNRESET", Windows.WSAECONNRESET(), Windows.ERROR_NETNAME_DELETED());
    put(names, "EHOSTDOWN", Windows.WSAEHOSTDOWN());
    put(
        names, "EHOSTUNREACH", Windows.WSAEHOSTUNREACH(), Windows.ERROR_HOST_UNREACHABLE(),
        Windows.ERROR_PROTOCOL_UNREACHABLE());
    put(names, "ENETDOWN", Windows.WSAENETDOWN());
    put(names, "ENETRESET", Windows.WSAENETRESET());
    put(names, "ENETUNREACH", Windows.WSAENETUNREACH(), Windows.ERROR_NETWORK_UNREACHABLE());
    put(
        names, "EPIPE", Windows.WSAESHUTDOWN(), Windows.WSAEDISCON(),
        Windows.ERROR_BROKEN_PIPE(), Windows.ERROR_NO_DATA(), Windows.ERROR_BAD_PIPE(),
        Windows.ERROR_PIPE_NOT_CONNECTED(), Windows.ERROR_GRACEFUL_DISCONNECT());
    put(
        names, "ETIMEDOUT", Windows.WSAETIMEDOUT(), Windows.ERROR_SEM_TIMEOUT(),
        Windows.ERROR_TIMEOUT(), Windows.WAIT_TIMEOUT());
  }

  private static void putFiles(Map<Integer, String> names) {
    put(
        names, "EACCES", Windows.WSAEACCES(), Windows.ERROR_ACCESS_DENIED(),
        Windows.ERROR_INVALID_ACCESS(), Windows.ERROR_CANT_ACCESS_FILE());
    put(
        names, "EBUSY", Windows.ERROR_SHARING_VIOLATION(), Windows.ERROR_LOCK_VIOLATION(),
        Windows.ERROR_PIPE_BUSY(), Windows.ERROR_BUSY(), Windows.ERROR_DELETE_PENDING(),
        Windows.ERROR_NETWORK_BUSY());
    put(names, "EEXIST", Windows.ERROR_FILE_EXISTS(), Windows.ERROR_ALREADY_EXISTS());
    put(
        names, "EIO", Windows.ERROR_WRITE_FAULT(), Windows.ERROR_READ_FAULT(),
        Windows.ERROR_GEN_FAILURE(), Windows.ERROR_NOT_READY(), Windows.ERROR_FILE_INVALID(),
        Windows.ERROR_UNEXP_NET_ERR(), Windows.WSASYSCALLFAILURE());
    put(names, "ELOOP", Windows.WSAELOOP());
    put(names, "EMLINK", Windows.ERROR_TOO_MANY_LINKS());
    put(
        names, "ENAMETOOLONG", Windows.WSAENAMETOOLONG(), Windows.ERROR_FILENAME_EXCED_RANGE(),
        Windows.ERROR_BUFFER_OVERFLOW());
    put(
        names, "ENOENT", Windows.ERROR_FILE_NOT_FOUND(), Windows.ERROR_PATH_NOT_FOUND(),
        Windows.ERROR_INVALID_DRIVE(), Windows.ERROR_INVALID_NAME(),
        Windows.ERROR_BAD_PATHNAME(), Windows.ERROR_BAD_NETPATH(),
        Windows.ERROR_BAD_NET_NAME(), Windows.ERROR_MOD_NOT_FOUND(),
        Windows.ERROR_NOT_FOUND(), Windows.ERROR_NO_MORE_FILES());
    put(names, "ENOEXEC", Windows.ERROR_BAD_EXE_FORMAT());
    put(names, "ENOTDIR", Windows.ERROR_DIRECTORY());
    put(names, "ENOTEMPTY", Windows.WSAENOTEMPTY(), Windows.ERROR_DIR_NOT_EMPTY());
    put(names, "EROFS", Windows.ERROR_WRITE_PROTECT());
    put(names, "EXDEV", Windows.ERROR_NOT_SAME_DEVICE());
  }

  private static void putResources(Map<Integer, String> names) {
    put(names, "EBADF", Windows.WSAEBADF(), Windows.ERROR_INVALID_HANDLE());
    put(
        names, "EINVAL", Windows.WSAEINVAL(), Windows.ERROR_INVALID_PARAMETER(),
        Windows.ERROR_INVALID_FUNCTION(), Windows.ERROR_INVALID_DATA(),
        Windows.ERROR_INSUFFICIENT_BUFFER(), Windows.ERROR_NOT_A_REPARSE_POINT());
    put(names, "EMFILE", Windows.WSAEMFILE(), Windows.ERROR_TOO_MANY_OPEN_FILES());
    put(names, "ENOBUFS", Windows.WSAENOBUFS());
    put(
        names, "ENOMEM", Windows.ERROR_NOT_ENOUGH_MEMORY(), Windows.ERROR_OUTOFMEMORY(),
        Windows.ERROR_NO_SYSTEM_RESOURCES(), Windows.ERROR_COMMITMENT_LIMIT());
    put(names, "ENOSPC", Windows.ERROR_DISK_FULL(), Windows.ERROR_HANDLE_DISK_FULL());
    put(names, "ENOSYS", Windows.ERROR_CALL_NOT_IMPLEMENTED(), Windows.ERROR_PROC_NOT_FOUND());
    put(names, "EPERM", Windows.ERROR_PRIVILEGE_NOT_HELD());
  }

  private static void putOwn(Map<Integer, String> names) {
    put(names, "ERROR_HANDLE_EOF", Windows.ERROR_HANDLE_EOF());
    put(names, "ERROR_PIPE_CONNECTED", Windows.ERROR_PIPE_CONNECTED());
    put(names, "ERROR_PIPE_LISTENING", Windows.ERROR_PIPE_LISTENING());
    put(names, "ERROR_ABANDONED_WAIT_0", Windows.ERROR_ABANDONED_WAIT_0());
    put(names, "WSAEPROCLIM", Windows.WSAEPROCLIM());
    put(names, "WSASYSNOTREADY", Windows.WSASYSNOTREADY());
    put(names, "WSAVERNOTSUPPORTED", Windows.WSAVERNOTSUPPORTED());
    put(names, "WSANOTINITIALISED", Windows.WSANOTINITIALISED());
    put(names, "WSAENOMORE", Windows.WSAENOMORE());
    put(names, "WSA_E_NO_MORE", Windows.WSA_E_NO_MORE());
    put(names, "WSAEINVALIDPROCTABLE", Windows.WSAEINVALIDPROCTABLE());
    put(names, "WSAEINVALIDPROVIDER", Windows.WSAEINVALIDPROVIDER());
    put(names, "WSAEPROVIDERFAILEDINIT", Windows.WSAEPROVIDERFAILEDINIT());
    put(names, "WSASERVICE_NOT_FOUND", Windows.WSASERVICE_NOT_FOUND());
    put(names, "WSATYPE_NOT_FOUND", Windows.WSATYPE_NOT_FOUND());
    put(names, "WSAHOST_NOT_FOUND", Windows.WSAHOST_NOT_FOUND());
    put(names, "WSATRY_AGAIN", Windows.WSATRY_AGAIN());
    put(names, "WSANO_RECOVERY", Windows.WSANO_RECOVERY());
    put(names, "WSANO_DATA", Windows.WSANO_DATA());
  }
}
