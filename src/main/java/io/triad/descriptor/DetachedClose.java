package io.triad.descriptor;

import io.triad.OsException;
import io.triad.engine.LoanedBuffer;
import io.triad.engine.Operation;
import io.triad.engine.Platform;
import io.triad.loop.Loop;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Closes a descriptor for somebody who does not wait. While anything is in flight the engine does it,
 * behind the cancellations: a close at once could hand the number to another file before the kernel
 * has looked at an operation that still means this one.
 */
public final class DetachedClose extends Operation {
  private final Platform platform;

  private DetachedClose(Platform platform) {
    this.platform = platform;
  }

  /**
   * Closes a descriptor, now or at the next pass of the loop.
   *
   * @throws OsException if the system reports an error at once, and not that it was closed before
   */
  public static void close(Loop loop, int descriptor) throws OsException {
    if (loop.engine().operationsInFlight() == 0) {
      Errors.checkClose(loop.platform(), loop.platform().close(descriptor));
      return;
    }
    DetachedClose closing = new DetachedClose(loop.platform());
    closing.close(descriptor);
    loop.engine().submit(closing);
  }

  /** Closes a descriptor as {@link #close}, for those to whom nobody could listen: errors are logged. */
  public static void closeQuietly(Loop loop, int descriptor) {
    try {
      close(loop, descriptor);
    } catch (OsException e) {
      warn(descriptor, e);
    }
  }

  private static void warn(int descriptor, OsException e) {
    System.getLogger("io.triad")
        .log(Level.WARNING, "closing descriptor " + descriptor + " failed", e);
  }

  @Override
  protected void completed(int result, boolean more, @Nullable LoanedBuffer buffer) {
    try {
      Errors.checkClose(platform, result);
    } catch (OsException e) {
      warn(descriptor(), e);
    }
  }
}
