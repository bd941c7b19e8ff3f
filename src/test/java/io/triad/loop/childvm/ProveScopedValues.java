package io.triad.loop.childvm;

import io.triad.Nursery;
import io.triad.TaskLocal;
import io.triad.Triad;
import io.triad.loop.ScopedBindings;

/** Says what tasks inherit in this virtual machine. */
public final class ProveScopedValues {
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();
  private static final TaskLocal<String> LOCAL = new TaskLocal<>();

  private ProveScopedValues() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    System.out.println(ScopedBindings.explanation());
    bound("1", () -> Triad.run(ProveScopedValues::mainTask));
    see("outside");
  }

  private static void mainTask() {
    see("main");
    Nursery.open(
        nursery -> {
          bound("2", () -> nursery.startSoon(() -> see("child")));
        });
    Object bindings = bound("3", ScopedBindings::capture);
    ScopedBindings.run(bindings, () -> see("handed on"));
    see("main");
  }

  private static <T> T bound(String value, ScopedValue.CallableOp<T, RuntimeException> body) {
    return ScopedValue.where(SCOPED, value).call(() -> LOCAL.where(value, body::call));
  }

  private static void bound(String value, Runnable body) {
    bound(
        value,
        () -> {
          body.run();
          return "";
        });
  }

  private static void see(String where) {
    System.out.println(where + ": " + SCOPED.orElse("-") + LOCAL.orElse("-"));
  }
}
