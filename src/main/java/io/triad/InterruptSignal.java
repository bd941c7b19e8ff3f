package io.triad;

import io.triad.RunOptions.KeyboardInterrupts;
import io.triad.loop.Fiber;
import io.triad.loop.Loop;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * SIGINT in the hands of a run, which makes a {@link KeyboardInterrupt} of it.
 *
 * <p>The only way to have a signal in Java is {@code sun.misc.Signal} (module {@code
 * jdk.unsupported}). It is reached by reflection, because the compiler warns of every direct use.
 * Handlers run on a thread that the virtual machine starts for each signal.
 *
 * <p>The former handler is always known only after it was replaced; if it turns out to be the
 * program's own, it is put back at once.
 */
final class InterruptSignal {
  /** How long a signal may wait to be delivered until another one goes to the former handler. */
  static final long PATIENCE_NANOS = 1_000_000_000;

  private final Loop loop;
  private final Fiber main;
  private final Signals signals;
  private final Object ours;
  private Object former;

  /** One has come and the loop has not heard of it. Guarded by this object, like the next two. */
  private boolean announced;

  private long pendingSinceNanos;
  private boolean passedOn;

  private InterruptSignal(Loop loop, Fiber main, Signals signals) {
    this.loop = loop;
    this.main = main;
    this.signals = signals;
    ours = signals.handler(this::arrived);
    former = ours;
  }

  /**
   * Takes the signal, if it is to be had.
   *
   * @param loop the loop of the run
   * @param main its main task
   * @param when whether this run wants it
   * @return what {@link #giveBack} is to be called of; null if nothing was taken
   */
  static @Nullable InterruptSignal take(Loop loop, Fiber main, KeyboardInterrupts when) {
    boolean wanted =
        switch (when) {
          case ON_MAIN_THREAD -> Thread.currentThread().getName().equals("main");
          case ALWAYS -> true;
          case NEVER -> false;
        };
    if (!wanted) {
      return null;
    }
    try {
      InterruptSignal signal = new InterruptSignal(loop, main, Signals.load());
      return signal.install() ? signal : null;
    } catch (UnsupportedOperationException e) {
      if (when == KeyboardInterrupts.ALWAYS) {
        throw new IllegalStateException(
            "SIGINT cannot be had: " + e.getMessage() + "; RunOptions asks for it by ALWAYS", e);
      }
      return null;
    }
  }

  private boolean install() {
    synchronized (this) { // a signal that comes at once has to wait until the former one is known
      former = signals.replace(ours);
    }
    if (!signals.isDefault(former)) {
      signals.replace(former);
      return false;
    }
    return true;
  }

  /** Puts the former handler back; one that the program installed during the run stays. */
  synchronized void giveBack() {
    if (!passedOn) {
      Object present = signals.replace(former);
      if (present != ours) {
        signals.replace(present);
      }
    }
  }

  /** A signal has come; on a thread of the virtual machine. */
  synchronized void arrived() {
    long now = System.nanoTime();
    boolean pending = announced || loop.isInterruptPending();
    if (pending && now - pendingSinceNanos >= PATIENCE_NANOS) {
      passOn();
      return;
    }
    if (pending) {
      return; // the same as the one before
    }
    pendingSinceNanos = now;
    announced = loop.offer(this::deliver);
    if (!announced) {
      passOn(); // the run is over, and was about to give the signal back
    }
  }

  /** Runs on the loop. */
  private void deliver() {
    loop.interrupt(main, new KeyboardInterrupt(main.stackTrace()));
    synchronized (this) {
      announced = false;
    }
  }

  private void passOn() {
    if (!passedOn) {
      passedOn = true;
      signals.replace(former);
    }
    signals.raise();
  }

  /** The part of {@code sun.misc.Signal} that is needed here, for SIGINT. */
  private record Signals(
      Object signal, Class<?> handlerType, Method handle, Method raiseMethod,
      Object systemDefault) {
    /**
     * Finds it.
     *
     * @throws UnsupportedOperationException if it is not there
     */
    static Signals load() {
      try {
        Class<?> type = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        return new Signals(
            type.getConstructor(String.class).newInstance("INT"),
            handlerType,
            type.getMethod("handle", type, handlerType),
            type.getMethod("raise", type),
            handlerType.getField("SIG_DFL").get(null));
      } catch (ReflectiveOperationException e) {
        throw new UnsupportedOperationException(
            "this Java runtime, or its module graph, lacks the module jdk.unsupported", e);
      }
    }

    Object handler(Runnable action) {
      InvocationHandler invocation =
          (self, method, arguments) -> {
            switch (method.getName()) {
              case "handle" -> action.run();
              case "equals" -> {
                return self == arguments[0];
              }
              case "hashCode" -> {
                return System.identityHashCode(self);
              }
              default -> {
                return "Triad's handler of SIGINT";
              }
            }
            return null;
          };
      return Proxy.newProxyInstance(
          InterruptSignal.class.getClassLoader(), new Class<?>[] {handlerType}, invocation);
    }

    /**
     * Installs a handler; answers the one before.
     *
     * @throws UnsupportedOperationException if the virtual machine keeps the signal for itself
     */
    Object replace(Object handler) {
      return call(handle, signal, handler);
    }

    void raise() {
      call(raiseMethod, signal);
    }

    /**
     * Whether it is the system's or that of the virtual machine, which lives in a class that is not
     * public and is known by its text.
     */
    boolean isDefault(Object handler) {
      return handler == systemDefault || handler.toString().startsWith("java.lang.Terminator$");
    }

    @SuppressWarnings("NullAway") // raise has no result, and nobody takes it for one
    private static Object call(Method method, Object... arguments) {
      try {
        return method.invoke(null, arguments);
      } catch (InvocationTargetException e) {
        throw new UnsupportedOperationException(
            "the virtual machine keeps it for itself (is there the option -Xrs?)", e);
      } catch (IllegalAccessException e) {
        throw new UnsupportedOperationException(e);
      }
    }
  }
}
