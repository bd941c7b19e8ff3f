package io.triad.engine.simulated;

import io.triad.engine.DatagramContract;
import io.triad.engine.Platform;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Simulated sockets of UDP behave as those of Linux do. */
@ParameterizedClass
@EnumSource
final class SimulatedDatagramTest extends DatagramContract {
  @Parameter
  private Worlds world;

  @Override
  protected Platform open() {
    return world.make().platform();
  }
}
