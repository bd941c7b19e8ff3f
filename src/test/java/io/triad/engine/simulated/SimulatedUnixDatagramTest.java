package io.triad.engine.simulated;

import io.triad.engine.Platform;
import io.triad.engine.UnixDatagramContract;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Simulated Unix sockets of datagrams behave as those of Linux do. */
@ParameterizedClass
@EnumSource
final class SimulatedUnixDatagramTest extends UnixDatagramContract {
  @Parameter
  private Worlds world;

  @Override
  protected Platform open() {
    return world.make().platform();
  }
}
