package io.triad;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * SIGINT of this process, through {@code sun.misc.Signal}; by reflection, because the compiler warns
 * of it.
 */
final class Sigint {
  private final Class<?> handlerType;
  private final Object signal;
  private final Method handle;
  private final Method raise;
  private final Object found;

  Sigint() {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      handlerType = Class.forName("sun.misc.SignalHandler");
      signal = type.getConstructor(String.class).newInstance("INT");
      handle = type.getMethod("handle", type, handlerType);
      raise = type.getMethod("raise", type);
      found = install(handlerType.getField("SIG_DFL").get(null));
      install(found);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Skips the test where SIGINT is ignored, as in a background job of a shell. */
  void assumeDefault() {
    assumeThat(found.toString()).startsWith("java.lang.Terminator$");
  }

  /** The handler that was there in the beginning. */
  Object foundHandler() {
    return found;
  }

  /** What {@link #present} answers for it. */
  Object found() {
    return found.toString();
  }

  /** The handler: the virtual machine's by its text, because it comes in a new wrapper each time. */
  Object present() {
    Object present = install(found);
    install(present);
    return present.getClass().getName().startsWith("sun.misc.Signal$")
        ? present.toString()
        : present;
  }

  /** Installs a handler; answers the one before. */
  Object install(Object handler) {
    return call(handle, signal, handler);
  }

  /** Sends this process the signal; handlers run soon after, on another thread. */
  void raise() {
    call(raise, signal);
  }

  /** Does something while a handler of the test is installed. */
  void with(Runnable handler, Consumer<Object> body) {
    Object own =
        Proxy.newProxyInstance(
            Sigint.class.getClassLoader(),
            new Class<?>[] {handlerType},
            (self, method, arguments) -> switch (method.getName()) {
              case "handle" -> {
                handler.run();
                yield null;
              }
              case "equals" -> self == arguments[0];
              case "hashCode" -> System.identityHashCode(self);
              default -> "the handler of a test";
            });
    install(own);
    try {
      body.accept(own);
    } finally {
      install(found);
    }
  }

  private static Object call(Method method, Object... arguments) {
    try {
      return method.invoke(null, arguments);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError(e);
    }
  }
}
