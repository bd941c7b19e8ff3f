package io.triad.loop;

import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gives virtual threads a scheduler of our own. The only class that knows how.
 *
 * <p>JDK 25 can run a virtual thread on any {@link Executor}, but has no public way to ask for it:
 * the constructor {@code ThreadBuilders.VirtualThreadBuilder(Executor)} is package-private in
 * {@code java.lang}, and so is {@code Thread.currentCarrierThread()}, by which the loop recognises
 * itself. There are three rungs; the first that holds is used, for as long as this class lives:
 *
 * <ol>
 *   <li>{@link Rung#OPENED}: {@code java.lang} is open to Triad, by {@code --add-opens} or by the
 *       manifest's {@code Add-Opens}. Plain reflection.
 *   <li>{@link Rung#NATIVE_ACCESS}: Triad may call native code; its engines cannot work without.
 *       <b>That permission is used here for one thing more than system calls:</b> through the JNI
 *       function {@code DefineClass} of the running virtual machine, two public classes are added to
 *       the boot class loader: {@code java.lang.TriadScheduler1}, which calls the two members above
 *       and does nothing else, and {@code java.lang.TriadScopedValues1} for {@link ScopedBindings}.
 *       Their sources are in {@code src/main/java-lang}. Nothing of the JDK is changed, no module is
 *       opened, and the classes stay until the virtual machine ends, where any code can use them.
 *       Who does not want this takes the first rung.
 *   <li>{@link Rung#REFUSED}: neither is allowed. {@link #builder} and {@link #currentCarrier}
 *       throw an {@link IllegalStateException} whose message names the options that help.
 * </ol>
 *
 * <p>All methods may be called from any thread, virtual ones included.
 */
public final class SchedulerAccess {

  /** Which way was found to the scheduler of virtual threads. */
  public enum Rung {
    /** Reflection: {@code java.lang} is open to Triad. */
    OPENED("java.lang is open to Triad; reflection"),

    /** A class defined in {@code java.lang} through native access. */
    NATIVE_ACCESS("native access; java.lang.TriadScheduler1 defined through JNI"),

    /** No way was found. */
    REFUSED("refused; Triad cannot run in this virtual machine as it was started");

    private final String explanation;

    Rung(String explanation) {
      this.explanation = explanation;
    }

    /** Returns one line for {@code Triad.explain()}. */
    public String explanation() {
      return explanation;
    }
  }

  private static final Function<Executor, Thread.Builder.OfVirtual> BUILDERS;
  private static final Supplier<Thread> CURRENT_CARRIER;
  private static final Rung RUNG;

  static {
    Served served = climb();
    BUILDERS = served.builders();
    CURRENT_CARRIER = served.currentCarrier();
    RUNG = served.rung();
  }

  private SchedulerAccess() {}

  /**
   * Returns a new builder of virtual threads that run on {@code scheduler}: each time such a thread
   * can go on, a task is handed to {@link Executor#execute}, and running that task, on a platform
   * thread, carries the virtual thread until it blocks or ends. {@code execute} is called by the
   * thread that starts or unblocks the virtual thread, and by the virtual thread itself when it
   * yields, so it must neither block nor throw.
   *
   * @throws NullPointerException if {@code scheduler} is null
   * @throws IllegalStateException if the rung is {@link Rung#REFUSED}; the message tells what to do
   */
  public static Thread.Builder.OfVirtual builder(Executor scheduler) {
    return BUILDERS.apply(scheduler);
  }

  /**
   * Returns the platform thread that carries the current virtual thread, or the current thread if
   * it is a platform thread. Compiled code pays no call for this.
   *
   * @throws IllegalStateException if the rung is {@link Rung#REFUSED}; the message tells what to do
   */
  public static Thread currentCarrier() {
    return CURRENT_CARRIER.get();
  }

  /** Returns the rung that serves this virtual machine. */
  public static Rung rung() {
    return RUNG;
  }

  private static Served climb() {
    try {
      if (OpenedJavaLang.isOpen()) {
        // No second rung if this fails: it needs the same members of the same JDK.
        OpenedJavaLang opened = OpenedJavaLang.find();
        return proven(new Served(Rung.OPENED, opened, opened));
      }
      return proven(injected(InjectedJavaLang.instance(InjectedJavaLang.SCHEDULER)));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      Refusal refusal = Refusal.of(e);
      return new Served(Rung.REFUSED, refusal, refusal);
    }
  }

  @SuppressWarnings("unchecked") // The class implements both interfaces with these types.
  private static Served injected(Object instance) {
    return new Served(
        Rung.NATIVE_ACCESS,
        (Function<Executor, Thread.Builder.OfVirtual>) instance,
        (Supplier<Thread>) instance);
  }

  /**
   * Makes both calls once, so that a JDK without the two members, or without continuations, is
   * noticed here and not in the middle of a run.
   */
  private static Served proven(Served served) {
    Thread.Builder.OfVirtual _ = served.builders().apply(new NeverCalled());
    Thread _ = served.currentCarrier().get();
    return served;
  }

  private record Served(
      Rung rung,
      Function<Executor, Thread.Builder.OfVirtual> builders,
      Supplier<Thread> currentCarrier) {}

  /** The scheduler of a builder that builds nothing. */
  private static final class NeverCalled implements Executor {
    @Override
    public void execute(Runnable task) {
      throw new AssertionError("no thread was built");
    }
  }
}
