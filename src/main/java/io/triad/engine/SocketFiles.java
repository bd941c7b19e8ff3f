package io.triad.engine;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files that Unix sockets are bound to, as files. For any thread. */
public interface SocketFiles {
  /** In which the JDK itself writes the names of files. */
  Charset NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);

  /** Whether calls may wait for a disk, and belong on a thread where nobody minds. */
  boolean mayBlock();

  /** What is under a path, links not followed; null if nothing is. */
  @Nullable Entry find(Path path) throws IOException;

  /**
   * Sets who may connect to a socket.
   *
   * @throws NoSuchFileException if there is no such file
   */
  void setPermissions(Path path, Set<PosixFilePermission> permissions) throws IOException;

  /**
   * Gives a file another name, at once, which is taken from the file that had it.
   *
   * @throws NoSuchFileException if there is no such file
   */
  void move(Path from, Path to) throws IOException;

  /**
   * Removes a file.
   *
   * @throws NoSuchFileException if there is no such file
   */
  void remove(Path path) throws IOException;

  /**
   * Something under a path.
   *
   * @param isSocket whether it is a socket
   * @param key equal to that of no other file which exists at the same time
   */
  record Entry(boolean isSocket, Object key) {}
}
