package io.triad.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code java.lang.TriadScopedValues1} does, by reflection, where {@code java.lang} is open to
 * us; its source explains the steps. A record for the same reason as {@link OpenedJavaLang}.
 */
record OpenedScopedValues(
    MethodHandle current,
    MethodHandle search,
    MethodHandle setCurrent,
    MethodHandle setCache,
    MethodHandle runWith,
    MethodHandle setOf)
    implements
    Supplier<@Nullable Object>,
    BiConsumer<Thread, Object>,
    BiFunction<Object, Runnable, @Nullable Object> {

  /** What the field of a thread holds in which nothing was ever bound. */
  private static final Object NONE = Thread.class;

  /**
   * Looks up the members.
   *
   * @throws ReflectiveOperationException if this JDK does not have them
   */
  static OpenedScopedValues find() throws ReflectiveOperationException {
    Field bindings = Thread.class.getDeclaredField("scopedValueBindings");
    bindings.setAccessible(true);
    return new OpenedScopedValues(
        method("scopedValueBindings"),
        method("findScopedValueBindings"),
        method("setScopedValueBindings", Object.class),
        method("setScopedValueCache", Object[].class),
        method("runWith", Object.class, Runnable.class),
        MethodHandles.lookup().unreflectSetter(bindings));
  }

  private static MethodHandle method(String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    Method method = Thread.class.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return MethodHandles.lookup().unreflect(method);
  }

  @Override
  public @Nullable Object get() {
    try {
      Object bindings = (@Nullable Object) current.invokeExact();
      if (bindings == null) {
        bindings = (@Nullable Object) search.invokeExact();
      }
      return bindings == NONE ? null : bindings;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public void accept(Thread unstarted, Object bindings) {
    try {
      setOf.invokeExact(unstarted, bindings);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public @Nullable Object apply(Object bindings, Runnable body) {
    try {
      Object before = (@Nullable Object) current.invokeExact();
      setCache.invokeExact((Object[]) null);
      setCurrent.invokeExact(bindings);
      try {
        runWith.invokeExact(Thread.currentThread(), bindings, body);
      } finally {
        setCurrent.invokeExact(before);
        setCache.invokeExact((Object[]) null);
      }
      return null;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** None of the members declares a checked exception; a body may throw one all the same. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> RuntimeException unexpected(Throwable throwable) throws E {
    throw (E) throwable;
  }
}
