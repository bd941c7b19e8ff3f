package io.triad.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReadinessEngine} needs of the system: it is told when a descriptor becomes ready, once
 * for each time. A descriptor is registered once; what is said of it carries the number that the engine
 * gave it then, so that news of an earlier file with the same descriptor can be told apart.
 *
 * <p>All methods but {@link #wake} are called on the loop's thread.
 */
public interface Poller extends AutoCloseable {
  /** What there is to know of a descriptor: {@link Operation#READABLE}. */
  int READABLE = Operation.READABLE;

  /** What there is to know of a descriptor: {@link Operation#WRITABLE}. */
  int WRITABLE = Operation.WRITABLE;

  /**
   * What there is to know of a descriptor: something else than data has come, the end, an error, or
   * a mark in the data. So a receive that brings less than it could does not mean that nothing is
   * left.
   */
  int UNEVEN = 4;

  /** {@link #watch} has found the registration that there was. */
  int FOUND = 0;

  /** {@link #watch} has made a registration; there was none of this file. */
  int MADE = 1;

  /**
   * {@link #watch} has found that the descriptor cannot be waited for, because it never waits, or not
   * any more.
   */
  int ALWAYS_READY = 2;

  /**
   * Registers a descriptor, or looks again at one that is registered. If it is ready, that is
   * reported as if it had become so now.
   *
   * @param stamp what reports from now on carry; not 0
   * @param interest READABLE, WRITABLE or both; an earlier interest is replaced
   * @param known whether it has probably been registered before
   * @return {@link #FOUND}, {@link #MADE}, {@link #ALWAYS_READY}, or {@code -code} of the system
   */
  int watch(int descriptor, int stamp, int interest, boolean known);

  /**
   * Waits until a descriptor has become ready, for a wake-up, a signal, or the end of the time.
   *
   * @param timeoutNanos 0 to look only, {@link Engine#FOREVER}, or a number of nanoseconds; never
   *     less is waited
   * @return how many reports there are, to be read by index before the next call
   */
  int await(long timeoutNanos);

  /** The descriptor of a report. */
  int descriptor(int index);

  /** The stamp of a report. */
  int stamp(int index);

  /** What a report says: READABLE, WRITABLE, UNEVEN. */
  int readiness(int index);

  /** Whether a wake-up came in the last {@link #await}. */
  boolean woken();

  /** Ends the {@link #await} that goes on or the next one; any thread. */
  void wake();

  /** What it can do beyond this; see {@link Engine#facility}. */
  default <T> @Nullable T facility(Class<T> type) {
    return null;
  }

  /** What it is and what it found, a line each. */
  List<String> describe();

  /** Gives everything back. */
  @Override
  void close();
}
