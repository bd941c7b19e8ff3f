package io.triad.platform.windows;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.BusyResourceException;
import io.triad.CancelScope;
import io.triad.ClosedResourceException;
import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.OsException;
import io.triad.Triad;
import io.triad.TriadInternalError;
import io.triad.lowlevel.CompletionKey;
import io.triad.lowlevel.WindowsIo;
import io.triad.testing.Checkpoints;
import io.triad.testing.Settling;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Handles that Triad has not opened, on the kernel that made them. */
@Tag("kernel")
@EnabledOnOs(OS.WINDOWS)
@Timeout(30)
class WindowsIoTest {
  private static final int ERROR_INVALID_HANDLE = 6;
  private static final int ERROR_HANDLE_EOF = 38;
  private static final int ERROR_INVALID_PARAMETER = 87;

  private final Arena arena = Arena.ofAuto();

  private MemorySegment overlapped() {
    return arena.allocate(32, 8);
  }

  private MemorySegment text(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  private static String textOf(MemorySegment bytes) {
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), US_ASCII);
  }

  private static void assertError(int code, IoAction action) {
    assertThatExceptionOfType(OsException.class)
        .isThrownBy(action::run)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(code));
  }

  private interface IoAction {
    void run() throws IOException;
  }

  private interface PipeAction {
    void run(long server, long client) throws Exception;
  }

  /** In a run, with both ends of a pipe that is registered at one end; closes what is not closed. */
  private static void withPipe(PipeAction action) throws Exception {
    long[] ends = Win32.pipe();
    try {
      Triad.<Exception>run(
          () -> {
            WindowsIo.registerWithIocp(ends[0]);
            WindowsIo.registerWithIocp(ends[1]);
            action.run(ends[0], ends[1]);
          });
    } finally {
      Win32.close(ends[1]);
      Win32.close(ends[0]);
    }
  }

  // ---- objects ----

  @Test
  void low_21_a_signalled_object_is_a_checkpoint_and_taken_once() throws Exception {
    long event = Win32.event(false, true);
    Triad.<Exception>run(
        () -> {
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> {
                scope.cancel();
                WindowsIo.waitForSingleObject(event);
              });
          assertThat(scope.cancelledCaught()).isTrue();
          Checkpoints.assertCheckpoints(() -> WindowsIo.waitForSingleObject(event));
          assertThat(Win32.isSignalled(event)).as("still there").isFalse();
        });
    Win32.close(event);
  }

  @Test
  void low_21_a_wait_ends_with_the_signal() throws Exception {
    long event = Win32.event(true, false);
    List<String> steps = new ArrayList<>();
    Triad.run(
        () -> Nursery.open(
            nursery -> {
              for (int i = 0; i < 3; i++) {
                nursery.startSoon(
                    () -> {
                      WindowsIo.waitForSingleObject(event);
                      steps.add("signalled");
                    });
              }
              Settling.waitAllTasksBlocked();
              steps.add("set");
              Win32.set(event);
            }));
    assertThat(steps).containsExactly("set", "signalled", "signalled", "signalled");
    Win32.close(event);
  }

  @Test
  void low_21_a_cancelled_wait_takes_nothing() throws Exception {
    long event = Win32.event(false, false);
    Triad.<Exception>run(
        () -> {
          CancelScope scope = new CancelScope();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> scope.enter(_ -> WindowsIo.waitForSingleObject(event)));
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          assertThat(scope.cancelledCaught()).isTrue();
          Win32.set(event);
          WindowsIo.waitForSingleObject(event); // nobody has taken it
        });
    Win32.close(event);
  }

  @Test
  void low_21_what_is_no_handle_is_an_error_at_once() {
    long none = 0x7FFF_FFF0; // so many handles a process never has
    Triad.run(
        () -> assertError(ERROR_INVALID_HANDLE, () -> WindowsIo.waitForSingleObject(none)));
  }

  @Test
  void low_22_closing_a_handle_does_not_wake_who_waits() throws Exception {
    long event = Win32.event(true, false);
    Triad.<Exception>run(
        () -> {
          CancelScope scope = new CancelScope();
          Nursery.open(
              nursery -> {
                nursery.startSoon(() -> scope.enter(_ -> WindowsIo.waitForSingleObject(event)));
                Settling.waitAllTasksBlocked();
                awaitBlockedOn(event);
                Win32.close(event);
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          assertThat(scope.cancelledCaught()).as("it waited on, and could be cancelled").isTrue();
        });
  }

  /** Waits until the thread that waits for an object is in the system. */
  private static void awaitBlockedOn(long handle) {
    String name = "triad-waitForSingleObject(" + handle + ")";
    while (Thread.getAllStackTraces().entrySet().stream()
        .noneMatch(
            entry -> entry.getKey().getName().equals(name)
                && Arrays.stream(entry.getValue())
                    .anyMatch(frame -> frame.getMethodName().equals("waitForEither")))) {
      Thread.onSpinWait();
    }
    Settling.waitAllTasksBlocked(Duration.ofMillis(200)); // it has but a few steps to go
  }

  // ---- overlapped calls ----

  @Test
  void low_23_a_handle_is_registered_once() throws Exception {
    withPipe(
        (server, _) -> assertError(
            ERROR_INVALID_PARAMETER, () -> WindowsIo.registerWithIocp(server)));
  }

  @Test
  void low_23_a_wait_on_a_handle_that_nobody_registered_is_named_when_it_is_cancelled() {
    long[] ends = Win32.pipe();
    MemorySegment buffer = arena.allocate(8);
    MemorySegment overlapped = overlapped();

    assertThatExceptionOfType(TriadInternalError.class)
        .isThrownBy(
            () -> Triad.run(
                () -> {
                  CancelScope scope = new CancelScope();
                  Nursery.open(
                      nursery -> {
                        nursery.startSoon(
                            () -> scope.enter(
                                _ -> {
                                  assertThat(Win32.read(ends[0], buffer, overlapped)).isTrue();
                                  WindowsIo.waitOverlapped(ends[0], overlapped);
                                }));
                        Settling.waitAllTasksBlocked();
                        scope.cancel();
                      });
                }))
        .withCauseInstanceOf(ExceptionGroup.class)
        .satisfies(
            e -> assertThat(((ExceptionGroup) e.getCause()).leaves())
                .singleElement()
                .asString()
                .contains("waitOverlapped", "registerWithIocp"));

    Win32.close(ends[1]);
    Win32.close(ends[0]);
  }

  @Test
  void low_24_an_overlapped_call_has_one_waiter() throws Exception {
    withPipe(
        (server, client) -> {
          MemorySegment buffer = arena.allocate(8);
          MemorySegment overlapped = overlapped();
          assertThat(Win32.read(server, buffer, overlapped)).isTrue();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThat(WindowsIo.waitOverlapped(server, overlapped)).isEqualTo(3));
                Settling.waitAllTasksBlocked();
                assertThatExceptionOfType(BusyResourceException.class)
                    .isThrownBy(() -> WindowsIo.waitOverlapped(server, overlapped));
                assertThat(WindowsIo.writeOverlapped(client, text("abc"), 0)).isEqualTo(3);
              });
          assertThat(textOf(buffer.asSlice(0, 3))).isEqualTo("abc");
        });
  }

  @Test
  void low_24_a_cancelled_call_has_moved_nothing() throws Exception {
    withPipe(
        (server, client) -> {
          MemorySegment buffer = arena.allocate(8);
          CancelScope scope = new CancelScope();
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> scope.enter(_ -> WindowsIo.readIntoOverlapped(server, buffer, 0)));
                Settling.waitAllTasksBlocked();
                scope.cancel();
              });
          assertThat(scope.cancelledCaught()).isTrue();
          WindowsIo.writeOverlapped(client, text("all"), 0);
          assertThat(WindowsIo.readIntoOverlapped(server, buffer, 0)).isEqualTo(3);
        });
  }

  @Test
  void low_24_a_cancellation_that_comes_too_late_lets_the_call_succeed() throws Exception {
    withPipe(
        (server, client) -> {
          MemorySegment buffer = arena.allocate(8);
          MemorySegment overlapped = overlapped();
          WindowsIo.writeOverlapped(client, text("early"), 0);
          assertThat(Win32.read(server, buffer, overlapped)).isTrue(); // and it is done
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> {
                scope.cancel();
                assertThat(WindowsIo.waitOverlapped(server, overlapped)).isEqualTo(5);
              });
          assertThat(scope.cancelledCaught()).isFalse();
        });
  }

  @Test
  void low_24_a_call_that_somebody_else_ended_is_of_a_closed_resource() throws Exception {
    withPipe(
        (server, _) -> Nursery.open(
            nursery -> {
              nursery.startSoon(
                  () -> assertThatExceptionOfType(ClosedResourceException.class)
                      .isThrownBy(
                          () -> WindowsIo.readIntoOverlapped(server, arena.allocate(8), 0)));
              Settling.waitAllTasksBlocked();
              Win32.cancelAll(server);
            }));
  }

  @Test
  void low_25_parts_of_a_file_are_written_and_read_at_once(@TempDir Path folder) throws Exception {
    long file = Win32.file(folder.resolve("parts"));
    try {
      Triad.<Exception>run(
          () -> {
            WindowsIo.registerWithIocp(file);
            int parts = 8;
            MemorySegment all = arena.allocate(parts * 4096L);
            Nursery.open(
                nursery -> {
                  for (int i = 0; i < parts; i++) {
                    MemorySegment part = arena.allocate(4096).fill((byte) ('a' + i));
                    long offset = i * 4096L;
                    nursery.startSoon(
                        () -> assertThat(WindowsIo.writeOverlapped(file, part, offset))
                            .isEqualTo(4096));
                  }
                });
            Nursery.open(
                nursery -> {
                  for (int i = 0; i < parts; i++) {
                    MemorySegment part = all.asSlice(i * 4096L, 4096);
                    long offset = i * 4096L;
                    nursery.startSoon(
                        () -> assertThat(WindowsIo.readIntoOverlapped(file, part, offset))
                            .isEqualTo(4096));
                  }
                });
            for (int i = 0; i < parts; i++) {
              assertThat(textOf(all.asSlice(i * 4096L, 4096)))
                  .isEqualTo(Character.toString('a' + i).repeat(4096));
            }
            MemorySegment more = arena.allocate(10);
            assertThat(WindowsIo.readIntoOverlapped(file, more, all.byteSize() - 3)).isEqualTo(3);
            assertError(
                ERROR_HANDLE_EOF, () -> WindowsIo.readIntoOverlapped(file, more, all.byteSize()));
          });
    } finally {
      Win32.close(file);
    }
  }

  @Test
  void low_25_whoever_is_cancelled_already_begins_nothing() throws Exception {
    withPipe(
        (server, client) -> {
          MemorySegment buffer = arena.allocate(8);
          WindowsIo.writeOverlapped(client, text("kept"), 0);
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> {
                scope.cancel();
                WindowsIo.readIntoOverlapped(server, buffer, 0);
              });
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(WindowsIo.readIntoOverlapped(server, buffer, 0)).isEqualTo(4);
        });
  }

  @Test
  void low_25_a_handle_that_does_not_exist_is_an_error() {
    MemorySegment buffer = arena.allocate(8);
    Triad.run(
        () -> {
          long event = Win32.event(true, false);
          Win32.close(event);
          assertError(ERROR_INVALID_HANDLE, () -> WindowsIo.registerWithIocp(event));
          assertError(
              ERROR_INVALID_HANDLE, () -> WindowsIo.readIntoOverlapped(event, buffer, 0));
          assertError(ERROR_INVALID_HANDLE, () -> WindowsIo.writeOverlapped(event, buffer, 0));
        });
  }

  // ---- the port itself ----

  @Test
  void low_26_a_key_of_ones_own_brings_what_was_posted_with_it() throws Exception {
    Triad.<Exception>run(
        () -> {
          try (CompletionKey key = WindowsIo.monitorCompletionKey();
              CompletionKey other = WindowsIo.monitorCompletionKey()) {
            assertThat(key.key()).isNotZero().isNotEqualTo(other.key());
            long port = WindowsIo.currentIocp();
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; i < 10; i++) {
                        Win32.post(port, i, key.key(), 4096L + i);
                      }
                      Win32.post(port, 77, other.key(), 0);
                    });
            for (int i = 0; i < 10; i++) {
              assertThat(key.receive()).isEqualTo(new CompletionKey.Packet(4096L + i, i));
            }
            assertThat(other.receive()).isEqualTo(new CompletionKey.Packet(0, 77));
          }
        });
  }

  @Test
  void low_26_a_cancelled_receive_takes_nothing_and_a_closed_one_says_so() throws Exception {
    Triad.<Exception>run(
        () -> {
          CompletionKey key = WindowsIo.monitorCompletionKey();
          CancelScope scope = new CancelScope();
          scope.enter(
              _ -> {
                scope.cancel();
                key.receive();
              });
          Win32.post(WindowsIo.currentIocp(), 1, key.key(), 2);
          assertThat(key.receive()).isEqualTo(new CompletionKey.Packet(2, 1));
          Nursery.open(
              nursery -> {
                nursery.startSoon(
                    () -> assertThatExceptionOfType(ClosedResourceException.class)
                        .isThrownBy(key::receive));
                Settling.waitAllTasksBlocked();
                key.close();
                key.close();
              });
        });
  }
}
