package io.triad.thread;

import io.triad.sync.Limiter;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Threads#toThread(ThreadOptions, io.triad.Body) Threads.toThread} uses its thread.
 * Immutable; {@code ThreadOptions.ABANDON.withName("look up " + host)}.
 *
 * @param limiter who says how many may be at work; null for {@link Threads#defaultLimiter}
 * @param abandonOnCancel whether a cancelled caller goes on at once and leaves the thread to itself;
 *     otherwise it waits until the function has ended
 * @param name the name of the thread while it is at work; null for one that is made of what the
 *     function and the calling task are called
 */
public record ThreadOptions(
    @Nullable Limiter limiter, boolean abandonOnCancel, @Nullable String name) {
  /** A cancelled caller waits for the function; the limiter and the name are the usual ones. */
  public static final ThreadOptions DEFAULT = new ThreadOptions(null, false, null);

  /** A cancelled caller leaves the thread to itself; the limiter and the name are the usual ones. */
  public static final ThreadOptions ABANDON = new ThreadOptions(null, true, null);

  /**
   * Returns the same options with another limiter.
   *
   * @param newLimiter who says how many may be at work
   * @return the options
   */
  public ThreadOptions withLimiter(Limiter newLimiter) {
    return new ThreadOptions(newLimiter, abandonOnCancel, name);
  }

  /**
   * Returns the same options with another name.
   *
   * @param newName what the thread is called while it is at work
   * @return the options
   */
  public ThreadOptions withName(String newName) {
    return new ThreadOptions(limiter, abandonOnCancel, newName);
  }
}
