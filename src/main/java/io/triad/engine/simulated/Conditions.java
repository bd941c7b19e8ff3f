package io.triad.engine.simulated;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How well a {@link World} behaves. Immutable.
 *
 * @param mishaps the probabilities of what goes wrong, from 0 to 1; what is missing never does
 * @param delayNanos the longest time that a segment is on its way, or that what is late is late; each
 *     draws its own
 * @param descriptors how many descriptors there are
 * @param receiveBuffers how many receive buffers an engine has
 * @param socketBufferBytes the size of the buffers of a new socket that carries a stream, for sending
 *     and for receiving alike
 */
public record Conditions(
    Map<Mishap, Double> mishaps,
    long delayNanos,
    int descriptors,
    int receiveBuffers,
    int socketBufferBytes) {

  /** Nothing is slow, scarce or broken. */
  public static final Conditions CALM = new Conditions(Map.of(), 0, 20_000, 16_384, 512 * 1024);

  /** Checks the ranges. */
  public Conditions {
    Map<Mishap, Double> copy = new EnumMap<>(Mishap.class);
    copy.putAll(mishaps);
    mishaps = Collections.unmodifiableMap(copy);
    for (double each : mishaps.values()) {
      if (!(each >= 0 && each <= 1)) {
        throw new IllegalArgumentException("a probability must be 0 to 1, not " + each);
      }
    }
    if (delayNanos < 0) {
      throw new IllegalArgumentException("a delay must not be negative");
    }
    if (descriptors < 1 || receiveBuffers < 1 || socketBufferBytes < 1) {
      throw new IllegalArgumentException("a limit must be >= 1");
    }
  }

  double probability(Mishap mishap) {
    return mishaps.getOrDefault(mishap, 0.0);
  }

  /** The same with another probability of something. */
  public Conditions with(Mishap mishap, double probability) {
    Map<Mishap, Double> changed = new EnumMap<>(Mishap.class);
    changed.putAll(mishaps);
    changed.put(mishap, probability);
    return new Conditions(changed, delayNanos, descriptors, receiveBuffers, socketBufferBytes);
  }

  /** The same with another longest delay. */
  public Conditions withDelay(long nanos) {
    return new Conditions(mishaps, nanos, descriptors, receiveBuffers, socketBufferBytes);
  }

  /** The same with another number of descriptors. */
  public Conditions withDescriptors(int count) {
    return new Conditions(mishaps, delayNanos, count, receiveBuffers, socketBufferBytes);
  }

  /** The same with another number of receive buffers. */
  public Conditions withReceiveBuffers(int count) {
    return new Conditions(mishaps, delayNanos, descriptors, count, socketBufferBytes);
  }

  /** The same with other buffers of new sockets. */
  public Conditions withSocketBuffers(int bytes) {
    return new Conditions(mishaps, delayNanos, descriptors, receiveBuffers, bytes);
  }
}
