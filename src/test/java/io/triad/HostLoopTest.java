package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.testkit.ExampleProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the example of a run beside the event loop of somebody else, as a user would. */
@Timeout(60)
class HostLoopTest {
  @Test
  void host_and_run_call_each_other_and_the_host_cancels() throws Exception {
    assertThat(ExampleProgram.run("host-loop"))
        .containsExactly(
            "ui: start was clicked",
            "run: works at step 1",
            "ui: step 1 is done",
            "ui: go on after step 1?",
            "run: works at step 2",
            "ui: step 2 is done",
            "ui: go on after step 2?",
            "ui: cancel was clicked",
            "ui: the run was cancelled");
  }
}
