package io.triad.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.triad.loop.childvm.FirstUseOnVirtualThread;
import io.triad.loop.childvm.ManyThreads;
import io.triad.loop.childvm.ProveScheduler;
import io.triad.loop.childvm.RaceFirstUse;
import io.triad.loop.childvm.SeveralCopies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Almost every test starts a virtual machine, because the rungs are climbed once in each. */
class SchedulerAccessTest {

  private static final ChildVm.Placement CLASS_PATH = ChildVm.Placement.CLASS_PATH;
  private static final List<String> NO_OPTIONS = List.of();
  private static final List<String> DENIED = List.of("--illegal-native-access=deny");
  private static final List<String> CHECK_JNI = List.of("-Xcheck:jni");

  private static List<String> granted(ChildVm.Placement placement) {
    return List.of("--enable-native-access=" + placement.module());
  }

  private static List<String> opened(ChildVm.Placement placement) {
    return List.of("--add-opens=java.base/java.lang=" + placement.module());
  }

  /** Every placement, without and with {@code -Xcheck:jni}, which complains on standard output. */
  static Stream<Arguments> placements() {
    return Stream.of(ChildVm.Placement.values())
        .flatMap(p -> Stream.of(Arguments.of(p, NO_OPTIONS), Arguments.of(p, CHECK_JNI)));
  }

  @ParameterizedTest
  @MethodSource("placements")
  void opened_java_lang_is_used_by_reflection(ChildVm.Placement placement, List<String> more)
      throws Exception {
    ChildVm child = ChildVm.run(placement, join(opened(placement), more), ProveScheduler.class);
    assertThat(child).isEqualTo(proofOf(SchedulerAccess.Rung.OPENED));
  }

  @ParameterizedTest
  @MethodSource("placements")
  void opened_java_lang_needs_no_native_access(ChildVm.Placement placement, List<String> more)
      throws Exception {
    List<String> options = join(opened(placement), DENIED, more);
    ChildVm child = ChildVm.run(placement, options, ProveScheduler.class);
    assertThat(child).isEqualTo(proofOf(SchedulerAccess.Rung.OPENED));
  }

  @ParameterizedTest
  @MethodSource("placements")
  void native_access_suffices(ChildVm.Placement placement, List<String> more) throws Exception {
    ChildVm child = ChildVm.run(placement, join(granted(placement), more), ProveScheduler.class);
    assertThat(child).isEqualTo(proofOf(SchedulerAccess.Rung.NATIVE_ACCESS));
  }

  @ParameterizedTest
  @MethodSource("placements")
  void native_access_granted_suffices_where_it_is_denied_to_others(
      ChildVm.Placement placement, List<String> more) throws Exception {
    List<String> options = join(granted(placement), DENIED, more);
    ChildVm child = ChildVm.run(placement, options, ProveScheduler.class);
    assertThat(child).isEqualTo(proofOf(SchedulerAccess.Rung.NATIVE_ACCESS));
  }

  @ParameterizedTest
  @MethodSource("placements")
  void without_any_option_it_works_and_the_jdk_warns(
      ChildVm.Placement placement, List<String> more) throws Exception {
    ChildVm child = ChildVm.run(placement, more, ProveScheduler.class);
    ChildVm expected = proofOf(SchedulerAccess.Rung.NATIVE_ACCESS);
    assertThat(child.exitStatus()).isZero();
    assertThat(child.out()).isEqualTo(expected.out());
    assertThat(child.err()).allMatch(line -> line.isBlank() || line.startsWith("WARNING: "));
    assertThat(child.err().getFirst())
        .isEqualTo(
            "WARNING: A restricted method in java.lang.foreign.SymbolLookup has been called");
  }

  @ParameterizedTest
  @MethodSource("placements")
  void refusal_names_every_fix_in_one_message(ChildVm.Placement placement, List<String> more)
      throws Exception {
    ChildVm child = ChildVm.run(placement, join(DENIED, more), ProveScheduler.class);
    String where = placement == ChildVm.Placement.CLASS_PATH ? "the class path" : "module io.triad";
    String message =
        """
        java.lang.IllegalStateException: \
        Triad cannot be the scheduler of virtual threads: native access is denied to WHERE, \
        and java.lang is not open to it. Grant native access, which all of Triad's I/O needs:
          class path:   java --enable-native-access=ALL-UNNAMED ...
          module path:  java --enable-native-access=io.triad ...
          Surefire:     <argLine>--enable-native-access=ALL-UNNAMED</argLine> \
        (io.triad where Triad is on the module path)
          manifest:     Enable-Native-Access: ALL-UNNAMED (of the jar that java -jar starts)
        Or open java.lang, which serves the scheduler alone:
          class path:   java --add-opens=java.base/java.lang=ALL-UNNAMED ...
          module path:  java --add-opens=java.base/java.lang=io.triad ...
          manifest:     Add-Opens: java.base/java.lang
        """
            .replace("WHERE", where);
    assertThat(child.exitStatus()).isEqualTo(1);
    assertThat(child.out()).containsExactly("rung: REFUSED");
    assertThat(String.join("\n", child.err()))
        .startsWith("Exception in thread \"main\" " + message)
        .contains("Caused by: java.lang.IllegalCallerException");
  }

  @Test
  void virtual_machine_without_continuations_is_named_as_the_reason() throws Exception {
    for (List<String> way : List.of(opened(CLASS_PATH), granted(CLASS_PATH))) {
      List<String> options =
          join(way, List.of("-XX:+UnlockExperimentalVMOptions", "-XX:-VMContinuations"));
      ChildVm child = ChildVm.run(CLASS_PATH, options, ProveScheduler.class);
      assertThat(child.exitStatus()).isEqualTo(1);
      assertThat(child.out()).containsExactly("rung: REFUSED");
      assertThat(child.err().getFirst())
          .endsWith(
              ": this virtual machine has no continuations (a port without them, or"
                  + " -XX:-VMContinuations)");
    }
  }

  @Test
  void jdk_without_the_members_is_named_as_the_reason() {
    Refusal refusal = Refusal.of(new NoSuchMethodException("Thread.currentCarrierThread()"));
    assertThatIllegalStateException()
        .isThrownBy(refusal::get)
        .withMessage(
            "Triad cannot be the scheduler of virtual threads in "
                + System.getProperty("java.vm.name")
                + " "
                + System.getProperty("java.vm.version")
                + ": java.lang.NoSuchMethodException: Thread.currentCarrierThread()")
        .withCauseInstanceOf(NoSuchMethodException.class);
  }

  @Test
  void injected_class_passes_the_verifier() throws Exception {
    List<String> options =
        join(
            granted(CLASS_PATH),
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+BytecodeVerificationLocal"));
    ChildVm child = ChildVm.run(CLASS_PATH, options, ProveScheduler.class);
    assertThat(child).isEqualTo(proofOf(SchedulerAccess.Rung.NATIVE_ACCESS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseSerialGC",
        "-XX:+UseParallelGC",
        "-XX:+UseG1GC",
        "-XX:+UseZGC",
        "-XX:+UseShenandoahGC"
      })
  void works_with_every_collector(String collector) throws Exception {
    List<String> options = join(granted(CLASS_PATH), CHECK_JNI, List.of(collector));
    ChildVm child = ChildVm.run(CLASS_PATH, options, ManyThreads.class, "2000");
    assumeThat(child.out()).noneMatch(line -> line.contains("Could not create the Java Virtual"));
    assumeThat(child.err()).noneMatch(line -> line.contains("Could not create the Java Virtual"));
    assertThat(child).isEqualTo(success("parked 2000, finished 2000, off the loop thread 0"));
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENED", "NATIVE_ACCESS"})
  void carries_a_hundred_thousand_threads(SchedulerAccess.Rung rung) throws Exception {
    List<String> way =
        rung == SchedulerAccess.Rung.OPENED ? opened(CLASS_PATH) : granted(CLASS_PATH);
    ChildVm child = ChildVm.run(CLASS_PATH, way, ManyThreads.class, "100000");
    assertThat(child).isEqualTo(success("parked 100000, finished 100000, off the loop thread 0"));
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENED", "NATIVE_ACCESS"})
  void first_use_may_come_from_many_threads_at_once(SchedulerAccess.Rung rung) throws Exception {
    List<String> way =
        rung == SchedulerAccess.Rung.OPENED ? opened(CLASS_PATH) : granted(CLASS_PATH);
    ChildVm child = ChildVm.run(CLASS_PATH, join(way, CHECK_JNI), RaceFirstUse.class);
    assertThat(child).isEqualTo(success("{" + rung + " on its loop=16}"));
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENED", "NATIVE_ACCESS"})
  void first_use_may_come_from_a_virtual_thread(SchedulerAccess.Rung rung) throws Exception {
    List<String> way =
        rung == SchedulerAccess.Rung.OPENED ? opened(CLASS_PATH) : granted(CLASS_PATH);
    ChildVm child = ChildVm.run(CLASS_PATH, join(way, CHECK_JNI), FirstUseOnVirtualThread.class);
    assertThat(child)
        .isEqualTo(
            success(
                "rung: " + rung,
                "carrier is virtual: false",
                "carrier is the current thread: false"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"in-turn", "together"})
  void copies_in_different_class_loaders_share_the_class(String start) throws Exception {
    List<String> options = join(granted(CLASS_PATH), CHECK_JNI);
    String triad = ChildVm.triad().toString();
    ChildVm child =
        ChildVm.run(CLASS_PATH, options, SeveralCopies.class, triad, "8", start);
    assertThat(child).isEqualTo(success("copies: 8", "{NATIVE_ACCESS on its loop=8}"));
  }

  @Test
  void exceptions_inside_jni_leave_no_trace() throws Exception {
    List<String> options = join(granted(CLASS_PATH), CHECK_JNI);
    ChildVm child = ChildVm.run(CLASS_PATH, options, RefusedDefinitions.class);
    List<String> expected = new ArrayList<>();
    expected.add("what is no class is defined: false");
    expected.add("the class is defined: true");
    expected.add("the interrupt is kept: true");
    expected.addAll(proofOf(SchedulerAccess.Rung.NATIVE_ACCESS).out());
    assertThat(child).isEqualTo(new ChildVm(0, expected, List.of()));
  }

  /** Returns what {@link ProveScheduler} leaves behind where all is well. */
  private static ChildVm proofOf(SchedulerAccess.Rung rung) {
    return success(
        "rung: " + rung,
        "before the loop runs: 0",
        "steps on the loop thread: 3",
        "name: proof",
        "a platform thread carries itself: true",
        "null scheduler: NullPointerException");
  }

  private static ChildVm success(String... out) {
    return new ChildVm(0, List.of(out), List.of());
  }

  @SafeVarargs
  private static List<String> join(List<String>... lists) {
    List<String> all = new ArrayList<>();
    for (List<String> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
