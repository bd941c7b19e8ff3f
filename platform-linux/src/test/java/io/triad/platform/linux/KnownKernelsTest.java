package io.triad.platform.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.platform.linux.KnownKernels.Feature;
import io.triad.platform.linux.KnownKernels.KnownKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kernels the table means. */
class KnownKernelsTest {
  private static final String DEBIAN =
      "Linux version 6.1.0-2-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14)"
          + " 12.2.0) #1 SMP PREEMPT_DYNAMIC Debian 6.1.7-1 (2023-01-18)\n";

  @ParameterizedTest
  @CsvSource({
    "6.1.7,                  6.1.7",
    "6.18.44-fc-v657,        6.18.44",
    "5.10,                   5.10.0",
    "6.2-rc4,                6.2.0",
    "6.6.87.2-microsoft-WSL, 6.6.87",
    "mine,                   0.0.0",
  })
  void the_version_is_that_of_the_release(String release, String version) {
    assertThat(KnownKernels.version(release, "Linux version " + release, "")).hasToString(version);
  }

  @Test
  void where_the_release_is_the_distributions_own_the_banner_or_the_signature_tells() {
    String banner = DEBIAN.replace("Debian 12.2.0-14", "a compiler");
    assertThat(KnownKernels.version("6.1.0-2-amd64", banner, "")).hasToString("6.1.7");
    assertThat(KnownKernels.version("6.8.0-31-generic", "", "Ubuntu 6.8.0-31.31-generic 6.8.1\n"))
        .hasToString("6.8.1");
  }

  @Test
  void the_version_of_the_compiler_is_not_that_of_the_kernel() {
    assertThat(KnownKernels.version("6.1.0-2-amd64", DEBIAN, "")).hasToString("6.1.7");
  }

  @Test
  void the_kernel_that_loses_receive_buffers_is_known_and_described() {
    assertThat(KnownKernels.matching("6.1.7", "", ""))
        .singleElement()
        .satisfies(
            kernel -> assertThat(kernel.feature()).isEqualTo(Feature.MULTISHOT_RECEIVE),
            kernel -> assertThat(kernel.describe())
                .startsWith("not used on Linux 6.1.7: multishot, because ")
                .contains("778"));
    assertThat(KnownKernels.matching("6.1.0-2-amd64", DEBIAN, ""))
        .extracting(KnownKernel::feature)
        .containsExactly(Feature.MULTISHOT_RECEIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.15.0", "6.1.6", "6.1.8", "6.1.176", "6.2.0", "7.2.0", "mine"})
  void others_are_not(String release) {
    assertThat(KnownKernels.matching(release, "", "")).isEmpty();
  }
}
