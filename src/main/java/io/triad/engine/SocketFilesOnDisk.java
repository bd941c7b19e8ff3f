package io.triad.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Those of a system with the attributes of POSIX: inode(7). */
final class SocketFilesOnDisk implements SocketFiles {
  static final SocketFilesOnDisk INSTANCE = new SocketFilesOnDisk();

  private static final int TYPE_OF_FILE = 0170000; // S_IFMT
  private static final int SOCKET = 0140000; // S_IFSOCK

  private SocketFilesOnDisk() {}

  @Override
  public boolean mayBlock() {
    return true;
  }

  @Override
  public @Nullable Entry find(Path path) throws IOException {
    Map<String, Object> attributes;
    try {
      attributes =
          Files.readAttributes(path, "unix:mode,dev,ino", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
    int mode = (Integer) attributes.getOrDefault("mode", 0);
    Object key = List.of(attributes.get("dev"), attributes.get("ino"));
    return new Entry((mode & TYPE_OF_FILE) == SOCKET, key);
  }

  @Override
  public void setPermissions(Path path, Set<PosixFilePermission> permissions)
      throws IOException {
    Files.setPosixFilePermissions(path, permissions);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void remove(Path path) throws IOException {
    Files.delete(path);
  }
}
