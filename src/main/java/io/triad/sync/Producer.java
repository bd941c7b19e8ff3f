package io.triad.sync;

import io.triad.ExceptionGroup;
import io.triad.Nursery;
import io.triad.stream.ItemAction;
import io.triad.stream.ReceiveChannel;
import io.triad.stream.SendChannel;
import java.util.List;
import java.util.Objects;

/**
 * Makes objects one after the other, on demand: what other languages write as a generator (CORE-85).
 *
 * <pre>{@code
 * Producer.<Row, IOException, IOException>open(
 *     rows -> {                                   // a background task
 *       try (var file = openTable()) {
 *         while (file.hasNext()) {
 *           rows.send(file.next());               // goes on when the next row is wanted
 *         }
 *       }
 *     },
 *     rows -> rows.forEach(row -> store(row)));
 * }</pre>
 *
 * @param <T> the type of the objects
 * @param <E> the checked exception it may throw
 */
@FunctionalInterface
public interface Producer<T, E extends Exception> {
  /**
   * Makes the objects.
   *
   * @param out takes them; {@code send} returns when somebody wants the next one
   * @throws E if it fails
   */
  void produce(SendChannel<T> out) throws E;

  /**
   * Runs a producer in a background task for the length of a block.
   *
   * <p>The producer begins with the first {@code receive}, and each {@code send} returns at the next
   * one: nothing is made before it is wanted. When the producer returns, the receiver finds the end
   * of the channel. When the block ends, the producer is cancelled, and waited for until it has
   * cleaned up. When the block closes the receiver before, {@code send} throws {@link
   * io.triad.BrokenResourceException}, which is no failure if it is what the producer ends with.
   *
   * @param producer makes the objects, in a task of its own
   * @param block receives them; the channel is closed after it
   * @param <T> the type of the objects
   * @param <E> the checked exception the producer may throw
   * @param <F> the checked exception the block may throw
   * @throws E what the producer throws, not wrapped; the block is cancelled then
   * @throws F what the block throws, not wrapped; the producer is cancelled then
   * @throws ExceptionGroup if both fail
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   * @throws IllegalStateException outside of a task
   */
  static <T, E extends Exception, F extends Exception> void open(
      Producer<T, E> producer, ItemAction<? super ReceiveChannel<T>, F> block) throws E, F {
    Objects.requireNonNull(producer, "producer");
    Objects.requireNonNull(block, "block");
    Production<T> production = new Production<>();
    try {
      Nursery.open(
          nursery -> {
            nursery.startSoon("producer", () -> production.run(producer, nursery.cancelScope()));
            try {
              block.accept(production.receiver());
            } finally {
              nursery.cancelScope().cancel("the block that received from it has ended");
              production.receiver().closeNow();
            }
          });
    } catch (ExceptionGroup group) {
      List<Throwable> failures = group.exceptions();
      if (failures.size() > 1) {
        throw group;
      }
      throw Production.<F>asUnchecked(failures.getFirst());
    }
  }
}
