package io.triad.stream;

import io.triad.EndOfChannelException;
import java.io.IOException;
import java.util.Objects;

/**
 * The receiving end of a channel: what {@link ReceiveStream} is to bytes, for objects (STR-18).
 *
 * @param <T> the type of the objects
 */
public interface ReceiveChannel<T> extends AsyncResource {
  /**
   * Receives an object; waits until one is there. A checkpoint, also where it finds the end.
   *
   * @return the object
   * @throws EndOfChannelException at the orderly end: nothing more will come (STR-10)
   * @throws IOException {@link io.triad.ClosedResourceException} if this side has closed the channel,
   *     {@link io.triad.BrokenResourceException} if it does not work any more
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  T receive() throws IOException;

  /**
   * Receives object after object until the orderly end of the channel, and does something with each
   * one. Does not close the channel. Each step is a checkpoint, and so is the last (CORE-12).
   *
   * @param action what to do with an object; an {@link EndOfChannelException} of its own, about
   *     another channel, is thrown like any other
   * @param <E> the checked exception the action may throw
   * @throws IOException if the channel is closed or broken
   * @throws E what the action throws
   * @throws io.triad.Cancelled if a scope around the caller is cancelled
   */
  default <E extends Exception> void forEach(ItemAction<? super T, E> action)
      throws IOException, E {
    Objects.requireNonNull(action, "action");
    while (true) {
      T item;
      try {
        item = receive();
      } catch (EndOfChannelException end) {
        return;
      }
      action.accept(item);
    }
  }
}
