package io.triad.lowlevel;

import io.triad.engine.Engine;
import io.triad.engine.Platforms;
import io.triad.loop.Loop;

/** What only some engines have. */
final class Facilities {
  private Facilities() {}

  /**
   * The facility of a run.
   *
   * @param what the words for it in the message
   * @throws UnsupportedOperationException if the engine of the run has none like it
   */
  static <T> T require(Loop loop, Class<T> type, String what) {
    Engine engine = loop.engine();
    T facility = engine.facility(type);
    if (facility == null) {
      throw new UnsupportedOperationException(
          "this needs "
              + what
              + "; here is "
              + Platforms.systemName()
              + " with "
              + engine.describe().getFirst());
    }
    return facility;
  }
}
