package io.triad.net;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How {@link Net#openUnixListener Net.openUnixListener} listens. Immutable: {@code
 * UnixListenOptions.DEFAULT.withPermissions(PosixFilePermissions.fromString("rw-rw----"))}.
 *
 * @param permissions who may connect: those who may write to the file; unix(7)
 * @param replacing whether a listener that is alive under the path is replaced
 * @param removing whether the file is removed when the listener is closed
 * @param backlog how many connections may wait to be accepted, 1 or more; clamped by the system
 */
public record UnixListenOptions(
    Set<PosixFilePermission> permissions, boolean replacing, boolean removing, int backlog) {
  /** Only this user may connect, nobody is replaced who is alive, and the file is removed. */
  public static final UnixListenOptions DEFAULT =
      new UnixListenOptions(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE),
          false,
          true,
          Net.MAX_BACKLOG);

  /**
   * Makes them.
   *
   * @throws IllegalArgumentException if the backlog is less than 1
   */
  public UnixListenOptions {
    EnumSet<PosixFilePermission> copy = EnumSet.noneOf(PosixFilePermission.class);
    copy.addAll(permissions);
    permissions = Collections.unmodifiableSet(copy);
    if (backlog < 1) {
      throw new IllegalArgumentException("backlog must be >= 1, not " + backlog);
    }
  }

  /**
   * Returns the same options with other permissions.
   *
   * @param newPermissions who may connect; the file never has others while one can connect to it
   * @return the options
   */
  public UnixListenOptions withPermissions(Set<PosixFilePermission> newPermissions) {
    return new UnixListenOptions(newPermissions, replacing, removing, backlog);
  }

  /**
   * Returns the same options, with or without the replacement of a listener that is alive. From one
   * moment to the next the path leads to the new listener; connections that the old one has accepted
   * or is still to accept are not touched, so it should go on until it has no more.
   *
   * @param newReplacing whether it is replaced; if not, the path is taken (EADDRINUSE)
   * @return the options
   */
  public UnixListenOptions withReplacing(boolean newReplacing) {
    return new UnixListenOptions(permissions, newReplacing, removing, backlog);
  }

  /**
   * Returns the same options, with or without the removal of the file at the end.
   *
   * @param newRemoving whether it is removed when the listener is closed
   * @return the options
   */
  public UnixListenOptions withRemoving(boolean newRemoving) {
    return new UnixListenOptions(permissions, replacing, newRemoving, backlog);
  }

  /**
   * Returns the same options with another backlog.
   *
   * @param newBacklog how many connections may wait to be accepted, 1 or more
   * @return the options
   * @throws IllegalArgumentException if it is less than 1
   */
  public UnixListenOptions withBacklog(int newBacklog) {
    return new UnixListenOptions(permissions, replacing, removing, newBacklog);
  }
}
