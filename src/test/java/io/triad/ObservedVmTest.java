package io.triad;

import static org.assertj.core.api.Assertions.assertThat;

import io.triad.loop.ChildVm;
import io.triad.loop.ChildVm.Placement;
import io.triad.loop.childvm.HoldUp;
import io.triad.loop.childvm.Interrupted;
import io.triad.loop.childvm.SmallRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ctrl-C and onlookers where a whole virtual machine is needed to see them. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
final class ObservedVmTest {
  /** What a shell, and the virtual machine, make of the end by SIGINT. */
  private static final int ENDED_BY_SIGINT = 128 + 2;

  private static ChildVm run(List<String> options, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(options);
    all.add("--enable-native-access=" + Placement.CLASS_PATH.module());
    return ChildVm.run(Placement.CLASS_PATH, all, program, arguments);
  }

  private static ChildVm interrupted(String what) throws IOException, InterruptedException {
    new Sigint().assumeDefault(); // the child would ignore it as well
    return run(List.of(), Interrupted.class, what);
  }

  @Test
  @Tag("CORE-81")
  @DisabledOnOs(OS.WINDOWS) // there is no kill
  void core_82_sigint_from_outside_has_main_clean_up_and_ends_the_program() throws Exception {
    ChildVm child = interrupted("leave");

    assertThat(child.out()).containsExactly("cleaned up");
    assertThat(child.err()).first().asString().contains(KeyboardInterrupt.class.getName());
    assertThat(child.exitStatus()).as("of an exception out of main").isEqualTo(1);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void core_83_after_the_run_sigint_ends_the_virtual_machine_again() throws Exception {
    assertThat(interrupted("catch"))
        .isEqualTo(
            new ChildVm(
                ENDED_BY_SIGINT,
                List.of("cleaned up", "caught", "ended by the virtual machine"),
                List.of()));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void core_82_a_task_without_checkpoints_cannot_keep_sigint_from_the_virtual_machine()
      throws Exception {
    assertThat(interrupted("ignore"))
        .isEqualTo(
            new ChildVm(ENDED_BY_SIGINT, List.of("ended by the virtual machine"), List.of()));
  }

  @Test
  void a_stalled_step_is_logged_with_its_stack_if_the_property_names_a_limit() throws Exception {
    ChildVm child = run(List.of("-Dtriad.stalledStep=50ms"), HoldUp.class);

    assertThat(child.err()).isEmpty();
    assertThat(child.out())
        .anyMatch(
            line -> line.matches(
                "WARNING: task stubborn \\(thread #\\d+\\) has been running for \\d+ ms without a"
                    + " checkpoint, at"))
        .anyMatch(line -> line.contains("HoldUp.holdUpUntilLogged"));
    assertThat(child.out()).filteredOn(line -> line.startsWith("WARNING")).hasSize(1);
    assertThat(child.exitStatus()).isZero();
  }

  @Test
  void a_limit_that_is_no_time_is_refused() throws Exception {
    ChildVm child = run(List.of("-Dtriad.stalledStep=soon"), SmallRun.class);

    assertThat(child.err())
        .first()
        .asString()
        .contains("-Dtriad.stalledStep must be a time such as 50ms or 2s, not soon");
    assertThat(child.exitStatus()).isEqualTo(1);
  }

  @Test
  void where_there_is_no_flight_recorder_everything_else_works() throws Exception {
    List<String> without = List.of("--limit-modules=java.base,java.logging,jdk.unsupported");

    assertThat(run(without, SmallRun.class))
        .isEqualTo(new ChildVm(0, List.of("flight recorder: false", "true", "done"), List.of()));
    assertThat(run(List.of(), SmallRun.class))
        .isEqualTo(new ChildVm(0, List.of("flight recorder: true", "true", "done"), List.of()));
  }

  @Test
  void without_signals_a_run_on_the_main_thread_goes_without_ctrl_c() throws Exception {
    List<String> without = List.of("--limit-modules=java.base,java.logging");

    assertThat(run(without, SmallRun.class).exitStatus()).isZero();
    assertThat(run(List.of("-Xrs"), SmallRun.class))
        .isEqualTo(new ChildVm(0, List.of("flight recorder: true", "true", "done"), List.of()));
  }
}
