package io.triad.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.triad.Triad;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Asserts for each test that it left nothing behind: as many open descriptors after it as before,
 * and no run that ended with operations in flight, receive buffers lent, or native blocks lent. The
 * last of these a run reports as an internal error, the others as a warning, which is heard here.
 *
 * <p>Descriptors that the virtual machine opens once and keeps are opened before the first count. A
 * descriptor may close a moment after a test, by a thread of the JDK, so a count that is too high is
 * taken again for a while.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeakCheck.class);
  private static final Logger LOOP_LOGGER = Logger.getLogger("io.triad.loop");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long PAUSE_NANOS = 5_000_000L;

  /** Opened once, outside of any count. */
  private static final Platform PLATFORM = Platforms.open();

  static {
    warmUp();
  }

  /** What was there before a test, and what runs have complained about since. */
  private record Before(int descriptors, Map<String, String> names, Complaints complaints) {}

  /** Made by JUnit. */
  public LeakCheck() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    Complaints complaints = new Complaints();
    LOOP_LOGGER.addHandler(complaints);
    context
        .getStore(NAMESPACE)
        .put(Before.class, new Before(PLATFORM.openDescriptors(), names(), complaints));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Before before = context.getStore(NAMESPACE).remove(Before.class, Before.class);
    LOOP_LOGGER.removeHandler(before.complaints);
    assertThat(before.complaints.texts).as("what runs left behind").isEmpty();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (PLATFORM.openDescriptors() != before.descriptors) {
      if (System.nanoTime() - deadline > 0) {
        Map<String, String> left = names();
        left.entrySet().removeAll(before.names.entrySet());
        fail(
            "%d descriptors were open before the test, %d are after it; among them %s",
            before.descriptors, PLATFORM.openDescriptors(), left);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** What each descriptor is, as far as the system tells. */
  private static Map<String, String> names() {
    Map<String, String> names = new TreeMap<>();
    if (Files.isDirectory(DESCRIPTORS)) {
      for (String descriptor : listed()) {
        try {
          names.put(
              descriptor, Files.readSymbolicLink(DESCRIPTORS.resolve(descriptor)).toString());
        } catch (IOException e) {
          names.put(descriptor, "closed"); // in this moment: the listing's own, for one
        }
      }
    }
    return names;
  }

  private static List<String> listed() {
    String[] names = DESCRIPTORS.toFile().list();
    return names == null ? List.of() : List.of(names);
  }

  /** Does once what tests do, so that all that is opened for good is open. */
  private static void warmUp() {
    try {
      Triad.run(
          () -> {
            SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
            try (listener;
                SocketStream client =
                    Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
                SocketStream server = listener.accept()) {
              client.sendAll(new byte[1]);
              server.receiveSome();
            }
          });
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try (ServerSocketChannel listener = ServerSocketChannel.open().bind(any);
          SocketChannel client = SocketChannel.open(listener.getLocalAddress());
          SocketChannel server = listener.accept()) {
        client.shutdownOutput();
        server.configureBlocking(false);
      }
    } catch (IOException e) {
      throw new AssertionError("the loopback interface does not work", e);
    }
  }

  /** Collects what runs log. */
  private static final class Complaints extends Handler {
    private final List<String> texts = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord record) {
      texts.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
