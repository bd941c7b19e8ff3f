package io.triad.engine.simulated;

import io.triad.engine.Platform;
import io.triad.engine.SocketContract;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Simulated sockets behave as those of Linux do. */
@ParameterizedClass
@EnumSource
final class SimulatedSocketTest extends SocketContract {
  @Parameter
  private Worlds world;

  @Override
  protected Platform open() {
    return world.make().platform();
  }
}
