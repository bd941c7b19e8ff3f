package io.triad.platform.windows;

import io.triad.engine.SocketFiles;
import io.triad.platform.windows.ffi.BY_HANDLE_FILE_INFORMATION;
import io.triad.platform.windows.ffi.FILE_ATTRIBUTE_TAG_INFO;
import io.triad.platform.windows.ffi.Kernel32;
import io.triad.platform.windows.ffi.Windows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of Unix sockets on Windows: reparse points with a tag of their own. Which of two files is
 * meant is told by volume and index, which the JDK does not give out.
 */
final class WindowsSocketFiles implements SocketFiles {
  static final WindowsSocketFiles INSTANCE = new WindowsSocketFiles();

  private WindowsSocketFiles() {}

  @Override
  public boolean mayBlock() {
    return true;
  }

  @Override
  public @Nullable Entry find(Path path) throws IOException {
    int handle = Kernel32.openForAttributes(path.toAbsolutePath().toString());
    if (handle == -Windows.ERROR_FILE_NOT_FOUND() || handle == -Windows.ERROR_PATH_NOT_FOUND()) {
      return null;
    }
    check(handle, path);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file = BY_HANDLE_FILE_INFORMATION.allocate(arena);
      check(Kernel32.fileInformation(handle, file), path);
      Object key =
          List.of(
              BY_HANDLE_FILE_INFORMATION.dwVolumeSerialNumber(file),
              BY_HANDLE_FILE_INFORMATION.nFileIndexHigh(file),
              BY_HANDLE_FILE_INFORMATION.nFileIndexLow(file));
      int attributes = BY_HANDLE_FILE_INFORMATION.dwFileAttributes(file);
      boolean special = (attributes & Windows.FILE_ATTRIBUTE_REPARSE_POINT()) != 0;
      return new Entry(special && isSocket(handle, path, arena), key);
    } finally {
      Kernel32.close(handle);
    }
  }

  private static boolean isSocket(int handle, Path path, Arena arena) throws IOException {
    MemorySegment tag = FILE_ATTRIBUTE_TAG_INFO.allocate(arena);
    check(Kernel32.fileInformation(handle, Windows.FileAttributeTagInfo(), tag), path);
    return FILE_ATTRIBUTE_TAG_INFO.ReparseTag(tag) == Windows.IO_REPARSE_TAG_AF_UNIX();
  }

  private static void check(int result, Path path) throws IOException {
    if (result < 0) {
      throw new FileSystemException(path.toString(), null, WindowsErrors.message(-result));
    }
  }

  /**
   * The file is as open as its directory is: Windows has access lists, which are another thing.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void setPermissions(Path path, Set<PosixFilePermission> permissions)
      throws NoSuchFileException {
    throw new UnsupportedOperationException("Windows has no POSIX permissions");
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
