package io.triad.loop;

import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The third rung of {@link SchedulerAccess}: every call fails with a message that tells what
 * happened and, where an option of the {@code java} command helps, which one.
 */
record Refusal(String message, Throwable cause)
    implements Function<Executor, Thread.Builder.OfVirtual>, Supplier<Thread> {

  static Refusal of(Throwable cause) {
    if (cause instanceof IllegalCallerException) {
      return new Refusal(nativeAccessDenied(Refusal.class.getModule()), cause);
    }
    String reason =
        cause instanceof UnsupportedOperationException
            ? "this virtual machine has no continuations (a port without them, or"
                + " -XX:-VMContinuations)"
            : cause.toString();
    return new Refusal(
        "Triad cannot be the scheduler of virtual threads in "
            + System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.vm.version")
            + ": "
            + reason,
        cause);
  }

  private static String nativeAccessDenied(Module module) {
    String refused = module.isNamed() ? "module " + module.getName() : "the class path";
    return """
        Triad cannot be the scheduler of virtual threads: native access is denied to %s, \
        and java.lang is not open to it. Grant native access, which all of Triad's I/O needs:
          class path:   java --enable-native-access=ALL-UNNAMED ...
          module path:  java --enable-native-access=io.triad ...
          Surefire:     <argLine>--enable-native-access=ALL-UNNAMED</argLine> \
        (io.triad where Triad is on the module path)
          manifest:     Enable-Native-Access: ALL-UNNAMED (of the jar that java -jar starts)
        Or open java.lang, which serves the scheduler alone:
          class path:   java --add-opens=java.base/java.lang=ALL-UNNAMED ...
          module path:  java --add-opens=java.base/java.lang=io.triad ...
          manifest:     Add-Opens: java.base/java.lang"""
        .formatted(refused);
  }

  @Override
  public Thread.Builder.OfVirtual apply(Executor scheduler) {
    throw new IllegalStateException(message, cause);
  }

  @Override
  public Thread get() {
    throw new IllegalStateException(message, cause);
  }
}
