package io.triad.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A completion engine: takes operations, tells when each has ended. It belongs to one loop; all
 * methods but {@link #wake} are called on the loop's thread.
 *
 * <p>The contract, the same for every kernel:
 *
 * <ul>
 *   <li>An operation is in flight from {@link #submit} until its final completion, the one that says
 *       that no more will follow. Until then the kernel may read and write its memory, and the
 *       operation must not be submitted again.
 *   <li>{@link #cancel} asks; it does not end anything. The final completion still comes, with
 *       {@link Operation#CANCELED} if nothing happened, with the result if it did.
 *   <li>Completions are delivered by {@link #poll} and by nothing else, in the order in which the
 *       kernel reports them. A completion handler may submit and cancel; it must not poll.
 *   <li>Whoever closes a descriptor cancels the operations on it first: the cancellations, then {@link
 *       Operation.Kind#CLOSE}, in this order. What becomes of an operation that nobody cancelled is up
 *       to the engine, and whoever comes by the number later may be told the wrong thing; but after a
 *       cancellation it ends like any other.
 * </ul>
 */
public interface Engine extends AutoCloseable {
  /** Waits without limit. */
  long FOREVER = Long.MAX_VALUE;

  /** Puts an operation in flight. It may start at once or at the next {@link #poll}. */
  void submit(Operation operation);

  /** Asks for an operation in flight to end early; harmless if it is not in flight any more. */
  void cancel(Operation operation);

  /** {@link #cancel Cancels} every operation in flight; for the end of a run. */
  void cancelAll();

  /**
   * Starts what was submitted, waits until something completes or the time is over, and delivers
   * what has completed. A signal may end the wait early, with nothing; whoever waits for something
   * waits in a loop.
   *
   * @param timeoutNanos 0 to look only, {@link #FOREVER}, or a number of nanoseconds
   * @return whether anything came, a wake-up included
   */
  boolean poll(long timeoutNanos);

  /**
   * Whether {@link #poll} would find nothing to start and nothing to deliver at this instant, known
   * without a system call; false if the engine cannot know.
   */
  default boolean isQuiet() {
    return false;
  }

  /** Makes a {@link #poll} that waits, or the next one that would, return soon; any thread. */
  void wake();

  /**
   * Whether descriptors should be in non-blocking mode. An engine works with either mode; the one
   * that it wants costs it least.
   */
  default boolean wantsNonBlocking() {
    return false;
  }

  /** Whether it knows {@link Operation.Kind#SEND_FILE}. */
  default boolean sendsFiles() {
    return false;
  }

  /** Whether it knows {@link Operation.Kind#SEND_ZERO_COPY}. */
  default boolean sendsZeroCopy() {
    return false;
  }

  /**
   * What this engine can do beyond this contract because its kernel can, as an object of its own.
   *
   * @param type which facility
   * @return the facility; null if this kernel has none like it
   */
  default <T> @Nullable T facility(Class<T> type) {
    return null;
  }

  /** How many operations are in flight, the engine's own excepted. */
  int operationsInFlight();

  /** How many of its receive buffers are lent out. */
  int buffersLent();

  /** Whether half of all the receive buffers it may have are lent out. */
  boolean buffersAreScarce();

  /** What it is and what it found, a line each, for {@code Triad.explain()}. */
  List<String> describe();

  /** Takes the kernel's last word on the engine's own operations and gives everything back. */
  @Override
  void close();
}
