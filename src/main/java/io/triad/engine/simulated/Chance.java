package io.triad.engine.simulated;

import java.util.SplittableRandom;

/** What is drawn from the seed. What cannot happen draws nothing. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Whether something of this probability happens now. */
  boolean happens(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  /** A number from 0 to the greatest, both included. */
  long upTo(long greatest) {
    return greatest == 0 ? 0 : random.nextLong(greatest + 1);
  }

  /** A part of something: from 1 to all of it. */
  int partOf(int whole) {
    return whole <= 1 ? whole : 1 + random.nextInt(whole);
  }
}
