package io.triad.platform.macos;

import io.triad.platform.macos.ffi.Darwin;

/** The error numbers of macOS (errno(2)), the same on x86-64 and arm64, and their names. */
final class MacosErrors {
  /** By number. */
  private static final String[] NAMES = {
    "", "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF",
    "ECHILD", "EDEADLK", "ENOMEM", "EACCES", "EFAULT", "ENOTBLK", "EBUSY", "EEXIST",
    "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ENOTTY",
    "ETXTBSY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE",
    "EAGAIN", "EINPROGRESS", "EALREADY", "ENOTSOCK", "EDESTADDRREQ", "EMSGSIZE",
    "EPROTOTYPE", "ENOPROTOOPT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "ENOTSUP",
    "EPFNOSUPPORT", "EAFNOSUPPORT", "EADDRINUSE", "EADDRNOTAVAIL", "ENETDOWN",
    "ENETUNREACH", "ENETRESET", "ECONNABORTED", "ECONNRESET", "ENOBUFS", "EISCONN",
    "ENOTCONN", "ESHUTDOWN", "ETOOMANYREFS", "ETIMEDOUT", "ECONNREFUSED", "ELOOP",
    "ENAMETOOLONG", "EHOSTDOWN", "EHOSTUNREACH", "ENOTEMPTY", "EPROCLIM", "EUSERS",
    "EDQUOT", "ESTALE", "EREMOTE", "EBADRPC", "ERPCMISMATCH", "EPROGUNAVAIL",
    "EPROGMISMATCH", "EPROCUNAVAIL", "ENOLCK", "ENOSYS", "EFTYPE", "EAUTH", "ENEEDAUTH",
    "EPWROFF", "EDEVERR", "EOVERFLOW", "EBADEXEC", "EBADARCH", "ESHLIBVERS", "EBADMACHO",
    "ECANCELED", "EIDRM", "ENOMSG", "EILSEQ", "ENOATTR", "EBADMSG", "EMULTIHOP", "ENODATA",
    "ENOLINK", "ENOSR", "ENOSTR", "EPROTO", "ETIME", "EOPNOTSUPP", "ENOPOLICY",
    "ENOTRECOVERABLE", "EOWNERDEAD", "EQFULL", "ENOTCAPABLE"
  };

  private MacosErrors() {}

  /** The symbolic name, or {@code errno N} for a number that macOS does not have. */
  static String name(int errno) {
    return errno > 0 && errno < NAMES.length ? NAMES[errno] : "errno " + errno;
  }

  /** Passes a result on and throws for an error that nothing in our hands can cause. */
  static int require(Darwin darwin, int result, String call) {
    if (result < 0) {
      throw new IllegalStateException(call + " failed: " + describe(darwin, -result));
    }
    return result;
  }

  /** Name and text. */
  static String describe(Darwin darwin, int errno) {
    return name(errno) + " (" + darwin.strerror(errno) + ")";
  }
}
