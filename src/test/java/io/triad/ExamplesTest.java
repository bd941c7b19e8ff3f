package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.testkit.ExampleProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the examples about tasks, scopes and channels. */
@Timeout(60)
final class ExamplesTest {
  @Test
  void time_outs() throws Exception {
    assertThat(ExampleProgram.run("time-outs"))
        .containsExactly(
            "not everybody answered",
            "answers: [near, far]",
            "no answer from the last one alone");
  }

  @Test
  void race() throws Exception {
    assertThat(ExampleProgram.run("race"))
        .containsExactly(
            "hare stops",
            "tortoise stops",
            "first: hare",
            "tortoise stops",
            "failed: the track is flooded");
  }

  @Test
  void pipeline() throws Exception {
    assertThat(ExampleProgram.run("pipeline"))
        .containsExactly(
            "90 = 2 · 3 · 3 · 5",
            "91 = 7 · 13",
            "92 = 2 · 2 · 23",
            "93 = 3 · 31",
            "94 = 2 · 47",
            "95 = 5 · 19",
            "96 = 2 · 2 · 2 · 2 · 2 · 3",
            "97 = 97",
            "98 = 2 · 7 · 7",
            "99 = 3 · 3 · 11");
  }

  @Test
  void hashing() throws Exception {
    assertThat(ExampleProgram.run("hashing"))
        .containsExactly("36c1cb4f826ae42c", "threads at work: 1", "threads at work: 0");
  }
}
