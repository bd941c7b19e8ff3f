package io.triad.sync;

/**
 * Both ends of a new channel between tasks of one run (CORE-69 to CORE-71).
 *
 * <pre>{@code
 * var channel = MemoryChannel.<Job>open(10);
 * Nursery.open(nursery -> {
 *   nursery.startSoon(() -> {
 *     try (var jobs = channel.sender()) {
 *       for (Job job : plan) {
 *         jobs.send(job);                          // waits while ten jobs are waiting
 *       }
 *     }                                            // closing ends the receiver's loop
 *   });
 *   nursery.startSoon(() -> channel.receiver().forEach(Job::run));
 * });
 * }</pre>
 *
 * <p>Objects come out in the order in which they went in, each once. Both ends are fair: whoever has
 * waited longest is served first, and nobody who comes later can take away what was given. Who is
 * cancelled has sent nothing, or taken nothing.
 *
 * @param sender where objects go in
 * @param receiver where they come out
 * @param <T> the type of the objects
 */
public record MemoryChannel<T>(MemorySendChannel<T> sender, MemoryReceiveChannel<T> receiver) {
  /** A capacity that is never exhausted: sending never waits, and the buffer may take all memory. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /**
   * Makes a channel.
   *
   * @param capacity how many objects it holds that nobody has received yet, 0 or more, or {@link
   *     #UNLIMITED}; with 0, a sender waits until a receiver takes the object from its hands
   * @param <T> the type of the objects
   * @return its two ends
   * @throws IllegalArgumentException if the capacity is negative
   */
  public static <T> MemoryChannel<T> open(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("the capacity must be >= 0, not " + capacity);
    }
    MemoryPipe<T> pipe = new MemoryPipe<>(capacity);
    return new MemoryChannel<>(new MemorySendChannel<>(pipe), new MemoryReceiveChannel<>(pipe));
  }

  /**
   * What can be counted about a channel, over all duplicates of its ends.
   *
   * @param bufferUsed how many objects it holds now
   * @param bufferPeak the most it has held at any time
   * @param capacity how many it can hold, or {@link #UNLIMITED}
   * @param openSendChannels how many sending ends are open
   * @param openReceiveChannels how many receiving ends are open
   * @param tasksWaitingSend how many tasks wait because it is full
   * @param tasksWaitingReceive how many tasks wait because it is empty
   */
  public record Statistics(
      int bufferUsed,
      int bufferPeak,
      int capacity,
      int openSendChannels,
      int openReceiveChannels,
      int tasksWaitingSend,
      int tasksWaitingReceive) {}
}
