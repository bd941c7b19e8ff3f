package io.triad.testing;

import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The descriptors that this process has open, to see whether a test leaves one.
 *
 * <p>The virtual machine opens some for good when they are first needed: class files, its own
 * libraries, sources of random numbers. Where the system names what is open, those do not count.
 */
record OpenDescriptors(int count, Map<String, String> names) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final String JAVA_HOME = System.getProperty("java.home", "/nowhere");

  /** A descriptor may close a moment after a test, by a thread of the virtual machine. */
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private static final long PAUSE_NANOS = 2_000_000L;

  /** Never closed: it lives as long as the class. */
  private static final Platform PLATFORM = Platforms.open();

  static {
    warmUp();
  }

  /** The sockets of the JDK share descriptors that are opened with the first one. */
  private static void warmUp() {
    try (ServerSocketChannel listener = ServerSocketChannel.open();
        SocketChannel client = SocketChannel.open()) {
      listener.configureBlocking(false);
      client.configureBlocking(false);
    } catch (IOException e) {
      throw new UncheckedIOException("no socket can be opened", e);
    }
  }

  static OpenDescriptors now() {
    return new OpenDescriptors(PLATFORM.openDescriptors(), listed());
  }

  /** Fails if there are more by now, and remain so. */
  void checkNoMore() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (PLATFORM.openDescriptors() > count) {
      Map<String, String> more = listed();
      more.entrySet().removeAll(names.entrySet());
      int all = more.size();
      more.values().removeIf(OpenDescriptors::isOfVirtualMachine);
      if (all > 0 && more.isEmpty()) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "the test left descriptors open: there are "
                + (PLATFORM.openDescriptors() - count)
                + " more than before it; new are "
                + more);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean isOfVirtualMachine(String name) {
    return name.endsWith(".jar")
        || name.endsWith(".so")
        || name.startsWith(JAVA_HOME)
        || name.endsWith("random");
  }

  /** What each descriptor is; empty where the system does not tell. */
  private static Map<String, String> listed() {
    Map<String, String> names = new TreeMap<>();
    String[] descriptors = DESCRIPTORS.toFile().list();
    if (descriptors == null) {
      return names;
    }
    for (String descriptor : descriptors) {
      try {
        names.put(descriptor, Files.readSymbolicLink(DESCRIPTORS.resolve(descriptor)).toString());
      } catch (IOException closed) {
        // In this moment: that of the listing itself, for one.
        names.remove(descriptor);
      }
    }
    return names;
  }
}
