package io.triad.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.testkit.ExampleProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the example about testing, which a user starts by hand. */
@Timeout(60)
final class TestingExamplesTest {
  @Test
  void a_client_that_tries_for_a_minute_is_tested_with_a_mock_clock() throws Exception {
    assertThat(ExampleProgram.run("mock-clock"))
        .containsExactly(
            "a server that comes up after 5 seconds",
            "  at 0 s: an attempt",
            "  at 1 s: an attempt",
            "  at 3 s: an attempt",
            "  at 7 s: an attempt",
            "  at 7 s: welcome",
            "a server that never answers",
            "  at 0 s: an attempt",
            "  at 11 s: an attempt",
            "  at 23 s: an attempt",
            "  at 37 s: an attempt",
            "  at 55 s: an attempt",
            "  at 60 s: gives up");
  }
}
