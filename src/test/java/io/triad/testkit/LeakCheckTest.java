package io.triad.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.triad.Nursery;
import io.triad.Triad;
import io.triad.TriadInternalError;
import io.triad.engine.Platform;
import io.triad.engine.Platforms;
import io.triad.loop.Loop;
import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.testing.Settling;
import io.triad.testing.StreamPair;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Leaks are found, and a run that leaks ends nevertheless. */
@Timeout(60)
final class LeakCheckTest {
  private static List<Throwable> failuresOf(Class<?> tests) {
    Events events =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute().testEvents();
    return events
        .finished()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .flatMap(result -> result.getThrowable().stream())
        .toList();
  }

  @Test
  void what_is_closed_is_no_leak() {
    assertThat(failuresOf(Tidy.class)).isEmpty();
  }

  @ExtendWith(LeakCheck.class)
  static final class Tidy {
    @Test
    void closes() throws Exception {
      TcpPairs.run((client, server) -> client.sendAll(new byte[1]));
    }
  }

  @Test
  @Tag("kernel") // a file of the JDK is no descriptor of a simulated system
  void a_descriptor_that_stays_open_is_found() throws IOException {
    try {
      assertThat(failuresOf(KeepsFile.class))
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessageContaining("/dev/null"));
    } finally {
      for (FileInputStream file : KeepsFile.KEPT) {
        file.close();
      }
    }
  }

  @ExtendWith(LeakCheck.class)
  static final class KeepsFile {
    static final List<FileInputStream> KEPT = new ArrayList<>();

    @Test
    void opens() throws Exception {
      KEPT.add(new FileInputStream("/dev/null"));
    }
  }

  @Test
  void a_receive_that_nobody_ended_is_found_and_the_run_ends() {
    assertThat(failuresOf(KeepsStream.class))
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("1 operations were in flight"));
    try (Platform platform = Platforms.open()) {
      assertThat(platform.close(KeepsStream.peer)).isZero();
    }
  }

  @ExtendWith(LeakCheck.class)
  static final class KeepsStream {
    static int peer;

    @Test
    void leavesReceiving() throws Exception {
      Triad.<Exception>run(
          () -> {
            StreamPair<SocketStream, SocketStream> pair = TcpPairs.open();
            receiveInVain(pair.sender());
            closeDescriptor(Loop.requireFiber().loop(), pair.sender());
            peer = descriptor(pair.receiver()); // closing it would end the receive
          });
    }
  }

  @Test
  void data_that_nobody_read_is_found() {
    assertThat(failuresOf(KeepsData.class))
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("1 receive buffers were not read"));
  }

  @ExtendWith(LeakCheck.class)
  static final class KeepsData {
    @Test
    void leavesData() throws Exception {
      Triad.<Exception>run(
          () -> {
            StreamPair<SocketStream, SocketStream> pair = TcpPairs.open();
            pair.sender().sendAll(new byte[2]);
            pair.receiver().receiveSome(1);
            pair.sender().close();
            closeDescriptor(Loop.requireFiber().loop(), pair.receiver());
          });
    }
  }

  @Test
  void a_native_block_that_is_not_given_back_is_a_fault_of_the_runtime() {
    assertThat(failuresOf(KeepsBlock.class))
        .singleElement()
        .satisfies(
            e -> assertThat(e)
                .isInstanceOf(TriadInternalError.class)
                .hasStackTraceContaining("1 native blocks were not given back"));
  }

  @ExtendWith(LeakCheck.class)
  static final class KeepsBlock {
    @Test
    void keeps() {
      Triad.run(() -> assertThat(Loop.requireFiber().loop().blocks().take()).isNotNull());
    }
  }

  @Test
  void a_listener_that_is_left_open_does_not_keep_the_run_from_ending() {
    assertThat(failuresOf(KeepsListener.class))
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("1 operations were in flight"));
  }

  @ExtendWith(LeakCheck.class)
  static final class KeepsListener {
    @Test
    void leavesAccepting() throws Exception {
      Triad.<Exception>run(
          () -> {
            SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
            Nursery.open(
                nursery -> {
                  nursery.startSoon(listener::accept);
                  Settling.waitAllTasksBlocked();
                  nursery.cancelScope().cancel();
                });
            closeDescriptor(Loop.requireFiber().loop(), listener);
          });
    }
  }

  /** Lets a stream receive; cancelled, it stays armed. */
  private static void receiveInVain(SocketStream stream) {
    Nursery.open(
        nursery -> {
          nursery.startSoon(() -> stream.receiveSome());
          Settling.waitAllTasksBlocked();
          nursery.cancelScope().cancel();
        });
  }

  /** Closes only the descriptor, so that nothing but the run itself is left with the leak. */
  private static void closeDescriptor(Loop loop, Object resource) {
    loop.platform().close(descriptor(resource));
  }

  private static int descriptor(Object resource) {
    String text = resource.toString();
    return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
  }
}
