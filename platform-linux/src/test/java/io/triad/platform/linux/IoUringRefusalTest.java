package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.triad.engine.EngineUnavailableException;
import io.triad.platform.linux.ffi.Linux;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words for each way in which the system can refuse, and the ways that can be had for real. */
@Timeout(60)
class IoUringRefusalTest {
  private static final String UNFILTERED = "Name:\tjava\nSeccomp:\t0\nSeccomp_filters:\t0\n";
  private static final String FILTERED = "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1\n";

  private static String explain(int errno, String sysctl, String status) {
    return IoUringRefusal.explain("io_uring", errno, sysctl, status);
  }

  @ParameterizedTest
  @CsvSource({"1, io_uring_group", "2, nobody"})
  void the_sysctl(String value, String detail) {
    assertThat(explain(Linux.EPERM(), value, UNFILTERED))
        .startsWith("io_uring is refused with EPERM: ")
        .contains("kernel.io_uring_disabled is " + value)
        .contains(detail);
  }

  @Test
  void a_sysctl_that_allows_it_is_not_the_cause() {
    assertThat(explain(Linux.EPERM(), "0", FILTERED)).contains("seccomp").doesNotContain("sysctl");
    assertThat(explain(Linux.ENOMEM(), "2", UNFILTERED)).doesNotContain("sysctl");
  }

  @ParameterizedTest
  @CsvSource({"EPERM", "EACCES", "ENOSYS"})
  void a_filter(String error) {
    int errno =
        switch (error) {
          case "EPERM" -> Linux.EPERM();
          case "EACCES" -> Linux.EACCES();
          default -> Linux.ENOSYS();
        };
    assertThat(explain(errno, "0", FILTERED))
        .startsWith("io_uring is refused with " + error + ": ")
        .contains("seccomp")
        .contains("io_uring_setup, io_uring_enter and io_uring_register");
    assertThat(explain(errno, "", UNFILTERED)).doesNotContain("seccomp");
  }

  @Test
  void a_kernel_without_it() {
    assertThat(explain(Linux.ENOSYS(), "", UNFILTERED)).contains("ENOSYS", "this kernel");
    assertThat(explain(Linux.ENOSYS(), "", "")).contains("ENOSYS", "this kernel");
  }

  @Test
  void memory_and_descriptors() {
    assertThat(explain(Linux.ENOMEM(), "0", FILTERED)).contains("RLIMIT_MEMLOCK", "ulimit -l");
    assertThat(explain(Linux.EMFILE(), "0", FILTERED)).contains("ulimit -n");
    assertThat(explain(Linux.ENFILE(), "0", FILTERED)).contains("fs.file-max");
  }

  @Test
  void anything_else_is_named_and_not_guessed_at() {
    assertThat(explain(Linux.EINVAL(), "0", UNFILTERED))
        .isEqualTo("io_uring is refused with EINVAL: the kernel gave no further reason");
    assertThat(explain(Linux.EPERM(), "0", UNFILTERED)).contains("no further reason");
  }

  @ParameterizedTest
  @CsvSource({"EPERM", "ENOSYS"})
  void a_filter_of_the_thread_at_hand_is_found_out(String error) throws Throwable {
    int errno = error.equals("EPERM") ? Linux.EPERM() : Linux.ENOSYS();
    new SeccompFilter()
        .refuse(SeccompFilter.SETUP, errno)
        .around(
            () -> {
              var before = OpenDescriptors.list();
              try (LinuxPlatform platform = new LinuxPlatform(EngineChoice.IO_URING)) {
                assertThatExceptionOfType(EngineUnavailableException.class)
                    .isThrownBy(platform::openEngine)
                    .withMessageStartingWith("io_uring is refused with " + error)
                    .withMessageContaining("seccomp");
              }
              assertThat(OpenDescriptors.list()).isEqualTo(before);
            });
  }
}
