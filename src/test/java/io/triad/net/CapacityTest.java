package io.triad.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.Nursery;
import io.triad.OsException;
import io.triad.RunOptions;
import io.triad.Triad;
import io.triad.testing.MockClock;
import io.triad.testing.Settling;
import io.triad.testkit.LeakCheck;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Many connections at once, and more than there are descriptors. The peers are channels of the JDK,
 * and the descriptors are files: only the real kernel knows both.
 */
@Tag("kernel")
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class CapacityTest {
  /** What the loopback interface does is done in less. */
  private static final Duration IO = Duration.ofMillis(5);

  /** What was logged, and when on the clock of the run. */
  private record Logged(Duration time, LogRecord record) {}

  /** Collects what servers log. Runs in the task that logs. */
  private static final class Log extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("io.triad.net.serveListeners");
    private final List<Logged> records = new ArrayList<>();

    Log() {
      LOGGER.addHandler(this);
      LOGGER.setUseParentHandlers(false);
    }

    @Override
    public void publish(LogRecord record) {
      records.add(new Logged(Triad.inTask() ? Triad.currentTime() : Duration.ZERO, record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      LOGGER.removeHandler(this);
      LOGGER.setUseParentHandlers(true);
    }
  }

  /** Opens files until the system refuses. */
  private static Deque<FileInputStream> takeAllDescriptors() throws IOException {
    Deque<FileInputStream> files = new ArrayDeque<>(100_000);
    try {
      for (;;) {
        files.push(new FileInputStream("/dev/null"));
      }
    } catch (FileNotFoundException e) {
      assertThat(e).hasMessageContaining("Too many open files");
      return files;
    }
  }

  private static void giveBack(Deque<FileInputStream> files) throws IOException {
    while (!files.isEmpty()) {
      files.pop().close();
    }
  }

  /** Loads the classes that are needed when no descriptor is left to load them with. */
  private static void warmUp() {
    try (Log log = new Log()) {
      System.getLogger(Log.LOGGER.getName())
          .log(System.Logger.Level.ERROR, "warm", new OsException(1, "EPERM", "test", "text"));
      assertThat(log.records).hasSize(1);
    }
    Triad.run(
        () -> assertThatExceptionOfType(OsException.class)
            .isThrownBy(() -> Net.openTcpStream("127.0.0.1", 1)));
    Triad.run(() -> Triad.sleep(Duration.ofNanos(1)));
    Triad.run(() -> Settling.waitAllTasksBlocked(Duration.ofNanos(1)));
  }

  @Test
  void str_29_out_of_descriptors_accept_is_logged_and_repeated_after_exactly_100_ms()
      throws Exception {
    warmUp();
    MockClock clock = new MockClock();
    clock.setAutojumpThreshold(IO);
    try (Log log = new Log()) {
      Triad.run(RunOptions.DEFAULT.withClock(clock), () -> runOutOfDescriptors(log));

      assertThat(log.records).hasSize(10);
      for (int i = 0; i < 10; i++) {
        Logged logged = log.records.get(i);
        assertThat(logged.time).isEqualTo(Duration.ofMillis(100L * i));
        assertThat(logged.record.getLevel()).isEqualTo(Level.SEVERE);
        assertThat(logged.record.getMessage())
            .matches("accept returned EMFILE \\(.+\\); retrying in 0.1 seconds"); // in its words
        assertThat(logged.record.getThrown())
            .isInstanceOfSatisfying(
                OsException.class, e -> assertThat(e.symbol()).isEqualTo("EMFILE"));
      }
    }
  }

  private static void runOutOfDescriptors(Log log) throws IOException {
    SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 5).getFirst();
    InetSocketAddress address = listener.localAddress();
    List<Integer> served = new ArrayList<>();
    Nursery.open(
        nursery -> {
          try (SocketChannel client = SocketChannel.open()) {
            Deque<FileInputStream> files = takeAllDescriptors();
            try {
              nursery.startSoon(
                  () -> Net.serveListeners(
                      io.triad.TaskStatus.ignored(),
                      List.of(listener),
                      stream -> served.add(stream.receiveSome(1).length)));
              // The kernel takes the connection although the process can't.
              client.configureBlocking(false);
              client.connect(address);
              Triad.sleepUntil(Duration.ofMillis(950));
              assertThat(served).isEmpty();
            } finally {
              giveBack(files);
            }
            assertThat(log.records).hasSize(10);
            assertThat(client.finishConnect()).isTrue();
            client.write(ByteBuffer.wrap(new byte[1]));
            Triad.sleepUntil(Duration.ofMillis(1050));
            Settling.waitAllTasksBlocked();
            assertThat(served).containsExactly(1);
            nursery.cancelScope().cancel();
          }
        });
  }

  /**
   * Each connection takes two descriptors, one at each end, of the 20 000 that an ordinary process
   * is granted.
   */
  @Test
  void four_thousand_connections_in_one_burst_are_all_served() throws Exception {
    int count = 4000;
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              List<SocketListener> listeners =
                  nursery.<List<SocketListener>, IOException>start(
                      status -> Net.serveTcp(
                          status,
                          0,
                          "127.0.0.1",
                          stream -> {
                            while (stream.receive(stream::sendAll)) {
                              // until the end
                            }
                          }));
              int port = listeners.getFirst().localAddress().getPort();
              List<Throwable> thrown = new ArrayList<>();
              io.triad.sync.Event done = new io.triad.sync.Event();
              io.triad.loop.Loop loop = io.triad.loop.Loop.requireFiber().loop();
              Thread.ofPlatform()
                  .name("clients")
                  .start(
                      () -> {
                        try {
                          burst(port, count);
                        } catch (Throwable e) {
                          thrown.add(e);
                        } finally {
                          loop.offer(done::set);
                        }
                      });
              done.await();
              assertThat(thrown).isEmpty();
              nursery.cancelScope().cancel();
            }));
  }

  private static void burst(int port, int count) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    List<SocketChannel> channels = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        channels.add(SocketChannel.open(address));
      }
      ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
      for (int i = 0; i < count; i++) {
        channels.get(i).write(number.clear().putInt(i).flip());
      }
      for (int i = 0; i < count; i++) {
        number.clear();
        while (number.hasRemaining() && channels.get(i).read(number) > 0) {
          // the rest
        }
        assertThat(number.flip().getInt()).isEqualTo(i);
      }
    } finally {
      for (SocketChannel channel : channels) {
        channel.close();
      }
    }
  }
}
