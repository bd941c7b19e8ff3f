package io.triad.platform.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The descriptors of this process of the kinds that an engine opens: sockets, and things without a
 * name such as rings and event counters. Files are left out, because the virtual machine opens and
 * closes them as it loads classes.
 */
final class OpenDescriptors {
  private static final int O_CLOEXEC = 02000000; // as fdinfo shows it, in octal

  private OpenDescriptors() {}

  /** What each one is, by its number. */
  static Map<Integer, String> list() {
    Map<Integer, String> found = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : entries) {
        String target = target(entry);
        if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
          found.put(Integer.valueOf(entry.getFileName().toString()), target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Whether a program started by this process would not have it. */
  static boolean closedOnExec(int descriptor) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
      if (line.startsWith("flags:")) {
        return (Integer.parseInt(line.substring(6).strip(), 8) & O_CLOEXEC) != 0;
      }
    }
    throw new AssertionError("proc_pid_fdinfo(5) promises flags");
  }

  private static String target(Path entry) throws IOException {
    try {
      return Files.readSymbolicLink(entry).toString();
    } catch (NoSuchFileException _) {
      return ""; // closed since the folder was read
    }
  }
}
