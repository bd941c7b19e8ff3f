package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.net.Net;
import io.triad.net.SocketListener;
import io.triad.net.SocketStream;
import io.triad.testing.Faults;
import io.triad.testing.Simulation;
import io.triad.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder is told. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
@ExtendWith(LeakCheck.class)
final class FlightTest {
  private static final List<String> ALL =
      List.of(
          "io.triad.Run",
          "io.triad.Task",
          "io.triad.Wait",
          "io.triad.Operation",
          "io.triad.StalledStep",
          "io.triad.BufferExhaustion");

  @TempDir
  private Path folder;

  private static Recording recording(List<String> enabled) {
    Recording recording = new Recording();
    for (String event : ALL) {
      if (enabled.contains(event)) {
        recording.enable(event);
      } else {
        recording.disable(event);
      }
    }
    return recording;
  }

  private List<RecordedEvent> stop(Recording recording) throws IOException {
    try (recording) {
      recording.stop();
      Path file = Files.createTempFile(folder, "flight", ".jfr");
      recording.dump(file);
      return RecordingFile.readAllEvents(file);
    }
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }

  private static void smallRun() {
    try {
      Triad.run(
          () -> Nursery.open(
              nursery -> {
                nursery.startSoon("sleeper", () -> Triad.sleep(Duration.ofMillis(1)));
                nursery.startSoon(
                    "failing",
                    () -> {
                      Triad.checkpoint();
                      throw new IllegalStateException("on purpose");
                    });
              }));
    } catch (ExceptionGroup expected) {
      assertThat(expected.exceptions()).hasExactlyElementsOfTypes(IllegalStateException.class);
    }
  }

  @Test
  void tasks_and_waits_are_recorded() throws Exception {
    Recording recording = recording(List.of("io.triad.Run", "io.triad.Task", "io.triad.Wait"));
    recording.start();
    smallRun();
    List<RecordedEvent> events = stop(recording);

    assertThat(named(events, "io.triad.Task"))
        .extracting(task -> task.getString("task"))
        .containsExactlyInAnyOrder("main", "sleeper", "failing");
    assertThat(named(events, "io.triad.Task"))
        .filteredOn(task -> task.getString("task").equals("failing"))
        .singleElement()
        .satisfies(
            task -> assertThat(task.getString("failure"))
                .isEqualTo("java.lang.IllegalStateException"))
        .satisfies(task -> assertThat(task.getString("parent")).isEqualTo("main"));
    assertThat(named(events, "io.triad.Wait"))
        .anySatisfy(
            wait -> {
              assertThat(wait.getString("task")).isEqualTo("sleeper");
              assertThat(wait.getString("waitingFor")).startsWith("the end of a sleep");
            })
        .anySatisfy(
            wait -> {
              assertThat(wait.getString("task")).isEqualTo("main");
              assertThat(wait.getString("waitingFor")).startsWith("Nursery of main");
            });
    assertThat(named(events, "io.triad.Operation")).isEmpty();
    assertThat(named(events, "io.triad.Run"))
        .singleElement()
        .satisfies(run -> assertThat(run.getLong("tasksSpawned")).isEqualTo(3))
        .satisfies(run -> assertThat(run.getString("engine")).isNotBlank())
        .satisfies(run -> assertThat(run.getDuration()).isGreaterThan(Duration.ofMillis(1)));
  }

  /**
   * Tasks and the loop write in turns, all with one writer of the recorder: the ends of tasks are
   * theirs, and that the sleeps are over is known to the loop.
   */
  @Test
  void what_the_loop_writes_after_a_task_is_not_lost() throws Exception {
    int rounds = 50;
    Recording recording = recording(List.of("io.triad.Run", "io.triad.Task", "io.triad.Wait"));
    recording.start();
    for (int run = 0; run < 2; run++) {
      Triad.run(
          () -> {
            for (int round = 0; round < rounds; round++) {
              Nursery.open(nursery -> nursery.startSoon("short", () -> {}));
              Triad.sleep(Duration.ofNanos(1));
            }
          });
    }
    List<RecordedEvent> events = stop(recording);

    assertThat(named(events, "io.triad.Task")).hasSize(2 * (1 + rounds));
    assertThat(named(events, "io.triad.Wait"))
        .filteredOn(wait -> wait.getString("waitingFor").startsWith("the end of a sleep"))
        .hasSize(2 * rounds)
        .allSatisfy(wait -> assertThat(wait.getString("task")).isEqualTo("main"));
    assertThat(named(events, "io.triad.Run"))
        .hasSize(2)
        .allSatisfy(run -> assertThat(run.getLong("tasksSpawned")).isEqualTo(1 + rounds));
  }

  @Test
  void a_recording_may_begin_and_end_in_the_middle_of_a_run() throws Exception {
    AtomicReference<List<RecordedEvent>> events = new AtomicReference<>();
    Triad.run(
        () -> {
          Nursery.open(nursery -> nursery.startSoon("before", Triad::checkpoint));
          Recording recording = recording(List.of("io.triad.Run", "io.triad.Task"));
          recording.start();
          Triad.sleep(Duration.ofNanos(1)); // the run hears of the recording by a message
          Steps.settle();
          Nursery.open(nursery -> nursery.startSoon("during", Triad::checkpoint));
          events.set(stop(recording));
          Nursery.open(nursery -> nursery.startSoon("after", Triad::checkpoint));
        });

    assertThat(named(events.get(), "io.triad.Task"))
        .extracting(task -> task.getString("task"))
        .containsExactly("during");
  }

  @Test
  void operations_are_recorded_with_their_results() throws Exception {
    Recording recording = recording(List.of("io.triad.Operation"));
    recording.start();
    Triad.run(
        () -> {
          try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 1).getFirst();
              SocketStream client =
                  Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
              SocketStream server = listener.accept()) {
            client.sendAll(new byte[100]);
            server.receiveSome(1000);
          }
        });
    List<RecordedEvent> operations = named(stop(recording), "io.triad.Operation");

    assertThat(operations)
        .extracting(operation -> operation.getString("kind"))
        .contains("CONNECT", "ACCEPT", "SEND", "RECEIVE_LOANED", "CLOSE");
    assertThat(operations)
        .filteredOn(operation -> operation.getString("kind").equals("SEND"))
        .singleElement()
        .satisfies(send -> assertThat(send.getInt("result")).isEqualTo(100))
        .satisfies(send -> assertThat(send.getInt("completions")).isEqualTo(1))
        .satisfies(send -> assertThat(send.getString("task")).isEqualTo("main"));
  }

  @Test
  void want_of_receive_buffers_is_recorded() throws Exception {
    Recording recording = recording(List.of("io.triad.BufferExhaustion"));
    recording.start();
    Simulation.withSeed(1)
        .withFaults(Faults.NONE.withReceiveBuffers(1))
        .run(
            () -> {
              try (SocketListener listener = Net.openTcpListeners(0, "127.0.0.1", 2).getFirst();
                  Pair first = Pair.of(listener);
                  Pair second = Pair.of(listener)) {
                first.client.sendAll(new byte[100]);
                assertThat(first.server.receiveSome(1)).hasSize(1); // the rest stays in the buffer
                second.client.sendAll(new byte[50]);
                Nursery.open(
                    nursery -> {
                      nursery.startSoon(
                          () -> assertThat(second.server.receiveSome(100)).hasSize(50));
                      Steps.settle();
                      assertThat(first.server.receiveSome(100)).hasSize(99);
                    });
              }
            });
    List<RecordedEvent> events = named(stop(recording), "io.triad.BufferExhaustion");

    assertThat(events)
        .singleElement()
        .satisfies(event -> assertThat(event.getInt("buffersLent")).isEqualTo(1))
        .satisfies(event -> assertThat(event.getBoolean("waits")).isTrue())
        .satisfies(event -> assertThat(event.getInt("descriptor")).isPositive());
  }

  /** Both ends of a connection. */
  private record Pair(SocketStream client, SocketStream server) implements AutoCloseable {
    static Pair of(SocketListener listener) throws IOException {
      SocketStream client =
          Net.openTcpStream("127.0.0.1", listener.localAddress().getPort());
      return new Pair(client, listener.accept());
    }

    @Override
    public void close() throws IOException {
      try (client) {
        server.close();
      }
    }
  }

  @Test
  void a_stalled_step_is_recorded_while_it_lasts_with_its_stack() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    AtomicReference<RecordedEvent> event = new AtomicReference<>();
    try (RecordingStream stream = new RecordingStream()) {
      stream.enable("io.triad.StalledStep").withThreshold(Duration.ofMillis(20));
      stream.setReuse(false);
      stream.onEvent(
          "io.triad.StalledStep",
          one -> {
            if (one.getString("task").equals("stalls")) {
              event.set(one);
              seen.countDown();
            }
          });
      stream.startAsync();
      Triad.run(
          () -> Nursery.open(
              nursery -> nursery.startSoon("stalls", () -> holdUpUntil(seen))));
    }

    assertThat(event.get().getString("stack")).contains("FlightTest.holdUpUntil");
    assertThat(event.get().getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
  }

  private static void holdUpUntil(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void without_a_recording_nobody_looks_on() {
    Triad.run(() -> assertThat(Run.current().onlookers().isEmpty()).isTrue());
  }
}
