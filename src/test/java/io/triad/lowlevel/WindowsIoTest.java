package io.triad.lowlevel;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.triad.Triad;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is the same on every system, or on every other; the rest is tested where it runs. */
@Timeout(30)
class WindowsIoTest {
  private static final MemorySegment NATIVE = Arena.global().allocate(32, 8);

  private static final List<ThrowingCallable> ALL =
      List.of(
          () -> WindowsIo.waitForSingleObject(4),
          () -> WindowsIo.registerWithIocp(4),
          () -> WindowsIo.waitOverlapped(4, NATIVE),
          () -> WindowsIo.readIntoOverlapped(4, NATIVE, 0),
          () -> WindowsIo.writeOverlapped(4, NATIVE, 0),
          WindowsIo::currentIocp,
          WindowsIo::monitorCompletionKey);

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void other_systems_are_named_with_their_engine() {
    Triad.run(
        () -> {
          for (ThrowingCallable call : ALL) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(call)
                .withMessageStartingWith("this needs a completion port of Windows; here is ")
                .withMessageContaining(System.getProperty("os.name"))
                .withMessageContaining("engine: " + Lowlevel.currentStatistics().engine().name());
          }
        });
  }

  @Test
  void outside_of_a_task_there_is_nothing_to_wait_with() {
    for (ThrowingCallable call : ALL) {
      assertThatIllegalStateException().isThrownBy(call);
    }
  }

  @Test
  void low_25_memory_must_be_of_a_kind_that_the_system_can_use() {
    MemorySegment heap = MemorySegment.ofArray(new byte[32]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowsIo.readIntoOverlapped(4, heap, 0))
        .withMessage("buffer must be in native memory");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowsIo.readIntoOverlapped(4, NATIVE.asReadOnly(), 0))
        .withMessage("buffer is read-only");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowsIo.writeOverlapped(4, heap, 0))
        .withMessage("data must be in native memory");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowsIo.waitOverlapped(4, heap))
        .withMessage("overlapped must be in native memory");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WindowsIo.waitOverlapped(4, NATIVE.asSlice(8)))
        .withMessage("overlapped must have 32 bytes at least");
  }
}
