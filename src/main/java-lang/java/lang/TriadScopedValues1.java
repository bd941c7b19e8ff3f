package java.lang;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Hands the scoped-value bindings of one thread on to another, as {@code StructuredTaskScope} does
 * for the threads it forks.
 *
 * <p>This class is no part of the JDK. Triad defines it in {@code java.lang} for the same reason and
 * under the same rules as {@link TriadScheduler1}: what it does never changes, and its callers know
 * it by its three interfaces only. Why and how is told in {@code io.triad.loop.ScopedBindings}.
 *
 * <p>Bindings are what the field {@code Thread.scopedValueBindings} holds: an immutable object that
 * callers keep and pass on without looking into it.
 */
public final class TriadScopedValues1
    implements Supplier<Object>, BiConsumer<Thread, Object>, BiFunction<Object, Runnable, Object> {

  /** What the field of a thread holds in which nothing was ever bound; see its declaration. */
  private static final Object NONE = Thread.class;

  /** The field is private, and the one method of the JDK that sets it demands a container. */
  private static final VarHandle BINDINGS;

  static {
    try {
      BINDINGS =
          MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
              .findVarHandle(Thread.class, "scopedValueBindings", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Makes an instance; it has no state. */
  public TriadScopedValues1() {
    Object _ = Thread.findScopedValueBindings(); // where it is missing, here is the place to fail
  }

  /** Returns the bindings of the current thread, or null if nothing was ever bound in it. */
  @Override
  public Object get() {
    Object bindings = Thread.scopedValueBindings();
    if (bindings == null) {
      // The virtual machine has unwound the stack by force, and left it to the next to search.
      bindings = Thread.findScopedValueBindings();
    }
    return bindings == NONE ? null : bindings;
  }

  /**
   * Has a thread begin with these bindings. It looks at them when it starts, and keeps them on its
   * stack where the virtual machine can find them again.
   *
   * @param unstarted a thread that has not been started
   * @param bindings what {@link #get} returned, not null
   */
  @Override
  public void accept(Thread unstarted, Object bindings) {
    BINDINGS.set(unstarted, bindings);
  }

  /**
   * Runs something with these bindings in place of those of the current thread; what it throws comes
   * out.
   *
   * @param bindings what {@link #get} returned, not null
   * @param body what to run
   * @return null
   */
  @Override
  public Object apply(Object bindings, Runnable body) {
    Object before = Thread.scopedValueBindings();
    Thread.setScopedValueCache(null);
    Thread.setScopedValueBindings(bindings);
    try {
      // The frame of this method is the place where the virtual machine searches for bindings.
      Thread.currentThread().runWith(bindings, body);
    } finally {
      Thread.setScopedValueBindings(before);
      Thread.setScopedValueCache(null);
    }
    return null;
  }
}
