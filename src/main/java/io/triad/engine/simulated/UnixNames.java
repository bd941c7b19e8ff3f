package io.triad.engine.simulated;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of Unix sockets, which are on no disk: every directory exists, and a file is there if a
 * socket was bound to it. As on a disk the file stays when its socket is closed, and what it leads
 * to then is ECONNREFUSED; an abstract name goes with its socket. A path is its bytes: nothing is
 * made of {@code .} and {@code ..}.
 */
final class UnixNames {
  private static final int FIRST_AUTOMATIC = 0;
  private static final int AUTOMATIC = 0x10_0000; // unix(7), five hexadecimal digits

  /**
   * What a name leads to.
   *
   * @param socket a socket; null if it leads to none
   * @param error why not, negated
   */
  record Found(@Nullable OpenSocket socket, int error) {}

  /** A file that a bind has made; the number is no other file's, nor will be. */
  private static final class File {
    private final long number;
    private @Nullable OpenSocket socket;

    private File(long number, OpenSocket socket) {
      this.number = number;
      this.socket = socket;
    }
  }

  private final Map<String, File> files = new HashMap<>();
  private final Map<String, OpenSocket> abstractNames = new HashMap<>();
  private long lastNumber;

  /** Gives a socket a name; answers which one, or null if it is taken. */
  @Nullable UnixName bind(OpenSocket socket, UnixName wanted) {
    if (wanted.isPath()) {
      return files.putIfAbsent(wanted.bytes(), new File(++lastNumber, socket)) == null
          ? wanted
          : null;
    }
    UnixName name = wanted.isAbstract() ? wanted : automatic();
    return name != null && abstractNames.putIfAbsent(name.bytes(), socket) == null ? name : null;
  }

  private @Nullable UnixName automatic() {
    for (int i = FIRST_AUTOMATIC; i < AUTOMATIC; i++) {
      String name = "\0" + String.format("%05x", i);
      if (!abstractNames.containsKey(name)) {
        return new UnixName(name);
      }
    }
    return null;
  }

  /** A socket that had a name is closed. */
  void release(UnixName name, OpenSocket socket) {
    abstractNames.remove(name.bytes(), socket);
    for (File file : files.values()) {
      if (file.socket == socket) {
        file.socket = null;
      }
    }
  }

  Found find(UnixName name) {
    if (name.isPath()) {
      File file = files.get(name.bytes());
      if (file == null) {
        return new Found(null, Errno.ENOENT.negated());
      }
      return new Found(file.socket, Errno.ECONNREFUSED.negated());
    }
    return new Found(abstractNames.get(name.bytes()), Errno.ECONNREFUSED.negated());
  }

  boolean contains(String path) {
    return files.containsKey(path);
  }

  /** The number of a file, of which there must be one. */
  long number(String path) {
    File file = files.get(path);
    assert file != null;
    return file.number;
  }

  /** Moves a file; one that was there is no more. Answers whether there was something to move. */
  boolean rename(String from, String to) {
    File file = files.remove(from);
    if (file == null) {
      return false;
    }
    files.put(to, file);
    return true;
  }

  /** Removes a file; answers whether there was one. */
  boolean remove(String path) {
    return files.remove(path) != null;
  }
}
