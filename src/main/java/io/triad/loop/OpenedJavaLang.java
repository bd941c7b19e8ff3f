package io.triad.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The first rung of {@link SchedulerAccess}: reflection, where {@code java.lang} is open to us.
 *
 * <p>A record, because the just-in-time compiler trusts the fields of records to be final: reached
 * from a {@code static final} field, {@link #get()} compiles to the bare intrinsic.
 */
record OpenedJavaLang(Constructor<?> builder, MethodHandle currentCarrier)
    implements Function<Executor, Thread.Builder.OfVirtual>, Supplier<Thread> {

  /** Tells whether {@code java.lang} is open to the module of this class. */
  static boolean isOpen() {
    return Object.class.getModule().isOpen("java.lang", OpenedJavaLang.class.getModule());
  }

  /**
   * Looks up the two package-private members.
   *
   * @throws ReflectiveOperationException if this JDK does not have them
   */
  static OpenedJavaLang find() throws ReflectiveOperationException {
    Constructor<?> builder =
        Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder", true, null)
            .getDeclaredConstructor(Executor.class);
    builder.setAccessible(true);
    Method currentCarrier = Thread.class.getDeclaredMethod("currentCarrierThread");
    currentCarrier.setAccessible(true);
    return new OpenedJavaLang(builder, MethodHandles.lookup().unreflect(currentCarrier));
  }

  @Override
  public Thread.Builder.OfVirtual apply(Executor scheduler) {
    try {
      return (Thread.Builder.OfVirtual) builder.newInstance(scheduler);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new AssertionError("the constructor declares no checked exception", e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("made accessible when it was found", e);
    }
  }

  @Override
  public Thread get() {
    try {
      return (Thread) currentCarrier.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("the method declares no checked exception", e);
    }
  }
}
