package io.triad.net;

/**
 * What is done with a received datagram, for the length of the call.
 *
 * @param <E> what it may throw
 */
@FunctionalInterface
public interface DatagramAction<E extends Exception> {
  /**
   * Does it.
   *
   * @param datagram the datagram; lent until this returns
   * @throws E as it likes
   */
  void accept(Datagram datagram) throws E;
}
