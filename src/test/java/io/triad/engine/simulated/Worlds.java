package io.triad.engine.simulated;

/** Worlds in which nothing breaks. */
enum Worlds {
  REAL_TIME {
    @Override
    World make() {
      return World.real();
    }
  },
  VIRTUAL_TIME {
    @Override
    World make() {
      return World.virtual(0, Conditions.CALM, 100);
    }
  },
  SLOW {
    @Override
    World make() {
      return World.virtual(1, Conditions.CALM.withDelay(3_000_000), 100);
    }
  },
  ROUGH {
    @Override
    World make() {
      return World.virtual(2, rough(), 100);
    }
  },
  NARROW {
    @Override
    World make() {
      return World.virtual(3, rough().withSocketBuffers(128).withReceiveBuffers(1), 100);
    }
  };

  abstract World make();

  /** All that breaks nothing, and often. */
  static Conditions rough() {
    return Conditions.CALM
        .withDelay(2_000_000)
        .withReceiveBuffers(4)
        .withSocketBuffers(3_000)
        .with(Mishap.PARTIAL_TRANSFER, 0.4)
        .with(Mishap.LATE_COMPLETION, 0.4)
        .with(Mishap.LATE_CANCELLATION, 0.5)
        .with(Mishap.EARLY_START, 0.3)
        .with(Mishap.NO_RECEIVE_BUFFER, 0.3);
  }
}
