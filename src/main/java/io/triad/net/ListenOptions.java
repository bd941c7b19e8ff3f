package io.triad.net;

/**
 * How {@link Net#openTcpListeners(int, String, ListenOptions)} sets listeners up. Immutable; {@code
 * ListenOptions.DEFAULT.withReusePort(true)}.
 *
 * @param backlog how many connections may wait to be accepted, 1 or more; clamped to {@link
 *     Net#MAX_BACKLOG} and by the system (NET-42)
 * @param reusePort whether several listeners share the port, those of several runs for example; each
 *     must ask for it. The system deals new connections out to them; those that wait at a listener
 *     that is closed are lost. socket(7) SO_REUSEPORT
 */
public record ListenOptions(int backlog, boolean reusePort) {
  /** The longest backlog; the port is not shared. */
  public static final ListenOptions DEFAULT = new ListenOptions(Net.MAX_BACKLOG, false);

  /**
   * Checks the backlog.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public ListenOptions {
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog must be >= 1, not " + backlog);
    }
  }

  /**
   * Returns the same options with another backlog.
   *
   * @param newBacklog how many connections may wait to be accepted, 1 or more
   * @return the options
   * @throws IllegalArgumentException if it is less than 1
   */
  public ListenOptions withBacklog(int newBacklog) {
    return new ListenOptions(newBacklog, reusePort);
  }

  /**
   * Returns the same options, with the port shared or not.
   *
   * @param shared whether several listeners share the port
   * @return the options
   */
  public ListenOptions withReusePort(boolean shared) {
    return new ListenOptions(backlog, shared);
  }
}
