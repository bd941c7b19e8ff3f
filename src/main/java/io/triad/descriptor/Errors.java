package io.triad.descriptor;

import io.triad.BrokenResourceException;
import io.triad.ClosedResourceException;
import io.triad.OsException;
import io.triad.engine.Platform;
import java.io.IOException;

/** Results of the system as exceptions. */
public final class Errors {
  private Errors() {}

  /** The exception for a negative result of a call. */
  public static OsException of(Platform platform, int result, String call) {
    if (result == Platform.UNSUPPORTED) {
      return new OsException(0, "EOPNOTSUPP", call, "this system has no such thing");
    }
    return new OsException(
        -result, platform.errorName(-result), call, platform.errorMessage(-result));
  }

  /** What a stream's operation throws for a negative result (NET-11). */
  public static IOException ofStream(Platform platform, int result, String call) {
    OsException cause = of(platform, result, call);
    return isGone(cause)
        ? new ClosedResourceException("this socket was already closed")
        : new BrokenResourceException("socket connection broken: " + cause.getMessage(), cause);
  }

  /** Throws what close(2) reports, unless it is that the descriptor was closed before (NET-13). */
  public static void checkClose(Platform platform, int result) throws OsException {
    if (result < 0) {
      OsException error = of(platform, result, "close");
      if (!isGone(error)) {
        throw error;
      }
    }
  }

  /** Whether the descriptor itself has been closed behind our back. */
  public static boolean isGone(OsException error) {
    return error.symbol().equals("EBADF") || error.symbol().equals("ENOTSOCK");
  }
}
