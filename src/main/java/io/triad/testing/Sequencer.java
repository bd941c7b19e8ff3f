package io.triad.testing;

import io.triad.Action;
import io.triad.Cancelled;
import io.triad.sync.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Makes blocks of several tasks run in a fixed order, to force one particular interleaving:
 *
 * <pre>{@code
 * Sequencer sequencer = new Sequencer();
 * Nursery.open(
 *     nursery -> {
 *       nursery.startSoon(
 *           () -> {
 *             sequencer.run(0, () -> lock.acquire());
 *             sequencer.run(2, () -> lock.release());
 *           });
 *       nursery.startSoon(() -> sequencer.run(1, () -> check(lock.statistics())));
 *     });
 * }</pre>
 *
 * <p>For tasks of one run.
 */
public final class Sequencer {
  private final Set<Integer> used = new HashSet<>();

  /** What those who wait for their position wait for. */
  private final Map<Integer, Event> reached = new HashMap<>();

  private boolean broken;

  /** Makes a sequence that begins with position 0. */
  public Sequencer() {}

  /**
   * Runs a block when the block of the position before has been left, normally or by an exception;
   * at position 0 at once (TEST-14). Waiting is a checkpoint.
   *
   * <p>If the caller is cancelled while it waits, the sequence breaks, for its order can be kept no
   * more: the caller gets an {@link IllegalStateException} instead of {@link Cancelled}, and so does
   * everybody who waits or comes later (TEST-16). A block that has begun is not concerned.
   *
   * @param position 0 or more, each of which is used once
   * @param block what to do
   * @param <E> the checked exception the block may throw
   * @throws E what the block throws
   * @throws IllegalArgumentException if the position is negative
   * @throws IllegalStateException if the position was used before (TEST-15), or if the sequence is
   *     broken; the block does not run then
   */
  public <E extends Exception> void run(int position, Action<E> block) throws E {
    if (position < 0) {
      throw new IllegalArgumentException("the position must be >= 0, not " + position);
    }
    if (broken) {
      throw sequenceBroken();
    }
    if (!used.add(position)) {
      throw new IllegalStateException("attempted to reuse sequence point " + position);
    }
    if (position > 0) {
      await(position);
    }
    try {
      block.run();
    } finally {
      event(position + 1).set();
    }
  }

  private void await(int position) {
    try {
      event(position).await();
    } catch (Cancelled cancelled) {
      broken = true;
      reached.values().forEach(Event::set);
      throw new IllegalStateException("sequencer wait cancelled: sequence broken", cancelled);
    }
    if (broken) {
      throw sequenceBroken();
    }
  }

  private static IllegalStateException sequenceBroken() {
    return new IllegalStateException("sequence broken: another task was cancelled while it waited");
  }

  private Event event(int position) {
    return reached.computeIfAbsent(position, _ -> new Event());
  }
}
