package io.triad.loop;

import org.jspecify.annotations.Nullable;

/**
 * The task-local values of a task: an immutable list, innermost binding first. All of them hang on
 * one scoped value, so whoever inherits that inherits them all, by one pointer.
 *
 * @param key whose value it is, by identity
 * @param value the value
 * @param outer the bindings around it
 */
public record TaskLocals(Object key, @Nullable Object value, @Nullable TaskLocals outer) {
  /** The bindings of the calling thread; not bound where there are none. */
  public static final ScopedValue<TaskLocals> CURRENT = ScopedValue.newInstance();

  /** The bindings of the calling thread, or null if there are none. */
  public static @Nullable TaskLocals current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /** The innermost binding of a key, or null if it has none. */
  public static @Nullable TaskLocals find(Object key) {
    TaskLocals binding = current();
    while (binding != null && binding.key != key) {
      binding = binding.outer;
    }
    return binding;
  }
}
