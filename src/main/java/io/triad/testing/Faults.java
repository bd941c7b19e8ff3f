package io.triad.testing;

import io.triad.engine.simulated.Conditions;
import io.triad.engine.simulated.Mishap;
import java.time.Duration;

/**
 * How badly a simulated network behaves; for {@link Simulation}. Immutable: each method returns other
 * faults that differ in one thing. Probabilities are from 0, for never, to 1, for always, and each
 * occasion draws anew.
 *
 * <p>What a correct program must not notice is in {@link #ROUGH}; what it must survive, in {@link
 * #CHAOS}.
 */
public final class Faults {
  /** A network that does at once and in full whatever it is asked for. */
  public static final Faults NONE = new Faults(Conditions.CALM);

  /**
   * All that a network may do without breaking anything: segments take up to 2 milliseconds,
   * transfers are partial, buffers are small and few, completions overtake those of other streams,
   * and cancellations come too late. A correct program has the same results as with {@link #NONE}.
   */
  public static final Faults ROUGH =
      NONE.withDelay(Duration.ofMillis(2))
          .withPartialTransfers(0.3)
          .withLateCompletions(0.3)
          .withLateCancellations(0.5)
          .withEarlyStarts(0.2)
          .withReceiveBuffers(16)
          .withReceiveBufferShortages(0.1)
          .withSocketBuffers(8 * 1024);

  /**
   * All of {@link #ROUGH}; besides, connections are reset, refused, aborted, lost on their way or not
   * answered, datagrams are lost, doubled and overtaken, and descriptors and memory run out now and
   * then.
   */
  public static final Faults CHAOS =
      ROUGH.withResets(0.01)
          .withAbortedConnections(0.02)
          .withRefusals(0.02)
          .withUnreachableHosts(0.01)
          .withUnansweredAttempts(0.01)
          .withDatagramLoss(0.05)
          .withDatagramDuplication(0.02)
          .withDatagramReordering(0.05)
          .withDescriptorShortages(0.01)
          .withMemoryShortages(0.01);

  private final Conditions conditions;

  private Faults(Conditions conditions) {
    this.conditions = conditions;
  }

  /** What the engine knows of them. */
  Conditions conditions() {
    return conditions;
  }

  private Faults with(Mishap mishap, double probability) {
    return new Faults(conditions.with(mishap, probability));
  }

  /**
   * Sets how long things take.
   *
   * @param longest the longest time that a segment is on its way, one way, and that a late completion
   *     or cancellation is late; each draws its own from 0 to this
   * @return such faults
   * @throws IllegalArgumentException if it is negative
   */
  public Faults withDelay(Duration longest) {
    return new Faults(conditions.withDelay(longest.toNanos()));
  }

  /**
   * Sets how often sending or receiving moves but a part of what it could.
   *
   * @param probability for each operation and each segment
   * @return such faults
   */
  public Faults withPartialTransfers(double probability) {
    return with(Mishap.PARTIAL_TRANSFER, probability);
  }

  /**
   * Sets how often a completion is late, and overtaken by those of other streams. Within one
   * direction of one stream the order stays.
   *
   * @param probability for each completion
   * @return such faults
   */
  public Faults withLateCompletions(double probability) {
    return with(Mishap.LATE_COMPLETION, probability);
  }

  /**
   * Sets how often a cancellation takes effect late, so that the operation may succeed all the same.
   *
   * @param probability for each cancellation
   * @return such faults
   */
  public Faults withLateCancellations(double probability) {
    return with(Mishap.LATE_CANCELLATION, probability);
  }

  /**
   * Sets how often an operation begins as soon as it is submitted, before those of the same pass.
   *
   * @param probability for each operation
   * @return such faults
   */
  public Faults withEarlyStarts(double probability) {
    return with(Mishap.EARLY_START, probability);
  }

  /**
   * Sets how often a connection is reset: both ends find it broken, and what was on its way is lost.
   *
   * @param probability for each segment
   * @return such faults
   */
  public Faults withResets(double probability) {
    return with(Mishap.RESET, probability);
  }

  /**
   * Sets how often a connection that waits to be accepted comes to nothing.
   *
   * @param probability for each connection
   * @return such faults
   */
  public Faults withAbortedConnections(double probability) {
    return with(Mishap.ABORTED, probability);
  }

  /**
   * Sets how often an attempt to connect is refused (ECONNREFUSED) although somebody listens.
   *
   * @param probability for each attempt
   * @return such faults
   */
  public Faults withRefusals(double probability) {
    return with(Mishap.REFUSED, probability);
  }

  /**
   * Sets how often an attempt to connect finds no way (EHOSTUNREACH).
   *
   * @param probability for each attempt
   * @return such faults
   */
  public Faults withUnreachableHosts(double probability) {
    return with(Mishap.UNREACHABLE, probability);
  }

  /**
   * Sets how often an attempt to connect gets no answer: ETIMEDOUT, after 127 seconds.
   *
   * @param probability for each attempt
   * @return such faults
   */
  public Faults withUnansweredAttempts(double probability) {
    return with(Mishap.UNANSWERED, probability);
  }

  /**
   * Sets how often a datagram of UDP does not arrive.
   *
   * @param probability for each datagram
   * @return such faults
   */
  public Faults withDatagramLoss(double probability) {
    return with(Mishap.DATAGRAM_LOSS, probability);
  }

  /**
   * Sets how often a datagram of UDP arrives twice.
   *
   * @param probability for each datagram
   * @return such faults
   */
  public Faults withDatagramDuplication(double probability) {
    return with(Mishap.DATAGRAM_DUPLICATION, probability);
  }

  /**
   * Sets how often a datagram of UDP does not keep to the order, so that those sent after it may
   * arrive before. The others do, however long they take.
   *
   * @param probability for each datagram
   * @return such faults
   */
  public Faults withDatagramReordering(double probability) {
    return with(Mishap.DATAGRAM_REORDERING, probability);
  }

  /**
   * Sets how often there is no descriptor for a new socket or an accepted connection (EMFILE).
   *
   * @param probability for each of them
   * @return such faults
   */
  public Faults withDescriptorShortages(double probability) {
    return with(Mishap.NO_DESCRIPTOR, probability);
  }

  /**
   * Sets how often there is no memory for a new socket or an accepted connection (ENOBUFS).
   *
   * @param probability for each of them
   * @return such faults
   */
  public Faults withMemoryShortages(double probability) {
    return with(Mishap.NO_MEMORY, probability);
  }

  /**
   * Sets how often the engine finds none of its receive buffers free, and tries again later.
   *
   * @param probability for each receive
   * @return such faults
   */
  public Faults withReceiveBufferShortages(double probability) {
    return with(Mishap.NO_RECEIVE_BUFFER, probability);
  }

  /**
   * Sets how many descriptors there are: one per socket.
   *
   * @param count 1 or more
   * @return such faults
   * @throws IllegalArgumentException if it is less than 1
   */
  public Faults withDescriptors(int count) {
    return new Faults(conditions.withDescriptors(count));
  }

  /**
   * Sets how many receive buffers the engine has, of 16 KiB each. A stream that is not read keeps up
   * to four.
   *
   * @param count 1 or more
   * @return such faults
   * @throws IllegalArgumentException if it is less than 1
   */
  public Faults withReceiveBuffers(int count) {
    return new Faults(conditions.withReceiveBuffers(count));
  }

  /**
   * Sets how much a connection holds that nobody reads: so much at the sender, and so much again at
   * the receiver.
   *
   * @param bytes 1 or more; for sockets of streams that do not set SO_SNDBUF and SO_RCVBUF
   * @return such faults
   * @throws IllegalArgumentException if it is less than 1
   */
  public Faults withSocketBuffers(int bytes) {
    return new Faults(conditions.withSocketBuffers(bytes));
  }

  @Override
  public String toString() {
    return conditions.toString();
  }
}
