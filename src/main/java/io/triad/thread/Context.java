package io.triad.thread;

import io.triad.Body;
import io.triad.loop.ScopedBindings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scoped values of one thread, to be seen by something that runs on another (CORE-79). They are
 * bound for the length of a call, so nothing of them stays there.
 *
 * @param bindings of the thread that made this
 */
record Context(@Nullable Object bindings) {
  static Context ofCaller() {
    return new Context(ScopedBindings.capture());
  }

  <T extends @Nullable Object> Outcome<T> run(Body<T, ? extends Exception> body) {
    List<Outcome<T>> how = new ArrayList<>(1);
    ScopedBindings.run(bindings, () -> how.add(Outcome.of(body)));
    return how.getFirst();
  }
}
