package io.triad;

import io.triad.loop.TaskLocals;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value that a task and everything it starts can read without it being passed along: the number of
 * a request, the name of a user.
 *
 * <pre>{@code
 * static final TaskLocal<String> REQUEST = new TaskLocal<>();
 *
 * REQUEST.where("17", () -> Nursery.open(nursery -> {
 *   nursery.startSoon(() -> log(REQUEST.get() + ": reading"));
 *   nursery.startSoon(() -> log(REQUEST.get() + ": writing"));
 * }));
 * }</pre>
 *
 * <p>A binding holds while the body runs, and cannot be changed, only covered by another one further
 * in. A task starts with the bindings that were there where it was started, at {@link
 * Nursery#startSoon} or {@link Nursery#start}, and keeps them for its life: also when that body has
 * ended meanwhile, or the nursery was opened outside of it. The main task starts with those around
 * {@link Triad#run}, and so do system tasks, whoever starts them (CORE-84).
 *
 * <p>Any number of variables are inherited by one pointer, and none costs nothing. Reading takes time
 * in the number of bindings around the caller.
 *
 * <p>A {@link ScopedValue} of the JDK is inherited in the same way, as long as the JDK at hand allows
 * Triad to do so: {@link Triad#explain} says whether it does, in the line "scoped values". A {@code
 * TaskLocal} is inherited in any case.
 *
 * <p>Bound and read on any thread, in a run and outside. Threads that a program starts by itself
 * inherit nothing.
 *
 * @param <T> the type of the values
 */
public final class TaskLocal<T extends @Nullable Object> {

  /** Makes a variable that is bound nowhere. */
  public TaskLocal() {}

  /**
   * Runs a body in which this variable has a value.
   *
   * @param value the value
   * @param body what to do
   * @param <R> the type of the result
   * @param <E> the checked exception it may throw
   * @return what the body returned
   * @throws E what the body throws
   */
  public <R extends @Nullable Object, E extends Exception> R where(T value, Body<R, E> body)
      throws E {
    Objects.requireNonNull(body, "body");
    TaskLocals binding = new TaskLocals(this, value, TaskLocals.current());
    return ScopedValue.where(TaskLocals.CURRENT, binding).<R, E>call(body::call);
  }

  /**
   * Runs an action in which this variable has a value; see {@link #where(Object, Body)}.
   *
   * @param value the value
   * @param action what to do
   * @param <E> the checked exception it may throw
   * @throws E what the action throws
   */
  public <E extends Exception> void where(T value, Action<E> action) throws E {
    Objects.requireNonNull(action, "action");
    this.<@Nullable Object, E>where(
        value,
        () -> {
          action.run();
          return null;
        });
  }

  /**
   * Returns whether this variable has a value here.
   *
   * @return whether it is bound
   */
  public boolean isBound() {
    return TaskLocals.find(this) != null;
  }

  /**
   * Returns the value it has here.
   *
   * @return the value of the innermost binding
   * @throws NoSuchElementException if it is bound nowhere around the caller
   */
  public T get() {
    TaskLocals binding = TaskLocals.find(this);
    if (binding == null) {
      throw new NoSuchElementException("this TaskLocal is not bound here");
    }
    return valueOf(binding);
  }

  /**
   * Returns the value it has here, or another one if it has none.
   *
   * @param other what to return if it is not bound
   * @return the value
   */
  public T orElse(T other) {
    TaskLocals binding = TaskLocals.find(this);
    return binding == null ? other : valueOf(binding);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // bound by this object, so of its type
  private T valueOf(TaskLocals binding) {
    return (T) binding.value();
  }
}
