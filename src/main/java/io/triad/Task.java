package io.triad;

import io.triad.loop.Fiber;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of execution of a run: a virtual thread that the run schedules. Tasks are started by a
 * {@link Nursery}; the object is for looking at them.
 *
 * <p>The answers hold for the instant; ask on the thread of the run.
 */
public abstract sealed class Task permits RunningTask {
  private final String name;
  private @Nullable Nursery parent;
  private @Nullable Nursery eventualParent;

  private @Nullable Nursery innermost;

  /** The list of the parent nursery's children. */
  @Nullable Task previous;

  @Nullable Task next;

  Task(@Nullable String name, @Nullable Nursery parent) {
    this.name = name == null ? "task" : name;
    this.parent = parent;
  }

  void moveTo(Nursery nursery) {
    parent = nursery;
    eventualParent = null;
  }

  void setEventualParent(Nursery nursery) {
    eventualParent = nursery;
  }

  void entered(Nursery nursery) {
    nursery.setOuter(innermost);
    innermost = nursery;
  }

  void left(Nursery nursery) {
    assert innermost == nursery : "nurseries are left in the order opposite to their opening";
    innermost = nursery.outer();
    nursery.setOuter(null);
  }

  /** {@return the task that calls, and never another one} */
  static Task current() {
    Fiber fiber = Runs.fiber();
    return (Task) fiber.body();
  }

  /** {@return the name it was started with, {@code task} without one, {@code main} for the first} */
  public String name() {
    return name;
  }

  /** {@return the nursery it runs in; null for the main task and system tasks} Stays when the task has ended. */
  public @Nullable Nursery parentNursery() {
    return parent;
  }

  /**
   * Returns the nursery it will move to once it is ready; null unless it was begun by {@link
   * Nursery#start} and has not called {@link TaskStatus#started} yet.
   *
   * @return that nursery
   */
  public @Nullable Nursery eventualParentNursery() {
    return eventualParent;
  }

  /** {@return the nurseries that this task has open, outermost first} */
  public List<Nursery> childNurseries() {
    List<Nursery> open = new ArrayList<>(0);
    for (Nursery nursery = innermost; nursery != null; nursery = nursery.outer()) {
      open.addFirst(nursery);
    }
    return open;
  }

  @Override
  public String toString() {
    return name;
  }
}
