package io.triad.engine.simulated;

import io.triad.engine.CallsContract;
import io.triad.engine.Platform;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that never wait find simulated sockets of TCP as they find those of Linux. */
@ParameterizedClass
@EnumSource
final class SimulatedCallsTest extends CallsContract {
  @Parameter
  private Worlds world;

  @Override
  protected Platform open() {
    return world.make().platform();
  }
}
