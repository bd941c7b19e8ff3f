package io.triad.engine.simulated;

import io.triad.engine.Platform;
import io.triad.engine.UnixContract;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Simulated Unix sockets behave as those of Linux do. */
@ParameterizedClass
@EnumSource
final class SimulatedUnixTest extends UnixContract {
  @Parameter
  private Worlds world;

  @Override
  protected Platform open() {
    return world.make().platform();
  }
}
