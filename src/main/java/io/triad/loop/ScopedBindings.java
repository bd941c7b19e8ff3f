package io.triad.loop;

import java.lang.reflect.InvocationTargetException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@link ScopedValue} bindings of a thread, as something that can be handed on: to the tasks it
 * starts, and to the threads that work for it (CORE-79, CORE-84).
 *
 * <p>JDK 25 hands bindings on to the threads of a {@code StructuredTaskScope} and to no others, and
 * has no public way to ask for more. So this goes the way of {@link SchedulerAccess}: reflection
 * where {@code java.lang} is open, otherwise a class of ours defined there, {@code
 * java.lang.TriadScopedValues1}. It uses the very means of the JDK: a thread that has not started
 * gets its bindings in the field {@code Thread.scopedValueBindings}, from where its first frame takes
 * them, and a thread that runs already gets them by {@code Thread.runWith}, the frame in which the
 * virtual machine searches for bindings after a stack overflow. A task costs no frame and no memory
 * for it, and without any binding, one comparison.
 *
 * <p>Where a JDK has these members no more, tasks run all the same: {@link TaskLocals} are handed on
 * then, by an ordinary binding around the body, and other scoped values are not. {@link #explanation}
 * says so.
 *
 * <p>Bindings are immutable, so it does no harm that a task outlives the {@code ScopedValue.where}
 * inside which it was started: it goes on seeing what was bound there.
 */
public final class ScopedBindings {
  private static final Means MEANS = find();

  private ScopedBindings() {}

  /** The bindings of the calling thread; null if it has none. Any thread. */
  public static @Nullable Object capture() {
    return MEANS.capture();
  }

  /**
   * Runs something on the calling thread with bindings in place of its own; what it throws comes
   * out.
   *
   * @param bindings what {@link #capture} returned, on any thread
   * @param body what to run
   */
  public static void run(@Nullable Object bindings, Runnable body) {
    if (bindings == null) {
      body.run();
    } else {
      MEANS.run(bindings, body);
    }
  }

  /** Makes a virtual thread that begins with bindings. */
  static Thread unstarted(
      Thread.Builder.OfVirtual builder, Runnable body, @Nullable Object bindings) {
    return bindings == null ? builder.unstarted(body) : MEANS.unstarted(builder, body, bindings);
  }

  /** One line for {@code Triad.explain()}. */
  public static String explanation() {
    return MEANS.explanation();
  }

  private static Means find() {
    try {
      if (OpenedJavaLang.isOpen()) {
        OpenedScopedValues opened = OpenedScopedValues.find();
        return proven(new AllScopedValues(opened, opened, opened));
      }
      return proven(injected(InjectedJavaLang.instance(InjectedJavaLang.SCOPED_VALUES)));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      boolean wrapped = e instanceof InvocationTargetException;
      return new OnlyTaskLocals(String.valueOf(wrapped ? e.getCause() : e));
    }
  }

  @SuppressWarnings("unchecked") // the class implements the interfaces with these types
  private static AllScopedValues injected(Object instance) {
    return new AllScopedValues(
        (Supplier<@Nullable Object>) instance,
        (BiConsumer<Thread, Object>) instance,
        (BiFunction<Object, Runnable, @Nullable Object>) instance);
  }

  /** Hands a value on once, so that a JDK in which that has no effect is noticed here. */
  private static Means proven(AllScopedValues means) {
    ScopedValue<Object> probe = ScopedValue.newInstance();
    Object bindings = ScopedValue.where(probe, probe).call(means::capture);
    if (bindings == null) {
      throw new IllegalStateException("the bindings of a thread are not where they were");
    }
    boolean[] seen = new boolean[1];
    means.run(bindings, () -> seen[0] = probe.isBound());
    if (!seen[0] || probe.isBound()) {
      throw new IllegalStateException("the bindings of a thread are not used as they were");
    }
    means.unstarted(Thread.ofVirtual(), () -> {}, bindings);
    return means;
  }

  /** How bindings are handed on. */
  private sealed interface Means {
    @Nullable Object capture();

    void run(Object bindings, Runnable body);

    Thread unstarted(Thread.Builder.OfVirtual builder, Runnable body, Object bindings);

    String explanation();
  }

  /** By the means of the JDK; a record, because the compiler trusts its fields to be final. */
  private record AllScopedValues(
      Supplier<@Nullable Object> captured,
      BiConsumer<Thread, Object> adoption,
      BiFunction<Object, Runnable, @Nullable Object> running)
      implements Means {
    @Override
    public @Nullable Object capture() {
      return captured.get();
    }

    @Override
    public void run(Object bindings, Runnable body) {
      @Nullable Object _ = running.apply(bindings, body);
    }

    @Override
    public Thread unstarted(Thread.Builder.OfVirtual builder, Runnable body, Object bindings) {
      Thread thread = builder.unstarted(body);
      adoption.accept(thread, bindings);
      return thread;
    }

    @Override
    public String explanation() {
      return "inherited by tasks and worker threads";
    }
  }

  /** What can be done with the public means. */
  private record OnlyTaskLocals(String reason) implements Means {
    @Override
    public @Nullable Object capture() {
      return TaskLocals.current();
    }

    @Override
    public void run(Object bindings, Runnable body) {
      ScopedValue.where(TaskLocals.CURRENT, (TaskLocals) bindings).run(body);
    }

    @Override
    public Thread unstarted(Thread.Builder.OfVirtual builder, Runnable body, Object bindings) {
      return builder.unstarted(() -> run(bindings, body));
    }

    @Override
    public String explanation() {
      return "not inherited by tasks, use TaskLocal: " + reason;
    }
  }
}
