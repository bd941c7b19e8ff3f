package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.engine.Engine;
import io.triad.engine.EngineRig;
import io.triad.engine.EngineUnavailableException;
import io.triad.platform.linux.ffi.Libc;
import io.triad.platform.linux.ffi.Linux;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which engine is taken, and what is said of it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineChoiceTest {
  private static int errno(String name) {
    return name.equals("EPERM") ? Linux.EPERM() : Linux.ENOSYS();
  }

  private static int call(String name) {
    return name.equals("setup") ? SeccompFilter.SETUP : SeccompFilter.ENTER;
  }

  /** Opens an engine, uses it, and answers its description. */
  private static List<String> describe(@Nullable String forced) {
    try (EngineRig rig = new EngineRig(new LinuxPlatform(forced))) {
      int[] pair = rig.pair();
      rig.send(pair[0], EngineRig.random(1000));
      assertThat(rig.receive(pair[1], 1000)).isEqualTo(EngineRig.random(1000));
      return rig.engine.describe();
    }
  }

  @Test
  void io_uring_is_taken_where_the_kernel_allows_it() {
    assertThat(describe(null)).first().asString().startsWith("engine: io_uring");
  }

  @Test
  void what_was_asked_for_is_taken() {
    assertThat(describe(EngineChoice.IO_URING)).first().asString().startsWith("engine: io_uring");
    assertThat(describe(EngineChoice.EPOLL))
        .first()
        .isEqualTo("engine: epoll, because -Dtriad.engine asks for it");
  }

  @Test
  void an_engine_that_does_not_exist_is_an_error_that_names_those_that_do() {
    try (LinuxPlatform platform = new LinuxPlatform("kqueue")) {
      assertThatExceptionOfType(EngineUnavailableException.class)
          .isThrownBy(platform::openEngine)
          .withMessageContainingAll("-Dtriad.engine=kqueue", "io_uring", "epoll", "simulated");
    }
  }

  @ParameterizedTest
  @CsvSource({"setup, EPERM", "setup, ENOSYS", "enter, EPERM", "enter, ENOSYS"})
  void where_a_filter_refuses_io_uring_it_is_epoll_and_says_why(String call, String error)
      throws Throwable {
    new SeccompFilter()
        .refuse(call(call), errno(error))
        .around(
            () -> {
              var before = OpenDescriptors.list();
              assertThat(describe(null))
                  .first()
                  .asString()
                  .startsWith("engine: epoll, because io_uring")
                  .contains("is refused with " + error, "seccomp");
              assertThat(OpenDescriptors.list()).isEqualTo(before);
            });
  }

  @ParameterizedTest
  @CsvSource({"setup, EPERM", "enter, ENOSYS"})
  void io_uring_that_was_asked_for_and_is_refused_is_an_error(String call, String error)
      throws Throwable {
    new SeccompFilter()
        .refuse(call(call), errno(error))
        .around(
            () -> {
              var before = OpenDescriptors.list();
              try (LinuxPlatform platform = new LinuxPlatform(EngineChoice.IO_URING)) {
                assertThatExceptionOfType(EngineUnavailableException.class)
                    .isThrownBy(platform::openEngine)
                    .withMessageContainingAll("is refused with " + error, "seccomp");
              }
              assertThat(OpenDescriptors.list()).isEqualTo(before);
            });
  }

  @Test
  void sockets_are_opened_in_the_mode_that_the_engine_wants() {
    for (String name : List.of(EngineChoice.IO_URING, EngineChoice.EPOLL)) {
      try (Arena arena = Arena.ofConfined();
          LinuxPlatform platform = new LinuxPlatform(name);
          Engine engine = platform.openEngine()) {
        int descriptor = platform.openStreamSocket(false);
        boolean nonBlocking =
            (new Libc(arena).fcntl(descriptor, Linux.F_GETFL(), 0) & Linux.O_NONBLOCK()) != 0;
        platform.close(descriptor);
        assertThat(nonBlocking)
            .as(name)
            .isEqualTo(engine.wantsNonBlocking())
            .isEqualTo(name.equals(EngineChoice.EPOLL));
      }
    }
  }
}
